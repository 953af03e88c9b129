/// Strings in which others are looked up.
///
/// A string is tried first by the two words it is stored in: short ones are their own words, so that this finds nearly
/// all that are there, without reading a byte. What it doesn't find is looked up by its hash.
///
/// INVARIANT (Sendable): the pointer is set once in `init`, the memory behind it is never written afterwards and is freed
/// in `deinit` only. The strings are kept by `strings`, so that no other string gets their addresses.
final class TextTable: @unchecked Sendable {
    /// Open addressing; both words are zero in a free place, as they are in no string.
    private let places: UnsafeMutablePointer<(UInt64, UInt64)>
    private let mask: Int
    private let strings: MapStorage

    /// A table of the elements, or nil where not all of them are strings.
    init?(_ elements: [Value]) {
        var builder = MapBuilder(capacity: elements.count)
        for element in elements {
            guard case .string = element else { return nil }
            builder.set(element, to: .null)
        }
        strings = MapStorage(builder)
        var size = 8
        while size < strings.count * 2 { size *= 2 }
        mask = size - 1
        places = .allocate(capacity: size)
        places.initialize(repeating: (0, 0), count: size)
        for position in 0..<strings.count {
            guard let words = strings.keyPointer(position).stringWords else { continue }
            var place = Self.hash(words) & mask
            while places[place] != (0, 0) { place = (place + 1) & mask }
            places[place] = words
        }
    }

    deinit { places.deallocate() }

    @inline(__always)
    private static func hash(_ words: (UInt64, UInt64)) -> Int {
        let mixed = (words.0 ^ words.1 &* 0x9E37_79B9_7F4A_7C15) &* 0x9FB2_1C65_1E98_DF25
        return Int(truncatingIfNeeded: mixed >> 40)
    }

    /// Whether the string that lies at a place is among the strings; false where no string lies there.
    @inline(__always)
    func contains(_ pointer: UnsafePointer<Value>) -> Bool {
        guard let words = pointer.stringWords else { return false }
        var place = Self.hash(words) & mask
        while places[place] != (0, 0) {
            if places[place] == words { return true }
            place = (place &+ 1) & mask
        }
        return containsByHash(pointer)
    }

    @inline(never)
    private func containsByHash(_ pointer: UnsafePointer<Value>) -> Bool {
        guard case .string(let text) = pointer.pointee else { return false }
        return strings.find(text, hash: textHash(text)) != nil
    }
}
