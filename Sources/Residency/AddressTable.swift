/// Tells countries of addresses: a table too large to be read whole, which the user gives.
public protocol AddressTable: Sendable {
    /// What it calls itself and when it was made, as the source of what it tells: `GeoLite2-Country`, `2026-11-18`.
    var source: String { get }
    var date: String { get }
    /// A digest that tells it from every other table: what was observed with one does not hold for another.
    var digest: String { get }
    /// The country, or the part of one, of an address: four or sixteen bytes in network order. `nil` if it does not know.
    func country(of address: [UInt8]) -> Country?
}

extension InternetAddress {
    /// Four or sixteen bytes in network order.
    var bytes: [UInt8] {
        (0..<(isV6 ? 16 : 4)).map { UInt8(truncatingIfNeeded: bits >> UInt128(120 - 8 * $0)) }
    }
}

extension Country {
    /// A number for each code, for keys: 26 for the letters of each place.
    var ordinal: Int32 {
        code.utf8.reduce(0) { sum, byte in
            let digit: Int32 = 65...90 ~= byte ? Int32(byte) - 64 : 48...57 ~= byte ? Int32(byte) - 21 : 0
            return sum &* 37 &+ digit
        }
    }
}
