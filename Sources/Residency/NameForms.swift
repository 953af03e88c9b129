/// How providers make the names of things, so that a name leads to a shorter one, to its account and to what holds it.
public struct NameForms: Sendable {
    /// Holes and the text between them: `arn:{partition}:{service}:{region}:{account}:{name}`.
    private struct Pattern: Sendable {
        /// The text before each hole.
        var literals: [String] = []
        var holes: [String] = []
        /// Whose names they are; empty if nobody says.
        var provider = ""
        /// It ends with a path of things within things, and case means nothing in it.
        var isPath: Bool { holes.last == "path" }
    }

    private var patterns: [Pattern] = []
    private var regionPaths: [RegionPath] = []
    /// The patterns as they were given, which tell one set of forms from another.
    public private(set) var texts: [String] = []

    public init() {}

    /// Adds a pattern; false, and nothing added, if it does not end with the hole `{name}`, or `{path}`, or two holes touch.
    @discardableResult
    public mutating func add(_ text: String, provider: String = "") -> Bool {
        var pattern = Pattern()
        pattern.provider = provider
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { return false }
            let literal = String(rest[..<open])
            if literal.isEmpty { return false }
            pattern.literals.append(literal)
            pattern.holes.append(String(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        guard rest.isEmpty, pattern.isPath || pattern.holes.last == "name" else { return false }
        if pattern.isPath { pattern.literals = pattern.literals.map { $0.lowercased() } }
        patterns.append(pattern)
        texts.append("\(provider) \(text)")
        return true
    }

    /// Adds a run of a name's parts that tells a region, `projects/{project}/locations/{region}`; false, and nothing added, if
    /// it does not end with the hole `{region}` or nothing stands before it.
    @discardableResult
    public mutating func addRegionPath(_ text: String, provider: String) -> Bool {
        guard let path = RegionPath(text, provider) else { return false }
        regionPaths.append(path)
        texts.append("\(provider) \(text)")
        return true
    }

    /// The region that a name carries, and whose it is; `nil` if it carries none.
    public func region(of name: String) -> (provider: String, region: String)? {
        for pattern in patterns where !pattern.provider.isEmpty {
            guard let index = pattern.holes.firstIndex(of: "region"), let parts = Self.match(pattern, name) else { continue }
            return parts[index].isEmpty ? nil : (pattern.provider, String(parts[index]))
        }
        if regionPaths.isEmpty || !name.utf8.contains(UInt8(ascii: "/")) { return nil }
        let parts = name.split(separator: "/")
        for path in regionPaths {
            if let region = path.region(in: parts) { return (path.provider, String(region)) }
        }
        return nil
    }

    /// What stands for a hole (`account`, `region`) of the pattern that a name is made after; the empty text if nothing does.
    public func text(of hole: String, in name: String) -> String { part(hole, of: name).map(String.init) ?? "" }

    /// The last part of a name that is made after a pattern, else the name itself.
    public func short(_ name: String) -> String { last(of: name).map(String.init) ?? name }

    /// Whether a name is made after a pattern: then nothing else in the world has it.
    public func isFull(_ name: String) -> Bool { last(of: name) != nil }

    /// A name as it is compared: paths without regard to case.
    public func key(_ name: String) -> String {
        patterns.contains { $0.isPath && Self.match($0, name) != nil } ? name.lowercased() : name
    }

    /// The account that a name tells; the empty text if it tells none.
    public func account(of name: String) -> String { text(of: "account", in: name) }

    /// Whether a pattern with `*` and `?` matches a name: the whole of it, or its last part.
    public func matches(_ glob: String, _ name: String) -> Bool {
        if Glob.matches(glob, name) { return true }
        guard let short = last(of: name) else { return false }
        return Glob.matches(glob, String(short))
    }

    /// A name, and the shorter names that may stand for it in an inventory: an object is in its bucket.
    public func all(_ name: String) -> [String] {
        guard let pattern = patterns.first(where: { Self.match($0, name) != nil }), let short = last(of: name) else { return [name] }
        var forms = [name, String(short)]
        let parts = short.split(whereSeparator: { $0 == "/" || $0 == ":" })
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return forms }
        forms.append(String(name.dropLast(short.count)) + first)
        // The last of a path (`default`) is the name of many things.
        if !pattern.isPath { forms.append(String(last)) }
        return forms + [String(first)]
    }

    private func last(of name: String) -> Substring? { part("name", of: name) ?? part("path", of: name) }

    private func part(_ hole: String, of name: String) -> Substring? {
        for pattern in patterns {
            if let parts = Self.match(pattern, name), let index = pattern.holes.firstIndex(of: hole) { return parts[index] }
        }
        return nil
    }

    /// What stands for the holes. Each but the last is as short as can be, and may be empty.
    private static func match(_ pattern: Pattern, _ name: String) -> [Substring]? {
        // Nearly every name is refused by its first bytes.
        guard let head = pattern.literals.first else { return nil }
        if !pattern.isPath { return name.utf8.starts(with: head.utf8) ? match(pattern.literals, name, name) : nil }
        guard name.utf8.first == head.utf8.first else { return nil }
        let folded = name.lowercased()
        return folded.utf8.count == name.utf8.count && folded.hasPrefix(head) ? match(pattern.literals, folded, name) : nil
    }

    /// The literals are looked for in one text and the parts taken from another of the same length in UTF-8.
    private static func match(_ literals: [String], _ compared: String, _ name: String) -> [Substring]? {
        var compared = compared
        // Where each hole begins and ends, in bytes.
        let holes = compared.withUTF8 { bytes -> [Range<Int>]? in
            var holes: [Range<Int>] = []
            var at = 0
            for (number, literal) in literals.enumerated() {
                var literal = literal
                guard let found = literal.withUTF8({ first($0, in: bytes, from: at) }) else { return nil }
                if number > 0 { holes.append(at..<found) }
                at = found + literal.utf8.count
            }
            holes.append(at..<bytes.count)
            return holes
        }
        return holes?.map { hole in
            let start = name.utf8.index(name.startIndex, offsetBy: hole.lowerBound)
            return name[start..<name.utf8.index(start, offsetBy: hole.count)]
        }
    }

    private static func first(_ literal: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var at = start
        while at + literal.count <= bytes.count {
            if bytes[at] == literal[0], literal.elementsEqual(bytes[at..<(at + literal.count)]) { return at }
            at += 1
        }
        return nil
    }
}
