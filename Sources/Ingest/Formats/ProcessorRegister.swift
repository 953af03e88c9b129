import CEL
import Residency
import Yams

/// A register of processors: who processes data on our behalf, where, and on what ground.
///
///     processors:
///       - {name: mailer, purpose: e-mail, entity_country: US, storage: [US], processing: [US], data: [customer],
///          tenants: [eu], transfer_basis: SCC 2021/914 module 2, until: 2027-06-30, hosts: [api.mailer.example]}
///
/// Or CSV with the same names in its first line, and `;` between the items of a list.
enum ProcessorRegister: InputFormat {
    static let id = "processor-register"
    static let title = "a register of processors (YAML or CSV)"

    private static let texts = [
        "name", "title", "purpose", "entity_country", "transfer_basis", "from", "until", "status", "role", "contact", "reference", "note",
    ]
    private static let lists = ["storage", "processing", "data", "tenants", "hosts", "subprocessors"]
    private static let statuses = ["live", "planned", "ended"]

    static func recognises(_ head: Head) -> Bool {
        guard let first = head.documents.first else { return false }
        let lines = head.lines(200)
        if lines.contains(where: { $0.hasPrefix("processors:") }) { return true }
        if head.first(first) == UInt8(ascii: "{") { return head.candidates.contains { $0.has("processors") } }
        guard let header = lines.first(where: { !$0.isEmpty && !$0.hasPrefix("#") }) else { return false }
        return columns(header, ",") || columns(header, ";")
    }

    private static func columns(_ header: String, _ separator: Character) -> Bool {
        let names = Set(header.split(separator: separator).map(Self.name))
        return names.contains("name") && !names.isDisjoint(with: ["storage", "processing", "entity_country", "transfer_basis"])
    }

    /// A column's name as the YAML key: `Entity country` is `entity_country`.
    private static func name(_ text: some StringProtocol) -> String {
        let kept = text.lowercased().filter { $0 != "\"" && $0 != "\r" && $0 != "\u{feff}" }
        return kept.split(whereSeparator: { $0 == " " || $0 == "-" || $0 == "_" }).joined(separator: "_")
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        guard try session.readTree() else { return }
        let bytes = session.window.bytes
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.utf8.count == bytes.count, !text.unicodeScalars.contains("\u{fffd}") else {
            return session.malformed(byte: 0, "a register must be UTF-8")
        }
        let head = Head(bytes, scanner: session.scanner)
        let isYAML = head.lines(200).contains { $0.hasPrefix("processors:") } || head.first(head.documents.first ?? 0) == UInt8(ascii: "{")
        if isYAML { readYAML(text, session) } else { readCSV(bytes, session) }
    }

    private static func readYAML(_ text: String, _ session: ReadSession) {
        var budget = YAMLText.maxValues
        do throws(YAMLText.Fault) {
            for document in try YAMLText.documents(text) {
                guard case .mapping(let mapping) = document, case .sequence(let entries)? = mapping["processors"] else {
                    complain(session, document.mark, "a register has a list `processors`")
                    continue
                }
                for (index, entry) in entries.enumerated() {
                    let place = "/processors/\(index)"
                    guard case .mapping(let fields) = entry else {
                        complain(session, entry.mark, "a processor is a map with a `name`")
                        continue
                    }
                    var members: [(String, Value)] = []
                    for (key, value) in fields {
                        guard case .scalar(let name) = key else { continue }
                        members.append((name.string, try YAMLText.value(value, &budget)))
                    }
                    take(members, place, line: entry.mark?.line, session)
                }
            }
        } catch {
            session.outcome.malformed += 1
            session.ordinal += 1
            session.say(.error, line: error.line, column: error.column, error.message)
        }
    }

    private static func complain(_ session: ReadSession, _ mark: Mark?, _ message: String) {
        session.outcome.malformed += 1
        session.ordinal += 1
        session.say(.error, line: mark?.line, column: mark?.column, message)
    }

    private static func readCSV(_ bytes: UnsafeBufferPointer<UInt8>, _ session: ReadSession) {
        let first = bytes.prefix { $0 != 0x0a }
        let usesSemicolons = first.count(where: { $0 == UInt8(ascii: ";") }) > first.count(where: { $0 == UInt8(ascii: ",") })
        let (rows, unclosed) = CSVText.rows(bytes, separator: usesSemicolons ? UInt8(ascii: ";") : UInt8(ascii: ","))
        guard let header = rows.first else { return }
        let names = header.fields.map(name)
        for row in rows.dropFirst() {
            guard row.fields.count <= names.count else {
                session.outcome.malformed += 1
                session.ordinal += 1
                session.say(.error, line: row.line, "\(row.fields.count) fields where the first line names \(names.count)")
                continue
            }
            let members = zip(names, row.fields).compactMap { name, field -> (String, Value)? in
                let text = trimmed(field)
                guard !text.isEmpty else { return nil }
                guard lists.contains(name) else { return (name, .string(text)) }
                let items = text.split(whereSeparator: { $0 == ";" || $0 == "|" || $0 == "," }).map { Value.string(trimmed(String($0))) }
                return (name, .array(items))
            }
            take(members, "line:\(row.line)", line: row.line, session)
        }
        if let unclosed { session.say(.error, line: unclosed, "a quote is not closed") }
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// Makes a resource of one entry, or says what is wrong with it: all of it.
    private static func take(_ members: [(String, Value)], _ place: String, line: Int?, _ session: ReadSession) {
        var wrong: [(String, String?)] = []
        var values: [(String, Value)] = []
        for (name, value) in members {
            if lists.contains(name) {
                let items = value.elements ?? (value.isNull ? [] : [value])
                if items.contains(where: { $0.scalarText == nil }) { wrong.append(("`\(name)` is a list of texts", nil)) }
                values.append((name, .array(items.compactMap { $0.scalarText.map(Value.string) })))
            } else if texts.contains(name) {
                if let text = value.scalarText {
                    values.append((name, .string(text)))
                } else if !value.isNull {
                    wrong.append(("`\(name)` is a text", nil))
                }
            } else {
                let near = nearest(to: name, in: texts + lists)
                wrong.append(("`\(name)` is not a field of a register", near.map { "did you mean `\($0)`?" }))
            }
        }
        let record = Value.object(values)
        if let status = record.text("status"), !statuses.contains(status) {
            wrong.append(("`status` is `live`, `planned` or `ended`, not `\(status)`", nil))
        }
        guard let name = record.text("name") else {
            wrong.append(("a processor has no `name`", nil))
            return fail(wrong, place, line, session)
        }
        guard wrong.isEmpty else { return fail(wrong, place, line, session) }
        let ordinal = session.number(place)
        let attributes: [(String, Value)] = [
            ("type", "processor"), ("id", .string(name)), ("name", .string(name)), ("region", ""), ("account", ""), ("tags", .object([])),
            ("values", record),
        ]
        let hosts = record.member("hosts")?.elements?.map(\.stringValue) ?? []
        session.give(
            Resource(
                provider: "register", type: "processor", id: name, aliases: aliases([record.text("title")] + hosts, besides: name),
                account: "", place: .unknown("a register says where a processor works, not where it is"), tags: [:],
                attributes: .object(attributes), ordinal: ordinal, pointer: place))
    }

    private static func fail(_ wrong: [(String, String?)], _ place: String, _ line: Int?, _ session: ReadSession) {
        session.outcome.pointers.append(ordinal: session.ordinal, place: place)
        session.outcome.malformed += 1
        session.ordinal += 1
        for (message, hint) in wrong { session.say(.error, line: line, message, hint: hint) }
    }

    /// The name that differs in the fewest letters, if those are few.
    private static func nearest(to name: String, in names: [String]) -> String? {
        let best = names.map { ($0, distance(Array(name), Array($0))) }.min { $0.1 < $1.1 }
        guard let best, best.1 <= max(1, name.count / 3) else { return nil }
        return best.0
    }

    private static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (x == y ? 0 : 1))
                diagonal = row[j + 1]
                row[j + 1] = next
            }
        }
        return row[b.count]
    }
}
