import CEL
import Residency

/// What AWS APIs answer to `describe-*`, `list-*` and `get-*`, as the AWS CLI prints it, of the regions' services, Resource Explorer and
/// the tagging API; also answers as test recorders keep them.
///
///     {"DBInstances": [{"DBInstanceIdentifier": "orders", "DBInstanceArn": "arn:aws:rds:eu-west-1:1:db:orders", ...}]}
///     {"ResourceTagMappingList": [{"ResourceARN": "arn:aws:s3:::a", "Tags": [{"Key": "data", "Value": "customer"}]}]}
///     {"status_code": 200, "data": {"Vpcs": [...]}}
enum AWSAnswer: InputFormat {
    static let id = "aws-cli"
    static let title = "answers of AWS APIs (AWS CLI)"

    /// Members that say something of the answer, not of what it lists.
    static let asides: Set<String> = [
        "ResponseMetadata", "NextToken", "nextToken", "NextMarker", "Marker", "Truncated", "IsTruncated", "PaginationToken", "failures",
        "Owner", "HasMoreStreams", "HasMoreDeliveryStreams", "$schema",
    ]

    static func recognises(_ head: Head) -> Bool {
        guard let object = head.candidates.first else { return false }
        if object.has("status_code"), let at = object.members["data"] { return head.object(at: at) != nil }
        let table = AmazonAnswers.builtin
        if object.has("ResponseMetadata"), object.members.keys.contains(where: { !asides.contains($0) }) { return true }
        for (name, at) in object.members where table.paths[name] != nil {
            if looksRight(name, at, object, head) { return true }
        }
        if table.rows.contains(where: { $0.path.isEmpty && $0.has.allSatisfy { object.has($0.name) } }) { return true }
        // A list of anything that has an ARN, as `--query` leaves it, or as a service that the table does not know answers.
        if isNamed(object, head) { return true }
        let others = object.members.filter { !asides.contains($0.key) }
        guard others.count == 1, let at = others.first?.value, let element = head.firstElement(at: at) else { return false }
        return head.object(at: element).map { isNamed($0, head) } ?? false
    }

    /// Whether a member is what a row of the table means, by the first item in it.
    private static func looksRight(_ name: String, _ at: Int, _ object: Head.Object, _ head: Head) -> Bool {
        let others = object.members.keys.filter { $0 != name && !asides.contains($0) }
        return AmazonAnswers.builtin.rows.contains { row in
            guard row.path.first == name, row.type != "none" || others.isEmpty else { return false }
            var position = at
            for step in row.path.dropFirst() {
                let inner = head.object(at: position) ?? head.firstElement(at: position).flatMap { head.object(at: $0) }
                guard let next = inner?.members[step] else { return false }
                position = next
            }
            if head.first(position) == UInt8(ascii: "[") {
                guard let element = head.firstElement(at: position) else { return others.isEmpty && row.type != "none" }
                if head.first(element) == UInt8(ascii: "\"") { return row.has.isEmpty && row.id.isEmpty }
                position = element
            }
            guard let item = head.object(at: position) else { return false }
            let marks = row.has.map(\.name) + (row.call == nil ? row.id.prefix(1).filter { !$0.contains("/") } : [])
            return !marks.isEmpty && marks.allSatisfy(item.has)
        }
    }

    /// The members under which answers hold the ARN of what they tell of.
    static let ownNames = ["Arn", "ARN", "arn", "ResourceARN", "ResourceArn", "resourceArn"]
    /// What events and findings have and answers have not.
    private static let eventMarks = ["time", "timestamp", "@timestamp", "eventTime", "severity", "Severity", "detail", "schemaVersion", "SchemaVersion"]

    private static func isNamed(_ object: Head.Object, _ head: Head) -> Bool {
        !eventMarks.contains(where: object.has) && ownNames.contains { name in
            object.members[name].flatMap { head.text(at: $0) }.flatMap { AmazonName($0) } != nil
        }
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        let reading = AWSAnswerReading(session)
        try ValueWalk.walk(session, lists: AmazonAnswers.builtin.heads) { reading.take($0, $1) }
        reading.finish()
    }
}

/// The reading of one input of answers.
private final class AWSAnswerReading {
    private let session: ReadSession
    private let table = AmazonAnswers.builtin
    private var partial: [String: Int] = [:]
    private var failed = 0
    /// Resources of which the answer has the name and the tags only.
    private var nameOnly = 0

    init(_ session: ReadSession) { self.session = session }

    func take(_ record: Value, _ place: RecordPlace) {
        if !place.list.isEmpty {
            for path in table.paths[place.list] ?? [] { expand(record, path, 1, .null, place.pointer) }
        } else {
            answer(record, place.pointer, place.byte)
        }
    }

    /// Takes a whole answer.
    private func answer(_ value: Value, _ pointer: String, _ byte: Int) {
        if value.member("status_code") != nil, let data = value.member("data") {
            return answer(data, pointer.insideRecord + "/data", byte)
        }
        guard value.keys != nil else {
            return session.malformed(byte: byte, place: pointer, "a record is not an object")
        }
        let base = pointer.insideRecord
        let before = session.ordinal
        var known = false
        for member in value.members {
            for path in table.paths[member.name] ?? [] {
                guard isMeant(member.value, path, 1) else { continue }
                known = true
                expand(member.value, path, 1, value, "\(base)/\(member.name)")
            }
            if known { break }
        }
        if known, session.ordinal > before { return }
        if let row = table.row([], value) { return item(value, row, .null, pointer) }
        if known { return }
        if let arn = Self.ownName(value) { return named(value, arn, pointer) }
        let lists = value.members.filter { !AWSAnswer.asides.contains($0.name) && $0.value.elements != nil }
        if lists.count == 1, let list = lists.first, let elements = list.value.elements {
            for (index, element) in elements.enumerated() { other(element, list.name, "\(base)/\(list.name)/\(index)") }
            return
        }
        if value.member("Error") != nil { failed += 1 } else { partial["an answer", default: 0] += 1 }
        _ = session.number(pointer)
    }

    /// Whether a value can be what a path leads to: a member of one name may be a list in one service's answer and a text in another's.
    private func isMeant(_ value: Value, _ path: [String], _ depth: Int) -> Bool {
        if let elements = value.elements {
            guard let first = elements.first else { return depth == path.count }
            return isMeant(first, path, depth) || (depth == path.count && first.stringValue != nil)
        }
        guard value.keys != nil else { return false }
        guard depth < path.count else { return table.row(path, value) != nil }
        return value.member(path[depth]).map { isMeant($0, path, depth + 1) } ?? false
    }

    /// Goes along a path to its items.
    private func expand(_ value: Value, _ path: [String], _ depth: Int, _ parent: Value, _ pointer: String) {
        if let elements = value.elements {
            for (index, element) in elements.enumerated() { expand(element, path, depth, parent, "\(pointer)/\(index)") }
        } else if depth < path.count {
            guard let inner = value.member(path[depth]) else { return other(value, path[depth - 1], pointer) }
            expand(inner, path, depth + 1, value, "\(pointer)/\(path[depth])")
        } else if case .string(let text) = value {
            bare(text, path, pointer)
        } else if let row = table.row(path, value) {
            item(value, row, parent, pointer)
        } else {
            other(value, path.last ?? "", pointer)
        }
    }

    /// An item that no row knows: by its ARN, if it has one.
    private func other(_ value: Value, _ name: String, _ pointer: String) {
        if let arn = Self.ownName(value) { return named(value, arn, pointer) }
        partial["`\(name)`", default: 0] += 1
        _ = session.number(pointer)
    }

    /// The ARN of an item: of the members that hold one, `Arn` before others.
    private static func ownName(_ value: Value) -> String? {
        for name in AWSAnswer.ownNames {
            if let text = value.text(name), AmazonName(text) != nil { return text }
        }
        let others = value.members.filter { $0.name.lowercased().hasSuffix("arn") && AmazonName($0.value.stringValue) != nil }
        return others.first?.value.stringValue
    }

    private func named(_ value: Value, _ arn: String, _ pointer: String) {
        guard let name = AmazonName(arn) else { return }
        give(value, type: table.type(of: name), id: arn, names: [name.name], arn: name, region: nil, account: nil, tags: value.answerTags, pointer)
    }

    /// A name, ARN or URL that stands alone in a list.
    private func bare(_ text: String, _ path: [String], _ pointer: String) {
        guard let row = table.row(path, .string(text)), row.type != "none" else {
            partial["`\(path.last ?? "")`", default: 0] += 1
            _ = session.number(pointer)
            return
        }
        nameOnly += 1
        let arn = AmazonName(text)
        let last = text.split(separator: "/").last.map(String.init) ?? text
        let account = text.contains("://") ? text.split(separator: "/").map(String.init).first { $0.count == 12 && $0.allSatisfy(\.isNumber) } : nil
        give(
            .object([("name", .string(arn?.name ?? last))]), type: row.type, id: text, names: [arn?.name ?? last], arn: arn,
            region: AmazonName.region(inHost: text), account: account, tags: [:], pointer)
    }

    private func item(_ value: Value, _ row: AmazonAnswers.Row, _ parent: Value, _ pointer: String) {
        guard row.type != "none" else {
            partial["`\(row.path.last ?? "")`", default: 0] += 1
            _ = session.number(pointer)
            return
        }
        // What is only a part of something names others, not itself.
        let arnText = row.call != nil ? nil : row.arn.lazy.compactMap { value.text($0) }.first { AmazonName($0) != nil } ?? row.make.map { Self.filled($0, value) }
        let arn = AmazonName(arnText)
        let ownID = value.firstText(row.id)
        guard let id = arnText ?? ownID ?? row.call else { return other(value, row.path.last ?? "", pointer) }
        let zone = value.firstText(row.zone)
        let region = value.firstText(row.region) ?? parent.firstText(row.region) ?? zone.map(AmazonName.region(ofZone:))
        let type = row.type == "arn" ? arn.map(table.type(of:)) ?? "" : row.type
        if row.type == "arn" { nameOnly += 1 }
        var tags = row.tags.lazy.compactMap { value.member($0)?.tagTexts }.first { !$0.isEmpty } ?? [:]
        if tags.isEmpty, parent.keys != nil { tags = row.tags.lazy.compactMap { parent.member($0)?.tagTexts }.first { !$0.isEmpty } ?? [:] }
        var record = value
        if let under = row.under { record = value.with([(under, value)]) }
        give(
            record, type: type, id: id, names: [ownID, value.firstText(row.name), arn?.name], arn: arn, region: region,
            account: value.firstText(row.account) ?? parent.firstText(row.account), tags: tags, zone: zone, pointer)
    }

    /// `arn:aws:s3:::{Name}` with the members of the item in it.
    private static func filled(_ pattern: String, _ item: Value) -> String {
        var text = pattern
        for member in item.members {
            if let value = member.value.scalarText { text = text.replacing("{\(member.name)}", with: value) }
        }
        return text
    }

    private func give(
        _ value: Value, type: String, id: String, names: [String?], arn: AmazonName?, region: String?, account: String?,
        tags: [String: String], zone: String? = nil, _ pointer: String
    ) {
        let stated = session.plan.stated
        let service = type.split(separator: ":").dropFirst().first.map { $0.lowercased() } ?? ""
        let place: PlaceReference =
            if let known = arn?.place { known } else if let region { .region(provider: "aws", name: region) }
            else if AmazonName.globalServices.contains(service) { .region(provider: "aws", name: "global") }
            else if let region = stated.region { .region(provider: "aws", name: region) }
            else { .unknown("the answer names no region") }
        let owner = [arn?.account, account, stated.account].compactMap { $0 }.first { !$0.isEmpty } ?? ""
        var record: [(String, Value)] = [("configuration", table.configuration(value, of: type))]
        if let zone { record.append(("availabilityZone", .string(zone))) }
        let name = names.compactMap { $0 }.first { !$0.isEmpty } ?? id
        let item = InventoryItem(
            provider: "aws", type: type, id: id, name: name, names: names, account: owner, place: place, tags: tags)
        session.give(item, .object(record), pointer: pointer)
    }

    func finish() {
        for (name, count) in partial.sorted(by: { $0.key < $1.key }) {
            session.say(.note, "\(count) records of \(name) are no resources by themselves and are not judged")
        }
        if nameOnly > 0 {
            session.say(
                .note, "\(nameOnly) resources are known by their names and tags alone: what they copy, log or share is not in the answer",
                hint: "ask for their settings too: AWS Config, Terraform state, `describe` calls")
        }
        if failed > 0 { session.say(.warning, "\(failed) answers are errors: what was asked for is not known") }
    }
}

extension Value {
    /// Tags under whichever name answers have them.
    fileprivate var answerTags: [String: String] {
        for name in ["Tags", "tags", "TagList", "TagSet"] { if let tags = member(name)?.tagTexts, !tags.isEmpty { return tags } }
        return [:]
    }
}
