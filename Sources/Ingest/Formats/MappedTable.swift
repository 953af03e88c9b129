import CEL
import Residency

/// The user's own CSV, NDJSON, JSON or XML, by a mapping (`InputMapping`).
enum MappedTable {
    static let id = "mapped"

    static func read(_ session: ReadSession, _ mapping: InputMapping) throws(ReadError) {
        let bytes = session.window.bytes
        let first = bytes.first { !($0 <= 0x20 || $0 == 0xef || $0 == 0xbb || $0 == 0xbf) }
        switch first {
        case nil: session.say(.note, "is empty")
        case UInt8(ascii: "{"), UInt8(ascii: "["): try json(session, mapping)
        case UInt8(ascii: "<"): try xml(session, mapping)
        default: try csv(session, mapping)
        }
    }

    private static func take(_ record: Value, _ mapping: InputMapping, _ session: ReadSession, pointer: String, byte: Int?, line: Int?) {
        switch mapping.resource(record, stated: session.plan.stated, ordinal: session.ordinal, pointer: pointer) {
        case .success(let resource):
            _ = session.number(pointer)
            session.give(resource)
        case .failure(let missing):
            if let line { return session.malformed(line: line, place: pointer, missing.message) }
            session.malformed(byte: byte ?? 0, place: pointer, missing.message)
        }
    }

    private static func json(_ session: ReadSession, _ mapping: InputMapping) throws(ReadError) {
        let path = mapping.records
        try ValueWalk.walk(session, lists: path.count == 1 ? path : []) { record, place in
            guard place.list.isEmpty, !path.isEmpty else {
                return take(record, mapping, session, pointer: place.pointer, byte: place.byte, line: nil)
            }
            descend(record, path[...], place.pointer.insideRecord) { value, pointer in
                take(value, mapping, session, pointer: pointer.isEmpty ? place.pointer : pointer, byte: place.byte, line: nil)
            }
        }
    }

    private static func descend(_ value: Value, _ path: ArraySlice<String>, _ pointer: String, _ body: (Value, String) -> Void) {
        if let elements = value.elements {
            for (index, element) in elements.enumerated() { descend(element, path, "\(pointer)/\(index)", body) }
        } else if let name = path.first {
            if let inner = value.member(name) { descend(inner, path.dropFirst(), "\(pointer)/\(name)", body) }
        } else {
            body(value, pointer)
        }
    }

    private static func xml(_ session: ReadSession, _ mapping: InputMapping) throws(ReadError) {
        let path = "/" + mapping.records.joined(separator: "/")
        let result = try XMLWalk.walk(session, path: mapping.records) { value, number, line in
            take(value, mapping, session, pointer: "\(path)[\(number + 1)]", byte: nil, line: line)
        }
        if case .failure(let fault) = result { session.malformed(line: fault.line, place: "line:\(fault.line)", fault.message) }
    }

    private static func csv(_ session: ReadSession, _ mapping: InputMapping) throws(ReadError) {
        var names: [String] = []
        var separator = mapping.separator
        try CSVWalk.walk(session) { bytes, line in
            if separator == nil { separator = CSVText.separator(bytes) }
            let (rows, unclosed) = CSVText.rows(bytes, separator: separator ?? UInt8(ascii: ","))
            if unclosed != nil { return session.malformed(line: line, place: "line:\(line)", "a quote is not closed") }
            guard let fields = rows.first?.fields else { return }
            if names.isEmpty {
                names = fields.map(\.trimmingSpace)
                return
            }
            guard fields.count <= names.count else {
                return session.malformed(line: line, place: "line:\(line)", "\(fields.count) fields where the first line names \(names.count)")
            }
            let record = Value.object(Array(zip(names, fields.map { Value.string($0) })))
            take(record, mapping, session, pointer: "line:\(line)", byte: nil, line: line)
        }
    }
}

/// A file with a mapping, read as an input: whether it is right is told, and it is in the run with its digest.
enum MappingFile: InputFormat {
    static let id = "mapping"
    static let title = "a mapping of the user's own tables"

    static func recognises(_ head: Head) -> Bool { head.lines(200).contains { $0.hasPrefix("domicile-mapping:") } }

    static func read(_ session: ReadSession) throws(ReadError) {
        guard try session.readTree() else { return }
        if !InputMapping.isMapping(name: session.file.name) {
            session.say(.warning, "is a mapping that no file is read by", hint: "name it `\(InputMapping.fileName)`, or `NAME.\(InputMapping.fileName)`")
        }
        do throws(YAMLText.Fault) {
            _ = try InputMapping(yaml: String(decoding: session.window.bytes, as: UTF8.self))
        } catch {
            session.malformed(line: error.line ?? 1, column: error.column, place: "line:\(error.line ?? 1)", error.message)
        }
    }
}
