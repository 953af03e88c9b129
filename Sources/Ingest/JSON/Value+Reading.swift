import CEL

extension Value {
    /// The entries of a map whose names are strings, in order.
    var members: [(name: String, value: Value)] {
        guard case .map(let map) = self else { return [] }
        return map.entries.compactMap { entry in entry.key.stringValue.map { ($0, entry.value) } }
    }

    /// The string under the first of these names that holds one that is not empty.
    func text(_ names: String...) -> String? {
        for name in names {
            if let text = member(name)?.stringValue, !text.isEmpty { return text }
        }
        return nil
    }

    /// The map with these members added, or put in the place of those that have their name.
    func with(_ added: [(String, Value)]) -> Value {
        guard case .map(let map) = self else { return .object(added) }
        return .map(map.with(added))
    }

    /// A scalar as text; `nil` for what is none.
    var scalarText: String? {
        switch self {
        case .string(let text): text
        case .int(let number): String(number)
        case .uint(let number): String(number)
        case .double(let number): String(number)
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }

    /// Tags, whether they are a map of texts or a list of pairs.
    var tagTexts: [String: String] {
        var tags: [String: String] = [:]
        if case .map(let map) = self {
            tags.reserveCapacity(map.count)
            map.forEach { key, value in if let name = key.stringValue, let text = value.scalarText { tags[name] = text } }
        }
        for pair in elements ?? [] {
            guard let name = pair.text("key", "Key", "tag", "TagKey") else { continue }
            tags[name] = (pair.member("value") ?? pair.member("Value") ?? pair.member("TagValue"))?.scalarText ?? ""
        }
        return tags
    }

    /// Tags as expressions see them: a map of texts.
    func tagMap(_ tags: [String: String]) -> Value {
        guard case .map(let map) = self, map.count == tags.count else { return .texts(tags) }
        var isTexts = true
        map.forEachValue { if $0.stringValue == nil { isTexts = false } }
        return isTexts ? self : .texts(tags)
    }

    /// A map of texts, by name.
    static func texts(_ texts: [String: String]) -> Value {
        .object(texts.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
    }

    /// A string that is the JSON text of an object or a list, decoded; any other value as it is.
    func decodingText(maxDepth: Int) -> Value {
        guard case .string(let text) = self, let first = text.utf8.first(where: { $0 > 0x20 }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == UInt8(ascii: "\""),
            let value = try? JSON.parse(text, maxDepth: maxDepth)
        else { return self }
        // Some exporters encode twice.
        if case .string = value { return value.decodingText(maxDepth: maxDepth) }
        return value
    }
}

/// Removes what is empty, the id itself and repetitions.
func aliases(_ names: [String?], besides id: String) -> [String] {
    // Two or three, as a rule.
    if names.count > 8 {
        var seen: Set<String> = [id, ""]
        return names.compactMap { $0 }.filter { seen.insert($0).inserted }
    }
    var others: [String] = []
    for case let name? in names where !name.isEmpty && name != id && !others.contains(name) { others.append(name) }
    return others
}
