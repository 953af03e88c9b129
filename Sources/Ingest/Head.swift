/// The beginning of an input, for telling what it is. Keys are seen without parsing values, so a large first member does
/// not hide what comes after it, as long as it is in the first window.
struct Head {
    let bytes: UnsafeBufferPointer<UInt8>
    private let scanner: Scanner
    /// Where the first values begin: the first document, and the lines after it while they are few.
    let documents: [Int]

    /// How much of an input is looked at first; only if that says nothing, the whole first window.
    static let glance = 64 << 10

    /// How many lines are tried when the first is not JSON.
    private static let maxDocuments = 16
    private static let maxMembers = 256

    init(_ bytes: UnsafeBufferPointer<UInt8>, scanner: Scanner) {
        self.bytes = bytes
        self.scanner = scanner
        var found: [Int] = []
        var passed = 0
        var at = Self.afterSpace(bytes, Self.afterMark(bytes))
        while at < bytes.count, found.count < Self.maxDocuments {
            // What is indented is a part of something, as JSON in a text of YAML.
            if found.isEmpty || bytes[at - 1] == UInt8(ascii: "\n") { found.append(at) } else { passed += 1 }
            guard found.count + passed < Self.maxDocuments, let newline = Lines.newline(bytes, from: at) else { break }
            at = Self.afterSpace(bytes, newline)
        }
        documents = found
    }

    /// Where the text begins: after the mark of its encoding, if it has one.
    private static func afterMark(_ bytes: UnsafeBufferPointer<UInt8>) -> Int { bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0 }

    /// The first byte that is not space.
    var firstByte: UInt8? {
        let at = Self.afterSpace(bytes, Self.afterMark(bytes))
        return at < bytes.count ? bytes[at] : nil
    }

    private static func afterSpace(_ bytes: UnsafeBufferPointer<UInt8>, _ from: Int) -> Int {
        var at = from
        while at < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[at]) { at += 1 }
        return at
    }

    /// An object of the head: the names of its members, and where their values begin.
    struct Object {
        var members: [String: Int] = [:]
        func has(_ name: String) -> Bool { members[name] != nil }
    }

    /// The first byte of the value at a position.
    func first(_ at: Int) -> UInt8 { at < bytes.count ? bytes[at] : 0 }

    /// The object that begins at a position, as far as the head shows it; `nil` if none does.
    func object(at: Int) -> Object? {
        guard first(at) == UInt8(ascii: "{") else { return nil }
        var object = Object()
        for member in scanner.members(bytes, at: at, limit: Self.maxMembers).members {
            object.members[String(decoding: bytes[member.name], as: UTF8.self)] = member.value.lowerBound
        }
        return object
    }

    /// Where the first element of the list at a position begins.
    func firstElement(at: Int) -> Int? {
        guard first(at) == UInt8(ascii: "[") else { return nil }
        let element = Self.afterSpace(bytes, at + 1)
        return element < bytes.count && bytes[element] != UInt8(ascii: "]") ? element : nil
    }

    /// The text of the string at a position, unescaped as far as the head has it; at most `limit` bytes are looked at.
    func text(at: Int, limit: Int = 4096) -> String? {
        guard first(at) == UInt8(ascii: "\"") else { return nil }
        var end = at + 1
        while end < bytes.count, end - at < limit, bytes[end] != UInt8(ascii: "\"") { end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1 }
        let body = UnsafeBufferPointer(rebasing: bytes[(at + 1)..<min(end, bytes.count)])
        let text = JSONText.unescaped(body)
        return text.isEmpty ? String(decoding: body.filter { $0 != UInt8(ascii: "\\") }, as: UTF8.self) : text
    }

    /// The first lines of a text.
    func lines(_ limit: Int) -> [String] {
        bytes.prefix(Self.glance).dropFirst(Self.afterMark(bytes)).split(separator: UInt8(ascii: "\n"), maxSplits: limit, omittingEmptySubsequences: false).prefix(limit)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// The first objects of the input: the first document that is one, or the first element of the list that it is.
    var candidates: [Object] {
        for document in documents {
            if let object = object(at: document), !object.members.isEmpty { return [object] }
            if let element = firstElement(at: document), let object = object(at: element) { return [object] }
        }
        return []
    }
}
