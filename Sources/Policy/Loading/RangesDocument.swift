import CEL
import Residency

/// How a provider publishes the addresses of its regions: what is a file of that kind, and what each entry of it says.
struct RangeFormat: Sendable {
    var title: String
    var provider: String
    /// Over `file`, the JSON as it is.
    var when: Expression
    /// The entries.
    var each: Expression
    /// Over `item`: a range or a list of them, and the place by the provider's name; the empty text for none.
    var ranges: Expression
    var place: Expression
}

/// Reads `ranges`, and files of the kinds that they describe.
enum RangesDocument {
    static let keys = ["ranges"]

    /// - Parameter isBuiltin: the expressions are known to be right, and compiled when a file is read.
    static func read(_ fields: Fields, isBuiltin: Bool, _ problems: inout Problems) -> [RangeFormat] {
        fields.items("ranges", &problems).compactMap { node in
            guard let entry = Fields(node, "an entry of `ranges`", ["title", "provider", "when", "each", "cidr", "place"], &problems) else { return nil }
            var compiler = ExpressionCompiler()
            compiler.isLazy = isBuiltin
            func expression(_ key: String, _ type: ValueType? = nil) -> Expression? {
                entry.required(key, &problems).flatMap { compiler.ranges($0, type, &problems) }
            }
            guard let title = entry.requiredText("title", &problems), let provider = entry.requiredText("provider", &problems),
                let when = expression("when", .bool), let each = expression("each"), let ranges = expression("cidr"),
                let place = expression("place")
            else { return nil }
            return RangeFormat(title: title, provider: provider, when: when, each: each, ranges: ranges, place: place)
        }
    }

    /// Adds the networks of a published file to the tables.
    static func add(_ file: SourceFile, _ formats: [RangeFormat], to gazetteer: inout Gazetteer, _ problems: inout Problems) {
        let start = Mark(line: 1, column: 1)
        let json: Value
        do {
            json = try file.bytes.withUnsafeBufferPointer { bytes throws(JSONError) in try JSON.parse(bytes) }
        } catch {
            problems.error(start, length: 1, "the file is not JSON: \(error.message)", hint: "the file as the provider publishes it")
            return
        }
        guard let format = formats.first(where: { if case .success(.bool(true)) = $0.when.program.evaluate([json, .null]) { true } else { false } }) else {
            problems.error(start, length: 1, "the file is none of \(list(formats.map(\.title), "or"))", hint: "the file as the provider publishes it")
            return
        }
        var strange: [String: Int] = [:]
        guard case .success(let items) = format.each.program.evaluate([json, .null]) else { return }
        for item in items.elements ?? [] {
            guard case .success(let place) = format.place.program.evaluate([json, item]), let name = place.stringValue, !name.isEmpty else { continue }
            guard let entry = gazetteer.entry(named: "\(format.provider):\(name)") else {
                strange[name, default: 0] += 1
                continue
            }
            guard case .success(let ranges) = format.ranges.program.evaluate([json, item]) else { continue }
            for text in (ranges.elements ?? [ranges]).compactMap(\.stringValue) {
                if !gazetteer.addNetwork(cidr: text, location: entry.location, title: "\(entry.name), \(entry.title)", source: "\(file.path): \(format.title)", date: "") {
                    strange[text, default: 0] += 1
                }
            }
        }
        for (name, count) in strange.sorted(by: { $0.key < $1.key }) {
            problems.note(start, "\(count) entr\(count == 1 ? "y" : "ies") left out: no place of \(format.provider) is called `\(name)`")
        }
    }
}
