// Looking at a value where it lies, without counting a reference. Each of these ends before the value could go away:
// whoever holds the pointer holds what it points to.

extension UnsafePointer<Value> {
    /// The storage of the map that lies here.
    @inline(__always)
    var mapStorage: Unmanaged<MapStorage>? {
        if case .map(let map) = pointee { .passUnretained(map.storage) } else { nil }
    }

    /// The storage of the list that lies here.
    @inline(__always)
    var listStorage: Unmanaged<ListStorage>? {
        if case .list(let list) = pointee { .passUnretained(list.storage) } else { nil }
    }

    /// The words of the string that lies here.
    @inline(__always)
    var stringWords: (UInt64, UInt64)? {
        if case .string(let text) = pointee { textWords(text) } else { nil }
    }

    /// Whether this string lies here.
    @inline(__always)
    func isText(_ text: String) -> Bool {
        guard let words = stringWords else { return false }
        return words == textWords(text) || isTextSlow(text)
    }

    @inline(never)
    private func isTextSlow(_ text: String) -> Bool {
        if case .string(let other) = pointee { sameTextSlow(other, text) } else { false }
    }

    /// The value of a field of the map that lies here; nil where it isn't a map or hasn't got it.
    @inline(__always)
    func field(_ key: FieldKey) -> UnsafePointer<Value>? {
        guard let storage = mapStorage else { return nil }
        return storage._withUnsafeGuaranteedRef { $0.find(key.name, hash: key.hash) }
    }
}
