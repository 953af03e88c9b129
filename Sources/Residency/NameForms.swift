/// How providers make the names of things, so that a name leads to a shorter one, to its account and to what holds it.
public struct NameForms: Sendable {
    /// Holes and the text between them: `arn:{partition}:{service}:{region}:{account}:{name}`.
    private struct Pattern: Sendable {
        /// The UTF-8 before each hole; of a path in lower case.
        var literals: [[UInt8]] = []
        var holes: [String] = []
        /// Whose names they are; empty if nobody says.
        var provider = ""
        /// It ends with a path of things within things, and case means nothing in it.
        var isPath: Bool { holes.last == "path" }
    }

    private var patterns: [Pattern] = []
    /// Of names that tell what they are of and nothing else: `//{service}.googleapis.com/{name}`.
    private var kindPatterns: [Pattern] = []
    private var regionPaths: [RegionPath] = []
    /// The patterns as they were given, which tell one set of forms from another.
    public private(set) var texts: [String] = []

    public init() {}

    /// Adds a pattern; false, and nothing added, if it does not end with the hole `{name}`, or `{path}`, or two holes touch.
    @discardableResult
    public mutating func add(_ text: String, provider: String = "") -> Bool {
        guard let pattern = Self.pattern(text, provider) else { return false }
        patterns.append(pattern)
        texts.append("\(provider) \(text)")
        return true
    }

    /// Adds a pattern of names that tell only of what kind a thing is; what stands for `{name}` is its bare name.
    @discardableResult
    public mutating func addKinds(_ text: String, provider: String) -> Bool {
        guard let pattern = Self.pattern(text, provider), !pattern.isPath, pattern.holes.contains("service") else { return false }
        kindPatterns.append(pattern)
        texts.append("\(provider) \(text)")
        return true
    }

    private static func pattern(_ text: String, _ provider: String) -> Pattern? {
        var pattern = Pattern()
        pattern.provider = provider
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { return nil }
            let literal = String(rest[..<open])
            if literal.isEmpty { return nil }
            pattern.literals.append(Array(literal.utf8))
            pattern.holes.append(String(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        guard rest.isEmpty, pattern.isPath || pattern.holes.last == "name" else { return nil }
        if pattern.isPath { pattern.literals = pattern.literals.map { $0.map(Self.folded) } }
        return pattern
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
        if let reading = reading(name, asking: "region"), let region = reading.asked, !reading.provider.isEmpty {
            return region.isEmpty ? nil : (reading.provider, String(name[utf8: region]))
        }
        if regionPaths.isEmpty || !name.utf8.contains(UInt8(ascii: "/")) { return nil }
        let parts = name.split(separator: "/")
        for path in regionPaths {
            if let region = path.region(in: parts) { return (path.provider, String(region)) }
        }
        return nil
    }

    /// What stands for a hole (`account`, `region`) of the pattern that a name is made after; the empty text if nothing does.
    public func text(of hole: String, in name: String) -> String {
        reading(name, asking: hole)?.asked.map { String(name[utf8: $0]) } ?? ""
    }

    /// The last part of a name that is made after a pattern, else the name itself.
    public func short(_ name: String) -> String { reading(name).map { String(name[utf8: $0.last]) } ?? name }

    /// Whether a name is made after a pattern: then nothing else in the world has it.
    public func isFull(_ name: String) -> Bool { reading(name) != nil }

    /// Whether two full names are of things of different kinds, whatever they are called.
    public func areOfDifferentKinds(_ one: String, _ other: String) -> Bool {
        if let first = kind(one), let second = kind(other), first.service != second.service { return true }
        return Self.kindHoles.contains { hole in
            let (first, second) = (text(of: hole, in: one), text(of: hole, in: other))
            return !first.isEmpty && !second.isEmpty && first.lowercased() != second.lowercased()
        }
    }

    /// A name without what only tells its kind; else as `short` has it.
    public func bare(_ name: String) -> String { kind(name)?.bare ?? short(name) }

    private func kind(_ name: String) -> (service: Substring, bare: String)? {
        if kindPatterns.isEmpty { return nil }
        var text = name
        return text.withUTF8 { bytes in
            for pattern in kindPatterns {
                guard let reading = Self.read(pattern, bytes, asking: "service"), let service = reading.asked else { continue }
                return (name[utf8: service], String(name[utf8: reading.last]))
            }
            return nil
        }
    }

    /// The holes of patterns that tell what kind of thing a name is of.
    private static let kindHoles = ["service", "provider", "type"]

    /// A name as it is compared: paths without regard to case.
    public func key(_ name: String) -> String { reading(name)?.isPath == true ? name.lowercased() : name }

    /// The account that a name tells; the empty text if it tells none.
    public func account(of name: String) -> String { text(of: "account", in: name) }

    /// Whether a pattern with `*` and `?` matches a name: the whole of it, or its last part.
    public func matches(_ glob: String, _ name: String) -> Bool {
        if Glob.matches(glob, name) { return true }
        guard let reading = reading(name) else { return false }
        return Glob.matches(glob, String(name[utf8: reading.last]))
    }

    /// A name, and the shorter names that may stand for it in an inventory: an object is in its bucket.
    public func all(_ name: String) -> [String] {
        guard let reading = reading(name) else { return [name] + (kind(name).map { [$0.bare] } ?? []) }
        let short = name[utf8: reading.last]
        var forms = [name, String(short)]
        let parts = short.utf8.split(whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") }).map(Substring.init)
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return forms }
        forms.append(String(name[utf8: 0..<reading.last.lowerBound]) + first)
        // The last of a path (`default`) is the name of many things.
        if !reading.isPath { forms.append(String(last)) }
        return forms + [String(first)]
    }

    /// What the first pattern that a name is made after tells of it, in bytes of its UTF-8.
    private struct Reading {
        var provider: String
        var isPath: Bool
        var last: Range<Int>
        /// What stands for the hole that was asked for; `nil` if the pattern has no such hole.
        var asked: Range<Int>?
    }

    private func reading(_ name: String, asking hole: String = "") -> Reading? {
        var name = name
        return name.withUTF8 { bytes in
            for pattern in patterns { if let reading = Self.read(pattern, bytes, asking: hole) { return reading } }
            return nil
        }
    }

    /// Each hole but the last is as short as can be, and may be empty.
    private static func read(_ pattern: Pattern, _ bytes: UnsafeBufferPointer<UInt8>, asking hole: String) -> Reading? {
        var (at, asked) = (0, Range<Int>?.none)
        for (number, literal) in pattern.literals.enumerated() {
            guard let found = first(literal, in: bytes, from: at, isFolded: pattern.isPath), number > 0 || found == 0 else { return nil }
            if number > 0, pattern.holes[number - 1] == hole { asked = at..<found }
            at = found + literal.count
        }
        let last = at..<bytes.count
        return Reading(provider: pattern.provider, isPath: pattern.isPath, last: last, asked: pattern.holes.last == hole ? last : asked)
    }

    private static func first(_ literal: [UInt8], in bytes: UnsafeBufferPointer<UInt8>, from start: Int, isFolded: Bool) -> Int? {
        var at = start
        while at + literal.count <= bytes.count {
            var length = 0
            while length < literal.count, literal[length] == (isFolded ? folded(bytes[at + length]) : bytes[at + length]) { length += 1 }
            if length == literal.count { return at }
            // The first literal is the beginning of the name, and nearly every name is refused by it.
            if start == 0 { return nil }
            at += 1
        }
        return nil
    }

    private static func folded(_ byte: UInt8) -> UInt8 { 65...90 ~= byte ? byte + 32 : byte }
}

extension String {
    fileprivate subscript(utf8 range: Range<Int>) -> Substring {
        let start = utf8.index(startIndex, offsetBy: range.lowerBound)
        return self[start..<utf8.index(start, offsetBy: range.count)]
    }
}
