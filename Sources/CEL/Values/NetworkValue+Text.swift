extension NetworkValue: CustomStringConvertible {
    /// The canonical text: dotted quads for version 4, RFC 5952 for version 6, with `/bits` for a network.
    public var description: String {
        let text = isV6 ? textV6 : [24, 16, 8, 0].map { String(low >> UInt64($0) & 0xFF) }.joined(separator: ".")
        return prefix.map { "\(text)/\($0)" } ?? text
    }

    private var textV6: String {
        let groups: [UInt64] = (0..<8).map { position in
            let word = position < 4 ? high : low
            let shift = UInt64((3 - position % 4) * 16)
            return (word >> shift) & 0xFFFF
        }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start + 1)
        }
        func joined(_ part: ArraySlice<UInt64>) -> String { part.map { String($0, radix: 16) }.joined(separator: ":") }
        if best.isEmpty { return joined(groups[...]) }
        return joined(groups[..<best.lowerBound]) + "::" + joined(groups[best.upperBound...])
    }

    /// Why a text is not an address or network.
    enum Failure: Error {
        case malformed
        /// An address of version 4 written inside one of version 6.
        case mapped
        case zone
    }

    /// Reads an address, without zone and not version 4 in version 6.
    static func address(_ text: String) throws(Failure) -> NetworkValue {
        let bytes = Array(text.utf8)
        if bytes.contains(UInt8(ascii: "%")) { throw .zone }
        guard bytes.contains(UInt8(ascii: ":")) else {
            guard let bits = quads(bytes[...]) else { throw .malformed }
            return NetworkValue(v4: bits)
        }
        guard let (high, low) = groups(bytes) else { throw .malformed }
        if high == 0, low >> 32 == 0xFFFF, bytes.contains(UInt8(ascii: ".")) { throw .mapped }
        return NetworkValue(v6: high, low)
    }

    /// Reads `address/bits`.
    static func network(_ text: String) throws(Failure) -> NetworkValue {
        guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { throw .malformed }
        let address = try address(String(text[..<slash]))
        let digits = text.utf8[text.utf8.index(after: slash)...]
        guard !digits.isEmpty, digits.count <= 3, digits.allSatisfy({ decimalDigit($0) != nil }),
            digits.count == 1 || digits.first != UInt8(ascii: "0"), let bits = Int(String(decoding: digits, as: UTF8.self)),
            bits <= (address.isV6 ? 128 : 32)
        else { throw .malformed }
        return address.isV6
            ? NetworkValue(v6: address.high, address.low, prefix: bits)
            : NetworkValue(v4: UInt32(truncatingIfNeeded: address.low), prefix: bits)
    }

    /// Reads an address or a network; nil for anything else.
    public init?(parsing text: String) {
        let parsed = text.utf8.contains(UInt8(ascii: "/")) ? try? Self.network(text) : try? Self.address(text)
        guard let parsed else { return nil }
        self = parsed
    }

    private static func quads(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var result: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0"),
                part.allSatisfy({ decimalDigit($0) != nil }), let byte = UInt8(String(decoding: part, as: UTF8.self))
            else { return nil }
            result = result << 8 | UInt32(byte)
        }
        return result
    }

    /// The eight groups of a version 6 address as two words; `::` stands for one group of zeros or more.
    private static func groups(_ bytes: [UInt8]) -> (UInt64, UInt64)? {
        var halves: [[UInt16]] = [[]]
        var position = 0
        func isColon(_ at: Int) -> Bool { at < bytes.count && bytes[at] == UInt8(ascii: ":") }
        if isColon(0) {
            guard isColon(1) else { return nil }
            halves.append([])
            position = 2
        }
        while position < bytes.count {
            let part = bytes[position...].prefix { $0 != UInt8(ascii: ":") }
            if part.contains(UInt8(ascii: ".")) {
                guard part.endIndex == bytes.count, let bits = quads(part) else { return nil }
                halves[halves.count - 1] += [UInt16(bits >> 16), UInt16(bits & 0xFFFF)]
                position = bytes.count
                break
            }
            guard (1...4).contains(part.count), let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16),
                part.first != UInt8(ascii: "+")
            else { return nil }
            halves[halves.count - 1].append(group)
            position = part.endIndex
            if position == bytes.count { break }
            position += 1
            if isColon(position) {
                guard halves.count == 1 else { return nil }
                halves.append([])
                position += 1
            } else if position == bytes.count {
                return nil
            }
        }
        let count = halves.reduce(0) { $0 + $1.count }
        guard halves.count == 2 ? count < 8 : count == 8 else { return nil }
        let all = halves[0] + [UInt16](repeating: 0, count: 8 - count) + (halves.count == 2 ? halves[1] : [])
        func word(_ part: ArraySlice<UInt16>) -> UInt64 { part.reduce(0) { $0 << 16 | UInt64($1) } }
        return (word(all[..<4]), word(all[4...]))
    }
}
