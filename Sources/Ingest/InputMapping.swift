import CEL
import Residency
import Yams

/// How the user's own tables become resources: a small YAML file among the inputs.
///
///     domicile-mapping: 1
///     files: ["cmdb*.csv"]
///     resource:
///       provider: azure
///       type: $kind
///       id: $asset_id
///       region: $location
///       tags: {data: $class}
///
/// `$name` is a field of the record (`$a.b` one inside another), anything else stands for itself.
public struct InputMapping: Sendable, Hashable {
    /// The text of the file.
    public let source: String
    /// Patterns that the name of a file, or its end, must match.
    public var files: [String]
    /// Where the records stand in JSON or XML, names joined by `/`; empty for the input itself.
    public var records: [String]
    /// Between the fields of CSV; found out if `nil`.
    public var separator: UInt8?
    /// Members of the resource: `type`, `id`, `region`, ..., each a template.
    var texts: [String: String]
    var tags: [String: String]
    /// A field that holds all tags.
    var allTags: String?
    var aliases: [String]
    /// For a member of the resource, what a value of the user is called here.
    var values: [String: [String: String]]

    /// The name that a file with a mapping has, or ends in.
    public static let fileName = "domicile-mapping.yaml"

    /// Whether a file is one with a mapping, by its name.
    public static func isMapping(name: String) -> Bool {
        let last = name.split(separator: "/").last.map(String.init) ?? name
        return last == fileName || last.hasSuffix("." + fileName) || last == "domicile-mapping.yml"
    }

    /// Whether the mapping is for a file, by the name that people see.
    public func matches(name: String) -> Bool {
        files.contains { pattern in
            let count = pattern.split(separator: "/").count
            let end = name.split(separator: "/").suffix(count).joined(separator: "/")
            return Glob.matches(pattern, end) || Glob.matches(pattern, name)
        }
    }

    /// Reads a file that holds a mapping; `nil` if it cannot be opened or is wrong, which reading it as an input tells.
    public static func load(_ file: InputFile) -> InputMapping? {
        guard var source = try? RawSource(file), let size = source.size, size < maxBytes else { return nil }
        var bytes = [UInt8](repeating: 0, count: size)
        let got = bytes.withUnsafeMutableBufferPointer { room in
            room.baseAddress.map { source.read(into: $0, count: size) } ?? 0
        }
        return try? InputMapping(yaml: String(decoding: bytes.prefix(max(got, 0)), as: UTF8.self))
    }

    /// The largest file with a mapping.
    static let maxBytes = 1 << 20

    private static let keys = ["domicile-mapping", "files", "records", "separator", "resource", "values"]
    private static let words = ["provider", "type", "id", "name", "account", "region", "country", "place", "tags", "aliases"]

    init(yaml: String) throws(YAMLText.Fault) {
        source = yaml
        guard case .mapping(let root)? = try YAMLText.documents(yaml).first else { throw YAMLText.Fault(message: "a mapping is a map with `files` and `resource`") }
        var budget = YAMLText.maxValues
        var top: [String: Value] = [:]
        for (key, node) in root {
            guard let name = key.string, Self.keys.contains(name) else {
                throw YAMLText.Fault(message: "`\(key.string ?? "?")` is not a word of a mapping: \(Self.keys.joined(separator: ", "))", line: key.mark?.line, column: key.mark?.column)
            }
            if name == "resource", case .mapping(let resource) = node {
                for (word, _) in resource where !Self.words.contains(word.string ?? "") {
                    throw YAMLText.Fault(message: "`\(word.string ?? "?")` is not a word of `resource`: \(Self.words.joined(separator: ", "))", line: word.mark?.line, column: word.mark?.column)
                }
            }
            top[name] = try YAMLText.value(node, &budget)
        }
        guard let resource = top["resource"], resource.keys != nil else { throw YAMLText.Fault(message: "`resource` is missing") }
        files = (top["files"]?.elements ?? top["files"].map { [$0] } ?? []).compactMap(\.stringValue)
        guard !files.isEmpty else { throw YAMLText.Fault(message: "`files` is missing: which files is the mapping for?") }
        records = (top["records"]?.stringValue ?? "").split(separator: "/").map(String.init)
        separator = top["separator"]?.stringValue?.utf8.first
        texts = [:]
        for (name, value) in resource.members { if let text = value.scalarText { texts[name] = text } }
        for needed in ["type", "id"] where texts[needed] == nil { throw YAMLText.Fault(message: "`resource` has no `\(needed)`") }
        allTags = resource.member("tags")?.stringValue
        tags = [:]
        for (name, value) in resource.member("tags")?.members ?? [] { tags[name] = value.scalarText }
        aliases = (resource.member("aliases")?.elements ?? resource.member("aliases").map { [$0] } ?? []).compactMap(\.stringValue)
        values = [:]
        for (name, table) in top["values"]?.members ?? [] {
            for (from, to) in table.members { values[name, default: [:]][from] = to.scalarText }
        }
    }
}

extension InputMapping {
    /// What a template gives for a record: `$field`, `text`, or text with `${field}` in it; `nil` if the record lacks a field.
    func text(_ template: String?, _ record: Value, as name: String? = nil) -> String? {
        guard let template else { return nil }
        var made = ""
        if template.hasPrefix("$"), !template.hasPrefix("${") {
            guard let text = Self.field(String(template.dropFirst()), record)?.scalarText, !text.isEmpty else { return nil }
            made = text
        } else {
            var rest = Substring(template)
            while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
                guard let text = Self.field(String(rest[start.upperBound..<end]), record)?.scalarText else { return nil }
                made += rest[..<start.lowerBound] + text
                rest = rest[rest.index(after: end)...]
            }
            made += rest
        }
        if let name, let known = values[name]?[made] { return known }
        return made
    }

    /// A field by its name, also one with spaces or dots in it, or inside others.
    static func field(_ name: String, _ record: Value) -> Value? {
        if let own = record.member(name) { return own }
        var value = record
        for step in name.split(separator: ".") {
            guard let next = value.member(String(step)) else { return nil }
            value = next
        }
        return value
    }

    /// The resource that a record tells of; a text that says what is missing.
    func resource(_ record: Value, stated: StatedOrigin, ordinal: Int, pointer: String) -> Result<Resource, Missing> {
        guard let id = text(texts["id"], record), !id.isEmpty else { return .failure(Missing(message: "no `id`: \(texts["id"] ?? "") is missing or empty")) }
        guard let type = text(texts["type"], record, as: "type"), !type.isEmpty else {
            return .failure(Missing(message: "no `type`: \(texts["type"] ?? "") is missing or empty"))
        }
        let provider = text(texts["provider"], record, as: "provider") ?? "own"
        let place: PlaceReference =
            if let place = text(texts["place"], record, as: "place") { PlaceReference(text: place) }
            else if let region = text(texts["region"], record, as: "region") { .region(provider: provider, name: region) }
            else if let country = text(texts["country"], record, as: "country") { .country(country.uppercased()) }
            else if let region = stated.region { .region(provider: provider, name: region) }
            else { .unknown("the record names no place") }
        var labels = allTags.flatMap { text in Self.field(String(text.dropFirst()), record)?.tagTexts } ?? [:]
        for (name, template) in tags { if let value = text(template, record, as: name) { labels[name] = value } }
        let item = InventoryItem(
            provider: provider, type: type, id: id, name: text(texts["name"], record) ?? id, names: aliases.map { text($0, record) },
            account: text(texts["account"], record) ?? stated.account ?? "", place: place, tags: labels)
        return .success(item.resource(.object([("values", record), ("place", .string(place.text))]), ordinal: ordinal, pointer: pointer))
    }

    /// Why a record is no resource.
    struct Missing: Error { var message: String }
}
