import CScan
import Residency

/// The wanted paths, compiled for the scanner.
final class PathTrie {
    let pointer: OpaquePointer
    let width: Int
    let lists: [String]

    /// The trie of a projection; `lists` are the names of members whose elements are records. A limit that the projection
    /// exceeds leaves the path out, so that its field counts as missing. `aliases` are other names of first members.
    init(_ projection: Projection, lists: [String] = [], below prefix: [String] = [], aliases: [String: String] = [:]) {
        width = projection.paths.count
        self.lists = lists
        guard let made = cscan_paths_new(UInt32(width)) else { preconditionFailure("more than \(CSCAN_MAX_SLOTS) paths") }
        pointer = made
        func add(_ slot: Int, _ names: [String]) {
            var bytes = names.flatMap { Array($0.utf8) }
            if bytes.isEmpty { bytes = [0] }
            let lengths = names.map { UInt32($0.utf8.count) }
            _ = cscan_paths_add(made, UInt32(slot), bytes, lengths, lengths.count)
        }
        for (slot, path) in projection.paths.enumerated() {
            add(slot, prefix + path)
            for (alias, name) in aliases where path.first == name { add(slot, prefix + [alias] + path.dropFirst()) }
        }
        for list in lists {
            let bytes = Array(list.utf8)
            _ = cscan_paths_add_list(made, bytes, UInt32(bytes.count))
        }
        guard cscan_paths_seal(made) else { preconditionFailure("out of memory") }
    }

    deinit { cscan_paths_free(pointer) }
}

/// The rows that a scan fills.
final class RowBuffer {
    /// As many bytes of rows as stay in the second cache beside the records they point at.
    private static let rowBytes = 64 << 10

    private(set) var rows = cscan_rows()
    private(set) var offsets: UnsafeMutablePointer<UInt64>
    private var cells = 0

    init() {
        offsets = .allocate(capacity: 1)
        prepare(width: 1)
    }

    deinit { release() }

    /// Makes room for rows of this width.
    func prepare(width: Int) {
        let capacity = max(64, min(512, Self.rowBytes / (8 * max(width, 1))))
        // One row more: the scanner uses it as scratch.
        let wanted = (capacity + 1) * max(width, 1)
        guard wanted > cells || capacity > rows.capacity else {
            rows.capacity = capacity
            return
        }
        release()
        cells = wanted
        rows.fields = .allocate(capacity: wanted)
        rows.starts = .allocate(capacity: 513)
        rows.lengths = .allocate(capacity: 513)
        rows.repeated = .allocate(capacity: 513)
        offsets = .allocate(capacity: 513)
        rows.capacity = capacity
    }

    /// The rows as the engine sees them: `cscan_view` and `FieldView` are two `UInt32` each, in the same order.
    var fields: UnsafePointer<FieldView> { UnsafeRawPointer(rows.fields).assumingMemoryBound(to: FieldView.self) }

    var capacity: Int { rows.capacity }

    /// Makes every field of a row missing.
    func clear(row: Int, width: Int) {
        rows.fields.advanced(by: row * width).update(repeating: cscan_view(), count: width)
    }

    /// Puts a piece of the buffer into a field.
    func set(_ cell: Int, _ range: Range<Int>) {
        rows.fields[cell] = cscan_view(offset: UInt32(truncatingIfNeeded: range.lowerBound), length: UInt32(truncatingIfNeeded: range.count))
    }

    private func release() {
        rows.fields?.deallocate()
        rows.starts?.deallocate()
        rows.lengths?.deallocate()
        rows.repeated?.deallocate()
        offsets.deallocate()
    }

    func run(
        _ scan: OpaquePointer, _ trie: PathTrie, _ base: UnsafePointer<UInt8>, _ count: Int, isLast: Bool, _ cursor: inout cscan_cursor
    ) -> cscan_status {
        cscan_run(scan, trie.pointer, base, count, isLast, &cursor, &rows)
    }
}

/// A member of an object or an element of an array, as positions in a buffer.
struct JSONMember {
    var name: Range<Int>
    var value: Range<Int>
}

/// The scanner of one worker.
final class Scanner {
    let pointer: OpaquePointer
    private let members: UnsafeMutablePointer<cscan_member>
    private static let memberCapacity = 128

    init(maxDepth: Int) {
        guard let made = cscan_new(UInt32(clamping: maxDepth)) else { preconditionFailure("out of memory") }
        pointer = made
        members = .allocate(capacity: Self.memberCapacity)
    }

    deinit {
        cscan_free(pointer)
        members.deallocate()
    }

    /// The members of the object, or elements of the array, that begins at `at`; of one that is cut or broken those before,
    /// the last of them perhaps with an empty value. Whoever knows where it ends says so in `before`: then no more is looked at.
    func members(
        _ bytes: UnsafeBufferPointer<UInt8>, at: Int, limit: Int = .max, before: Int? = nil
    ) -> (members: [JSONMember], isWhole: Bool, end: Int) {
        guard let base = bytes.baseAddress else { return ([], false, at) }
        let length = min(before ?? bytes.count, bytes.count)
        var found: [JSONMember] = []
        var next = 0
        var end = at
        repeat {
            var count = 0
            let reason = cscan_members(pointer, base, length, at, members, Self.memberCapacity, &count, &next, &end)
            for index in 0..<count {
                let (name, value) = (members[index].name, members[index].value)
                found.append(
                    JSONMember(
                        name: Int(name.offset)..<Int(name.offset + name.length),
                        value: Int(value.offset)..<Int(value.offset + value.length)))
            }
            if reason != CSCAN_OK { return (found, false, end) }
        } while next != 0 && found.count < limit
        return (found, next == 0, end)
    }

    /// Where the value that begins at `at` ends, by its brackets alone; `nil` if it does not.
    func end(_ bytes: UnsafeBufferPointer<UInt8>, at: Int) -> Int? {
        guard let base = bytes.baseAddress, at < bytes.count else { return nil }
        var end = 0
        return cscan_skip(pointer, base, bytes.count, at, &end) == CSCAN_OK ? end : nil
    }
}

/// Why bytes are not JSON.
struct JSONFault {
    var message: String
    var at: Int
    /// The text ends too early, rather than being wrong.
    var isCut: Bool

    init(_ reason: cscan_reason, at: Int) {
        self.at = at
        isCut = reason == CSCAN_CUT
        message =
            switch reason {
            case CSCAN_CUT: "the text ends inside a value"
            case CSCAN_NO_VALUE: "a value is due here"
            case CSCAN_NO_KEY: "a member's name in quotes is due here"
            case CSCAN_NO_COLON: "`:` is due after a member's name"
            case CSCAN_NO_COMMA: "`,` or a closing bracket is due here"
            case CSCAN_SCALAR: "neither a number nor `true`, `false`, `null`"
            case CSCAN_CONTROL: "a control character in a string"
            case CSCAN_UTF8: "not UTF-8"
            case CSCAN_DEEP: "nested too deep"
            case CSCAN_ESCAPE: "a wrong escape in a string"
            case CSCAN_BRACKET: "a closing bracket that closes nothing"
            case CSCAN_TRAILING: "text after the value"
            default: "not JSON"
            }
    }

    /// Parses strictly; `nil` if the bytes are one JSON text.
    static func check(_ bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int) -> JSONFault? {
        var at = 0
        let reason = cscan_check(bytes.baseAddress, bytes.count, UInt32(clamping: maxDepth), &at)
        return reason == CSCAN_OK ? nil : JSONFault(reason, at: at)
    }
}
