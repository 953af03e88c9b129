/// An IP address, or a network in CIDR notation.
public struct NetworkValue: Sendable, Hashable {
    private final class Box: Sendable {
        let high: UInt64
        let low: UInt64
        let isV6: Bool
        let prefix: Int?
        init(high: UInt64, low: UInt64, isV6: Bool, prefix: Int?) {
            self.high = high
            self.low = low
            self.isV6 = isV6
            self.prefix = prefix
        }
    }
    private let box: Box

    /// An address of version 4 from its 32 bits, or its network where `prefix` says how many bits that has.
    public init(v4 address: UInt32, prefix: Int? = nil) {
        box = Box(high: 0, low: UInt64(address), isV6: false, prefix: prefix)
    }

    /// An address of version 6 from its two halves, or its network where `prefix` says how many bits that has.
    public init(v6 high: UInt64, _ low: UInt64, prefix: Int? = nil) {
        box = Box(high: high, low: low, isV6: true, prefix: prefix)
    }

    /// The upper half of a version 6 address, 0 for version 4.
    public var high: UInt64 { box.high }
    /// The lower half of a version 6 address, or the 32 bits of a version 4 one.
    public var low: UInt64 { box.low }
    /// Whether this is version 6.
    public var isV6: Bool { box.isV6 }
    /// The bits of the network part, where this is a network.
    public var prefix: Int? { box.prefix }
    /// Whether this is a network and not an address.
    public var isNetwork: Bool { box.prefix != nil }

    /// The address without the network.
    public var address: NetworkValue { isV6 ? NetworkValue(v6: high, low) : NetworkValue(v4: UInt32(truncatingIfNeeded: low)) }

    /// The network with the bits of the host cleared.
    public var masked: NetworkValue {
        let bits = prefix ?? (isV6 ? 128 : 32)
        if isV6 {
            return NetworkValue(v6: high & Self.mask(bits, of: 64), low & Self.mask(bits - 64, of: 64), prefix: bits)
        }
        return NetworkValue(v4: UInt32(truncatingIfNeeded: low & Self.mask(bits, of: 32)), prefix: bits)
    }

    /// Whether an address, or every address of a network, lies in this network.
    public func contains(_ other: NetworkValue) -> Bool {
        guard let bits = prefix, isV6 == other.isV6, other.prefix ?? 128 >= bits else { return false }
        let mine = masked
        if isV6 {
            return other.high & Self.mask(bits, of: 64) == mine.high && other.low & Self.mask(bits - 64, of: 64) == mine.low
        }
        return other.low & Self.mask(bits, of: 32) == mine.low
    }

    /// The first `bits` of a word of `width` bits.
    private static func mask(_ bits: Int, of width: Int) -> UInt64 {
        let all: UInt64 = width == 64 ? .max : (1 << UInt64(width)) - 1
        if bits <= 0 { return 0 }
        if bits >= width { return all }
        return all & (all << UInt64(width - bits))
    }

    public static func == (a: NetworkValue, b: NetworkValue) -> Bool {
        a.high == b.high && a.low == b.low && a.isV6 == b.isV6 && a.prefix == b.prefix
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(high)
        hasher.combine(low)
        hasher.combine(isV6)
        hasher.combine(prefix)
    }
}

extension NetworkValue {
    var isUnspecified: Bool { high == 0 && low == 0 }
    var isLoopback: Bool { isV6 ? high == 0 && low == 1 : low >> 24 == 127 }
    var isMulticast: Bool { isV6 ? high >> 56 == 0xFF : low >> 28 == 0xE }
    var isLinkLocalUnicast: Bool { isV6 ? high >> 54 == 0xFE80 >> 6 : low >> 16 == 0xA9FE }
    var isLinkLocalMulticast: Bool { isV6 ? high >> 48 & 0xFF0F == 0xFF02 : low >> 8 == 0xE00000 }
    var isGlobalUnicast: Bool {
        !isUnspecified && !isLoopback && !isMulticast && !isLinkLocalUnicast && (isV6 || low != 0xFFFF_FFFF)
    }
}
