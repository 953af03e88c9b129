import CEL
import CXML

/// XML, element by element, from a session's window. Entities are refused, so nothing in a document can grow.
enum XMLWalk {
    /// What is wrong with a document.
    struct Fault: Error {
        var message: String
        var line: Int
        /// It may be XML, but of a kind that is not read.
        var isRefusal = false
    }

    private static let refusal = "declares entities, which are not expanded"
    /// How much of a document is looked at for declarations before it is parsed.
    private static let prologBytes = 64 << 10

    /// Where the parser gets its bytes.
    private final class Source {
        let session: ReadSession
        var at = 0
        var failure: ReadError?
        init(_ session: ReadSession) { self.session = session }

        func fill(_ buffer: UnsafeMutablePointer<CChar>, _ length: Int) -> Int {
            while at >= session.window.count {
                do throws(ReadError) {
                    guard try session.refill(keeping: session.window.count) else { return 0 }
                } catch {
                    failure = error
                    return -1
                }
                at = 0
            }
            let count = min(length, session.window.count - at)
            // The window has `count` bytes from `at` on, and the buffer room for `length`.
            UnsafeMutableRawPointer(buffer).copyMemory(from: session.window.base + at, byteCount: count)
            at += count
            return count
        }
    }

    /// Reads the document to its end. `element` is given each element that stands at the path, as a value, with its number and line.
    ///
    /// - Parameter path: names of elements from the root on; empty for the root's children.
    /// - Returns: the root's name.
    static func walk(
        _ session: ReadSession, path: [String], element: (Value, Int, Int) -> Void
    ) throws(ReadError) -> Result<String, Fault> {
        // Entities are told before libxml2 is asked: in its own way it would read on to where they are used.
        let first = session.window.bytes.prefix(prologBytes)
        if let at = String(decoding: first, as: UTF8.self).firstRange(of: "<!ENTITY") {
            let before = String(decoding: first, as: UTF8.self)[..<at.lowerBound]
            return .failure(Fault(message: refusal, line: before.utf8.count { $0 == 0x0a } + 1, isRefusal: true))
        }
        let source = Source(session)
        let context = Unmanaged.passUnretained(source).toOpaque()
        // `source` outlives the reader: both end with this function.
        guard
            let reader = cxml_reader_new(
                { context, buffer, length in
                    guard let context, let buffer else { return -1 }
                    return Int32(Unmanaged<Source>.fromOpaque(context).takeUnretainedValue().fill(buffer, Int(length)))
                }, context)
        else { return .failure(Fault(message: "out of memory", line: 1)) }
        defer { cxml_reader_free(reader) }
        let result = elements(reader, path: path, element: element)
        withExtendedLifetime(source) {}
        if let failure = source.failure { throw failure }
        return result
    }

    private static func elements(_ reader: OpaquePointer, path: [String], element: (Value, Int, Int) -> Void) -> Result<String, Fault> {
        var open: [String] = []
        var root = ""
        var stack: [Building] = []
        var number = 0
        let depth = path.isEmpty ? 2 : path.count
        func isWanted() -> Bool { open.count == depth && (path.isEmpty || open == path) }
        while true {
            let status = cxml_reader_next(reader)
            if status == 0 { return root.isEmpty ? .failure(Fault(message: "there is no element", line: 1)) : .success(root) }
            guard status == 1 else {
                let line = Int(cxml_reader_message_line(reader))
                return .failure(Fault(message: text(cxml_reader_message(reader)) ?? "not XML", line: max(line, 1)))
            }
            let line = Int(cxml_reader_line(reader))
            switch cxml_reader_kind(reader) {
            case CXML_DOCTYPE:
                if cxml_reader_declares_entities(reader) != 0 { return .failure(Fault(message: refusal, line: line, isRefusal: true)) }
            case CXML_ENTITY: return .failure(Fault(message: "refers to an entity, which is not expanded", line: line, isRefusal: true))
            case CXML_ELEMENT:
                let name = text(cxml_reader_name(reader)) ?? ""
                if root.isEmpty { root = name }
                open.append(name)
                let isEmpty = cxml_reader_is_empty(reader) != 0
                if !stack.isEmpty || isWanted() {
                    var building = Building(name: name, line: line)
                    while cxml_reader_next_attribute(reader) == 1 {
                        building.members.append((text(cxml_reader_name(reader)) ?? "", .string(text(cxml_reader_value(reader)) ?? "")))
                    }
                    cxml_reader_leave_attributes(reader)
                    stack.append(building)
                }
                if isEmpty { close() }
            case CXML_END: close()
            case CXML_TEXT: if let last = stack.indices.last { stack[last].text += text(cxml_reader_value(reader)) ?? "" }
            default: break
            }
        }
        func close() {
            open.removeLast()
            guard let done = stack.popLast() else { return }
            if let last = stack.indices.last {
                stack[last].members.append((done.name, done.value))
            } else {
                element(done.value, number, done.line)
                number += 1
            }
        }
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String? { pointer.map { String(cString: $0) } }

    /// An element that is not complete yet.
    private struct Building {
        var name: String
        var line: Int
        var members: [(String, Value)] = []
        var text = ""

        /// Attributes and elements by name, those that repeat as a list; an element with text alone is the text.
        var value: Value {
            let own = text.trimmingSpace
            guard !members.isEmpty else { return .string(own) }
            var order: [String] = []
            var values: [String: [Value]] = [:]
            for (name, value) in members {
                if values[name] == nil { order.append(name) }
                values[name, default: []].append(value)
            }
            var made: [(String, Value)] = order.map { name in
                let all = values[name] ?? []
                return (name, all.count == 1 ? all[0] : .array(all))
            }
            if !own.isEmpty { made.append(("text", .string(own))) }
            return .object(made)
        }
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmingSpace: String {
        let start = drop(while: \.isWhitespace)
        return String(start.prefix(start.count - start.reversed().prefix(while: \.isWhitespace).count))
    }
}
