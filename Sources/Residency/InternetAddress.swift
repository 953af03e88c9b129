/// An IPv4 or IPv6 address as a number. An IPv4 address inside an IPv6 one (`::ffff:192.0.2.7`) is the IPv4 address.
struct InternetAddress: Sendable, Hashable {
    let isV6: Bool
    /// Left-aligned: the first bit of the address is the highest bit.
    let bits: UInt128

    var width: Int { isV6 ? 128 : 32 }

    private init(isV6: Bool, bits: UInt128) {
        self.isV6 = isV6
        self.bits = bits
    }

    init(v4 number: UInt32) { self.init(isV6: false, bits: UInt128(number) << 96) }

    init(v6 number: UInt128) {
        if number >> 32 == 0xFFFF {
            self.init(v4: UInt32(truncatingIfNeeded: number))
        } else {
            self.init(isV6: true, bits: number)
        }
    }

    init?(_ text: String) {
        var text = text
        guard let address = text.withUTF8({ InternetAddress($0) }) else { return nil }
        self = address
    }

    /// Reads the textual form; a zone (`%eth0`) is left out of account. Allocates nothing.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        let end = bytes.firstIndex(of: UInt8(ascii: "%")) ?? bytes.count
        guard 2...45 ~= end else { return nil }
        let text = UnsafeBufferPointer(rebasing: bytes[..<end])
        if text.contains(UInt8(ascii: ":")) {
            guard let number = Self.readV6(text) else { return nil }
            self.init(v6: number)
        } else {
            guard end == bytes.count, let number = Self.readV4(text) else { return nil }
            self.init(v4: number)
        }
    }

    private static func readV4(_ text: UnsafeBufferPointer<UInt8>) -> UInt32? {
        var number: UInt32 = 0
        var part: UInt32 = 0
        var digits = 0
        var dots = 0
        for byte in text {
            if byte == UInt8(ascii: ".") {
                guard digits > 0, dots < 3 else { return nil }
                number = number << 8 | part
                dots += 1
                part = 0
                digits = 0
            } else {
                guard 48...57 ~= byte, digits == 0 || part != 0 else { return nil }
                part = part * 10 + UInt32(byte - 48)
                digits += 1
                guard part <= 255 else { return nil }
            }
        }
        return dots == 3 && digits > 0 ? number << 8 | part : nil
    }

    private static func readV6(_ text: UnsafeBufferPointer<UInt8>) -> UInt128? {
        var number: UInt128 = 0
        var groups = 0
        /// How many groups stand before `::`.
        var gap: Int?
        var position = 0
        if text.count >= 2, text[0] == UInt8(ascii: ":") {
            guard text[1] == UInt8(ascii: ":") else { return nil }
            gap = 0
            position = 2
        }
        while position < text.count {
            var group: UInt32 = 0
            let start = position
            while position < text.count, let digit = hexadecimal(text[position]), position - start < 4 {
                group = group << 4 | digit
                position += 1
            }
            guard position > start else { return nil }
            if position < text.count, text[position] == UInt8(ascii: ".") {
                guard groups <= 6, let tail = readV4(UnsafeBufferPointer(rebasing: text[start...])) else { return nil }
                number = number << 32 | UInt128(tail)
                groups += 2
                position = text.count
                break
            }
            guard groups < 8 else { return nil }
            number = number << 16 | UInt128(group)
            groups += 1
            guard position < text.count else { break }
            guard text[position] == UInt8(ascii: ":") else { return nil }
            position += 1
            guard position < text.count else { return nil }
            if text[position] == UInt8(ascii: ":") {
                guard gap == nil else { return nil }
                gap = groups
                position += 1
            }
        }
        guard let gap else { return groups == 8 ? number : nil }
        guard groups < 8 else { return nil }
        let after = UInt128(groups - gap) * 16
        let low = after == 0 ? 0 : number & ((1 << after) - 1)
        let high = gap == 0 ? 0 : (number >> after) << UInt128(128 - gap * 16)
        return high | low
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 48...57: UInt32(byte - 48)
        case 65...70: UInt32(byte - 55)
        case 97...102: UInt32(byte - 87)
        default: nil
        }
    }

    /// Whether the address is used inside networks only: it says nothing of where (RFC 1918, 4193, 6598, loopback, link-local).
    var isPrivate: Bool { Self.privateRanges.contains { $0.holds(self) } }

    private static let privateRanges = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "0.0.0.0/8", "fc00::/7",
        "fe80::/10", "::1/128", "::/128",
    ].compactMap { AddressRange($0) }
}

/// The addresses that begin with the same bits.
struct AddressRange: Sendable, Hashable {
    let start: InternetAddress
    /// How many bits are fixed.
    let length: Int

    /// `203.0.113.0/24`, or one address. `nil` if it is neither, or if bits beyond the length are set.
    init?(_ cidr: String) {
        let parts = cidr.split(separator: "/", omittingEmptySubsequences: false)
        guard 1...2 ~= parts.count, let start = InternetAddress(String(parts[0])) else { return nil }
        self.start = start
        if parts.count == 2 {
            guard parts[1].utf8.count <= 3, parts[1].utf8.allSatisfy({ 48...57 ~= $0 }), let length = Int(parts[1]),
                length <= start.width
            else { return nil }
            self.length = length
        } else {
            length = start.width
        }
        guard length == 128 || start.bits << UInt128(length) == 0 else { return nil }
    }

    func holds(_ address: InternetAddress) -> Bool {
        address.isV6 == start.isV6 && (length == 0 || (address.bits ^ start.bits) >> UInt128(128 - length) == 0)
    }
}

/// Finds the smallest range that holds an address: a binary trie in flat arrays, at most 32 steps for IPv4 and 128 for
/// IPv6. Allocates nothing when asked.
struct NetworkIndex: Sendable {
    private struct Node {
        var zero: Int32 = -1
        var one: Int32 = -1
        var value: Int32 = -1
    }

    /// Node 0 is the root of IPv4, node 1 that of IPv6.
    private var nodes = [Node(), Node()]

    /// Stores a value for a range, unless it has one; returns the one it has now.
    mutating func insert(_ range: AddressRange, _ value: Int) -> Int {
        var node = range.start.isV6 ? 1 : 0
        var bits = range.start.bits
        for _ in 0..<range.length {
            let isOne = bits >> 127 == 1
            var next = isOne ? nodes[node].one : nodes[node].zero
            if next < 0 {
                next = Int32(nodes.count)
                nodes.append(Node())
                if isOne { nodes[node].one = next } else { nodes[node].zero = next }
            }
            node = Int(next)
            bits <<= 1
        }
        if nodes[node].value < 0 { nodes[node].value = Int32(value) }
        return Int(nodes[node].value)
    }

    /// The value of the longest range that holds the address.
    func match(_ address: InternetAddress) -> Int? {
        var walk = Walk(node: address.isV6 ? 1 : 0, best: -1)
        // By halves: shifting 64 bits is one instruction, shifting 128 is many.
        let goesOn = follow(UInt64(truncatingIfNeeded: address.bits >> 64), min(address.width, 64), &walk)
        if goesOn, address.isV6 { _ = follow(UInt64(truncatingIfNeeded: address.bits), 64, &walk) }
        return walk.best >= 0 ? Int(walk.best) : nil
    }

    private struct Walk {
        var node: Int
        var best: Int32
    }

    /// Goes down by some bits; false if the tree ends before.
    private func follow(_ bits: UInt64, _ count: Int, _ walk: inout Walk) -> Bool {
        var bits = bits
        for _ in 0..<count {
            let node = nodes[walk.node]
            if node.value >= 0 { walk.best = node.value }
            let next = bits >> 63 == 1 ? node.one : node.zero
            if next < 0 { return false }
            walk.node = Int(next)
            bits <<= 1
        }
        let value = nodes[walk.node].value
        if value >= 0 { walk.best = value }
        return true
    }
}
