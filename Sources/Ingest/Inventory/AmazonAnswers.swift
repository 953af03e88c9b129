import CEL
import Residency
import Yams

/// How answers of AWS APIs become resources: the table in `Tables/aws-responses.yaml`.
struct AmazonAnswers: Sendable {
    struct Row: Sendable {
        /// The names that lead to the items; empty for the answer itself.
        var path: [String]
        var has: [(name: String, value: String?)]
        /// `AWS::S3::Bucket`; `arn` for what the ARN tells; `none` for no resource.
        var type: String
        var id: [String]
        var name: [String]
        var arn: [String]
        var account: [String]
        var region: [String]
        var zone: [String]
        var tags: [String]
        var make: String?
        /// What an item is called that has no name: part of something that the answer does not name.
        var call: String?
        /// A member under which the item is put too.
        var under: String?
    }

    let rows: [Row]
    /// The types whose AWS Config items begin their names small.
    let camel: Set<String>
    let types: [String: String]
    /// The first names of the rows' paths.
    let heads: [String]

    /// Rows by the whole path, `Reservations/Instances`.
    private let byPath: [String: [Row]]
    /// The paths that begin with a name, in the table's order.
    let paths: [String: [[String]]]

    /// The table that is built in.
    static let builtin: AmazonAnswers = {
        do {
            return try AmazonAnswers(yaml: String(decoding: PackageResources.aws_responses_yaml, as: UTF8.self))
        } catch {
            preconditionFailure("aws-responses.yaml: \(error)")
        }
    }()

    init(yaml: String) throws(YAMLText.Fault) {
        var budget = YAMLText.maxValues
        guard let node = try YAMLText.documents(yaml).first else { throw YAMLText.Fault(message: "is empty") }
        let table = try YAMLText.value(node, &budget)
        let defaults = table.member("defaults") ?? .null
        rows = (table.member("responses")?.elements ?? []).map { row in
            func names(_ name: String) -> [String] {
                let own = row.member(name).map { $0.elements?.compactMap(\.stringValue) ?? $0.stringValue.map { [$0] } ?? [] } ?? []
                return own + (defaults.member(name)?.elements ?? []).compactMap(\.stringValue)
            }
            let path = row.text("in") ?? "."
            return Row(
                path: path == "." ? [] : path.split(separator: "/").map(String.init),
                has: (row.member("has")?.elements ?? []).compactMap(\.stringValue).map { text in
                    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                    return (parts[0], parts.count == 2 ? parts[1] : nil)
                },
                type: row.text("type") ?? "none", id: names("id"), name: names("name"), arn: names("arn"), account: names("account"),
                region: names("region"), zone: names("zone"), tags: names("tags"), make: row.text("make"),
                call: row.text("call"), under: row.text("under"))
        }
        camel = Set((table.member("camel")?.elements ?? []).compactMap(\.stringValue))
        types = Dictionary(uniqueKeysWithValues: (table.member("arns")?.members ?? []).map { ($0.name, $0.value.stringValue ?? "") })
        byPath = Dictionary(grouping: rows) { $0.path.joined(separator: "/") }
        var paths: [String: [[String]]] = [:]
        for row in rows where !row.path.isEmpty && paths[row.path[0]]?.contains(row.path) != true {
            paths[row.path[0], default: []].append(row.path)
        }
        self.paths = paths
        heads = paths.keys.sorted()
    }

    /// The row that is meant by an item at a path.
    func row(_ path: [String], _ item: Value) -> Row? {
        (byPath[path.joined(separator: "/")] ?? []).first { row in
            row.has.allSatisfy { mark in
                guard let member = item.member(mark.name) else { return false }
                return mark.value == nil || member.scalarText == mark.value
            }
        }
    }

    /// The type that an ARN tells; `glue:job` where the table does not know it.
    func type(of arn: AmazonName) -> String { types[arn.kind] ?? arn.kind }

    /// A record in the spelling of AWS Config for its type.
    func configuration(_ item: Value, of type: String) -> Value {
        camel.contains(type) ? item.beginningSmall : item
    }
}

extension Value {
    /// The value with the names of all members beginning small, tags apart.
    var beginningSmall: Value {
        if let elements { return .array(elements.map(\.beginningSmall)) }
        guard keys != nil else { return self }
        return .object(
            members.map { entry in
                let name = entry.name.prefix(1).lowercased() + entry.name.dropFirst()
                return (name, name == "tags" ? entry.value : entry.value.beginningSmall)
            })
    }

    /// The value at the end of a path of names, `Placement/AvailabilityZone`.
    func at(_ path: String) -> Value? {
        var value = self
        for name in path.split(separator: "/") {
            guard let next = value.member(String(name)) else { return nil }
            value = next
        }
        return value
    }

    /// The first text that is not empty at the end of one of these paths.
    func firstText(_ paths: [String]) -> String? {
        for path in paths { if let text = at(path)?.scalarText, !text.isEmpty { return text } }
        return nil
    }
}
