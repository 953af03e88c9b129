import CScan
import Residency

/// Some records that were scanned together. Valid until the walk goes on.
struct RecordBatch {
    let bytes: UnsafeBufferPointer<UInt8>
    let rows: RowBuffer
    let count: Int
    /// Where the records stand in the input.
    let places: Places
    /// What to add to a position in `bytes` to get the byte of the inflated input; `nil` if `bytes` are the text of a string
    /// that begins at `fixedByte`.
    let position: Int?
    let fixedByte: Int
    /// How many envelopes these records are in.
    let depth: Int

    enum Places {
        /// Elements of a list: its pointer with a slash after it, and the index of the first.
        case list(prefix: String, first: Int)
        /// Documents of their own: the line on which each begins.
        case lines([Int])
        /// The one record at this place.
        case single(String)
    }

    /// The bytes of one record.
    func record(_ row: Int) -> Range<Int> {
        let start = Int(rows.rows.starts[row])
        return start..<(start + Int(rows.rows.lengths[row]))
    }

    /// The projected fields, row by row.
    var fields: UnsafePointer<FieldView> { rows.fields }

    /// Whether a wanted member came twice in the record.
    func isRepeated(_ row: Int) -> Bool { rows.rows.repeated[row] != 0 }

    func byte(_ row: Int) -> Int { position.map { $0 + Int(rows.rows.starts[row]) } ?? fixedByte }

    func pointer(_ row: Int) -> String {
        switch places {
        case .list(let prefix, let first): "\(prefix)\(first + row)"
        case .lines(let lines): "line:\(lines[row])"
        case .single(let place): place
        }
    }
}

/// Walks the records of a JSON input, whichever way they are put together: a member that is a list of records, a bare list,
/// one document a line, documents one after the other. Large inputs pass through the session's window.
///
/// Whatever is not JSON is counted, told and stepped over, to the next place at which a record can begin; from the first
/// such place on, every record is parsed strictly, also in the parts that nobody asked for.
final class RecordWalk {
    private let session: ReadSession
    private let trie: PathTrie
    private let deliver: (RecordBatch) throws(ReadError) -> Void
    private var isStrict = false

    /// Envelopes deeper than this are not opened.
    static let maxEnvelopes = 6

    init(_ session: ReadSession, trie: PathTrie, deliver: @escaping (RecordBatch) throws(ReadError) -> Void) {
        self.session = session
        self.trie = trie
        self.deliver = deliver
    }

    /// Walks the whole input.
    func walk() throws(ReadError) {
        var state = State(depth: 0, prefix: "", nested: nil, position: 0, fixedByte: 0)
        if session.window.bytes.starts(with: [0xef, 0xbb, 0xbf]) { state.cursor.at = 3 }
        try walk(&state)
    }

    /// Walks a text that was found in an envelope: a document with records of its own. `prefix` is where it stands.
    func walk(nested bytes: UnsafeBufferPointer<UInt8>, prefix: String, position: Int?, fixedByte: Int, depth: Int) throws(ReadError) {
        var state = State(depth: depth, prefix: prefix, nested: bytes, position: position, fixedByte: fixedByte)
        try walk(&state)
    }

    private struct State {
        let depth: Int
        let prefix: String
        let nested: UnsafeBufferPointer<UInt8>?
        let position: Int?
        let fixedByte: Int
        var cursor = cscan_cursor()
        /// The pointer of the list that is walked, with a slash after it, and the index of its next element.
        var list = ""
        var index = 0
        /// Lines are counted up to this position of the window.
        var line = 1
        var counted = 0
        /// A list of records has ended before: of what comes after it, the place needs its line.
        var hasLeft = false
        var firstListLine = 1
        /// The last thing told was about the place between two elements here.
        var toldAt = -1
    }

    private func bytes(_ state: State) -> UnsafeBufferPointer<UInt8> { state.nested ?? session.window.bytes }

    private func walk(_ state: inout State) throws(ReadError) {
        let rows = session.buffers.rows(state.depth)
        rows.prepare(width: trie.width)
        while true {
            let bytes = bytes(state)
            guard let base = bytes.baseAddress else { return }
            let isLast = state.nested != nil || session.window.isLast
            let inList = state.cursor.where != CSCAN_AT_TOP
            let status = rows.run(session.scanner.pointer, trie, base, bytes.count, isLast: isLast, &state.cursor)
            // Records may hold envelopes, which are scanned by the same scanner: ask what it found before they are taken.
            let fault = status == CSCAN_BAD ? JSONFault(cscan_why(session.scanner.pointer), at: cscan_bad_at(session.scanner.pointer)) : nil
            let name = status == CSCAN_ENTER ? cscan_list_name(session.scanner.pointer) : cscan_view()
            if rows.rows.count > 0 { try take(rows, bytes, inList: inList, &state) }
            switch status {
            case CSCAN_END: return
            case CSCAN_FULL:
                if Task.isCancelled { throw ReadError(.cancelled, path: session.file.name, message: "was not read to its end: cancelled") }
            case CSCAN_MORE: try more(&state)
            case CSCAN_ENTER: enter(bytes, name, &state)
            case CSCAN_LEAVE:
                state.list = ""
                state.hasLeft = true
            default:
                guard let fault, try recover(&state, bytes, fault) else { return }
            }
        }
    }

    private func enter(_ bytes: UnsafeBufferPointer<UInt8>, _ name: cscan_view, _ state: inout State) {
        let range = Int(name.offset)..<Int(name.offset + name.length)
        var prefix = state.prefix
        if state.depth == 0, state.hasLeft {
            count(to: state.cursor.at, bytes, &state)
            if state.line > state.firstListLine { prefix = "line:\(state.line)" }
        } else if state.depth == 0 {
            count(to: state.cursor.at, bytes, &state)
            state.firstListLine = state.line
        }
        state.list = range.isEmpty ? "\(prefix)/" : "\(prefix)/\(String(decoding: bytes[range], as: UTF8.self))/"
        state.index = 0
    }

    /// Hands over what was scanned; in the strict state, what stands the strict parser only.
    private func take(_ rows: RowBuffer, _ bytes: UnsafeBufferPointer<UInt8>, inList: Bool, _ state: inout State) throws(ReadError) {
        let count = rows.rows.count
        var places = RecordBatch.Places.list(prefix: state.list, first: state.index)
        if inList {
            state.index += count
        } else if state.depth > 0 {
            places = .single(state.prefix)
        } else {
            places = .lines(lines(rows, bytes, &state))
        }
        let batch = RecordBatch(
            bytes: bytes, rows: rows, count: count, places: places,
            position: state.nested == nil ? session.window.position : state.position,
            fixedByte: state.fixedByte, depth: state.depth)
        try deliver(batch)
    }

    private func lines(_ rows: RowBuffer, _ bytes: UnsafeBufferPointer<UInt8>, _ state: inout State) -> [Int] {
        var lines: [Int] = []
        lines.reserveCapacity(rows.rows.count)
        for row in 0..<rows.rows.count {
            count(to: Int(rows.rows.starts[row]), bytes, &state)
            lines.append(state.line)
        }
        return lines
    }

    private func count(to at: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ state: inout State) {
        guard at > state.counted, let base = bytes.baseAddress else { return }
        state.line += cscan_newlines(base + state.counted, at - state.counted)
        state.counted = at
    }

    /// Gets more bytes for the record that the window cuts, or gives it up if it is longer than a record may be.
    private func more(_ state: inout State) throws(ReadError) {
        let start = state.cursor.at
        guard session.window.count - start <= session.plan.limits.maxRecordBytes else { return try stepOverLongRecord(&state) }
        count(to: start, session.window.bytes, &state)
        _ = try session.refill(keeping: start)
        state.cursor.at = 0
        state.counted = 0
        state.toldAt = -1
    }

    private func place(_ state: State) -> String {
        if !state.list.isEmpty { return "\(state.list)\(state.index)" }
        return state.depth > 0 ? state.prefix : "line:\(state.line)"
    }

    private func tell(_ state: inout State, at: Int, _ message: String, hint: String? = nil) {
        let byte = state.nested == nil ? session.window.position + at : state.position.map { $0 + at } ?? state.fixedByte
        session.malformed(byte: byte, place: place(state), message, hint: hint)
        isStrict = true
    }
}

extension RecordWalk {
    /// Whether a record may be handed over: always, until something in the input was wrong; from then on if it is JSON to
    /// its last byte.
    func isSound(_ batch: RecordBatch, _ row: Int) -> JSONFault? {
        guard isStrict else { return nil }
        let record = UnsafeBufferPointer(rebasing: batch.bytes[batch.record(row)])
        return JSONFault.check(record, maxDepth: session.plan.limits.maxDepth)
    }

    /// Steps over a record of any length without keeping it.
    private func stepOverLongRecord(_ state: inout State) throws(ReadError) {
        let limit = session.plan.limits.maxRecordBytes
        if state.list.isEmpty { count(to: state.cursor.at, session.window.bytes, &state) }
        tell(&state, at: state.cursor.at, "a record is longer than \(limit) bytes", hint: "the limit can be raised")
        var skipper = ValueSkipper()
        var at = state.cursor.at
        while true {
            let bytes = session.window.bytes
            if let end = skipper.feed(bytes, from: at) {
                state.cursor.at = end
                break
            }
            at = bytes.count
            if state.list.isEmpty { count(to: at, bytes, &state) }
            guard try session.refill(keeping: at) else {
                state.cursor.at = session.window.count
                return
            }
            at = 0
            state.counted = 0
        }
        if state.list.isEmpty {
            state.cursor.where = CSCAN_AT_TOP
        } else if state.cursor.where != CSCAN_AT_MEMBER {
            state.index += 1
            state.cursor.where = CSCAN_AT_COMMA
        } else {
            state.cursor.where = CSCAN_AT_TOP
            state.list = ""
        }
    }

    /// Steps over what is not JSON. False if nothing after it can be read.
    private func recover(
        _ state: inout State, _ bytes: UnsafeBufferPointer<UInt8>, _ fault: JSONFault
    ) throws(ReadError) -> Bool {
        let start = state.cursor.at
        if state.list.isEmpty { count(to: start, bytes, &state) }
        let isBetween = state.cursor.where == CSCAN_AT_COMMA
        let isFirst = !isStrict && state.depth == 0
        // After a record that was told, what stands between it and the next one is part of the same trouble.
        if !(isBetween && state.toldAt == start) { tell(&state, at: fault.at, fault.message, hint: hint(fault)) }
        if isFirst { recheck(bytes, before: start) }
        if state.cursor.where == CSCAN_AT_FIRST || state.cursor.where == CSCAN_AT_ELEMENT {
            // An element: if its brackets balance, the next one can be found.
            if !fault.isCut, let end = session.scanner.end(bytes, at: start), followsElement(bytes, end) {
                state.cursor.at = end
                state.cursor.where = CSCAN_AT_COMMA
                state.index += 1
                state.toldAt = end
                return true
            }
        } else if isBetween, start < bytes.count {
            if bytes[start] == UInt8(ascii: "}") {
                state.cursor.at = start + 1
                state.toldAt = afterSpace(bytes, start + 1)
                return true
            }
            if bytes[start] == UInt8(ascii: "{") {
                state.cursor.where = CSCAN_AT_ELEMENT
                return true
            }
        }
        return try nextLine(&state, fault)
    }

    /// Parses strictly what the window still holds of the records before the first flaw. They were handed over; what in them
    /// is not JSON is counted all the same.
    private func recheck(_ bytes: UnsafeBufferPointer<UInt8>, before end: Int) {
        guard let base = bytes.baseAddress, session.window.position == 0 else { return }
        let rows = session.buffers.rows(Self.maxEnvelopes + 1)
        let everything = session.tries.trie(Projection(), lists: trie.lists)
        rows.prepare(width: everything.width)
        var cursor = cscan_cursor()
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { cursor.at = 3 }
        while cursor.at < end {
            let status = rows.run(session.scanner.pointer, everything, base, bytes.count, isLast: true, &cursor)
            for row in 0..<rows.rows.count where Int(rows.rows.starts[row]) < end {
                let start = Int(rows.rows.starts[row])
                let record = UnsafeBufferPointer(rebasing: bytes[start..<(start + Int(rows.rows.lengths[row]))])
                guard let fault = JSONFault.check(record, maxDepth: session.plan.limits.maxDepth) else { continue }
                session.outcome.malformed += 1
                session.say(.warning, byte: start + fault.at, "a record that was read is not JSON to its end: \(fault.message)")
            }
            guard [CSCAN_FULL, CSCAN_ENTER, CSCAN_LEAVE].contains(status) else { return }
        }
    }

    private func hint(_ fault: JSONFault) -> String? { fault.isCut ? "was it copied or uploaded whole?" : nil }

    private func afterSpace(_ bytes: UnsafeBufferPointer<UInt8>, _ from: Int) -> Int {
        var at = from
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0a || bytes[at] == 0x0d || bytes[at] == 0x09 { at += 1 }
        return at
    }

    private func followsElement(_ bytes: UnsafeBufferPointer<UInt8>, _ end: Int) -> Bool {
        let at = afterSpace(bytes, end)
        return at >= bytes.count || [UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}")].contains(bytes[at])
    }

    /// Goes to the next line at which a document can begin: any line where documents are lines, one that opens a bracket
    /// where they are spread over several.
    private func nextLine(_ state: inout State, _ fault: JSONFault) throws(ReadError) -> Bool {
        guard state.nested == nil else { return false }
        let lineEnd = Lines.newline(session.window.bytes, from: state.cursor.at) ?? Int.max
        let areLines = state.list.isEmpty && fault.at <= lineEnd
        var at = state.cursor.at
        while true {
            let bytes = session.window.bytes
            guard let newline = Lines.newline(bytes, from: at), newline + 1 < bytes.count || session.window.isLast else {
                if session.window.isLast { return false }
                let kept = Lines.newline(bytes, from: at) ?? bytes.count
                count(to: kept, bytes, &state)
                _ = try session.refill(keeping: kept)
                state.counted = 0
                at = 0
                continue
            }
            at = newline + 1
            guard at < bytes.count else { return false }
            let first = bytes[at]
            let opens = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
            guard opens || (areLines && first > 0x20 && first != UInt8(ascii: "}") && first != UInt8(ascii: "]")) else { continue }
            state.cursor = cscan_cursor(at: at, where: CSCAN_AT_TOP, in_object: false)
            state.list = ""
            return true
        }
    }
}

/// Finds the end of a value in pieces, keeping none of them.
struct ValueSkipper {
    private var depth = 0
    private var inString = false
    private var isEscaped = false

    /// Goes through bytes; the position after the value, if it ends in them.
    mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>, from: Int) -> Int? {
        for at in from..<bytes.count {
            let byte = bytes[at]
            if isEscaped {
                isEscaped = false
            } else if inString {
                if byte == UInt8(ascii: "\\") { isEscaped = true }
                guard byte == UInt8(ascii: "\"") else { continue }
                inString = false
                if depth == 0 { return at + 1 }
            } else {
                switch byte {
                case UInt8(ascii: "\""): inString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    if depth <= 0 { return at + 1 }
                default: break
                }
            }
        }
        return nil
    }
}
