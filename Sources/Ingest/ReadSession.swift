import Residency

/// The reading of one input: what formats read from, and what they hand over to.
final class ReadSession {
    let file: InputFile
    let plan: ReadPlan
    let window: InputWindow
    let scanner: Scanner
    let buffers: RowBuffers
    let tries: TrieCache
    private var source: RawSource
    private let hash: (UnsafeRawBufferPointer) -> Void
    private let resourceSink: (Resource) -> Void
    private let eventSink: (EventLayout, Projection, EventBatch) -> Void
    var outcome = ReadOutcome()
    /// The number of the next record.
    var ordinal = 0
    private var unsaid = 0

    init(
        file: InputFile, plan: ReadPlan, reader: InputReader, source: consuming RawSource,
        hash: @escaping (UnsafeRawBufferPointer) -> Void, resources: @escaping (Resource) -> Void,
        events: @escaping (EventLayout, Projection, EventBatch) -> Void
    ) {
        self.file = file
        self.plan = plan
        self.source = source
        self.hash = hash
        window = reader.window
        scanner = reader.scanner(maxDepth: plan.limits.maxDepth)
        buffers = reader.buffers
        tries = reader.tries
        resourceSink = resources
        eventSink = events
    }

    /// Fills the first window.
    func open() throws(ReadError) {
        try window.open(&source, name: file.name, limits: plan.limits, hash: hash)
    }

    /// Drops the window's bytes before `kept` and reads more; false if there was no more.
    func refill(keeping kept: Int) throws(ReadError) -> Bool {
        if Task.isCancelled { throw ReadError(.cancelled, path: file.name, message: "was not read to its end: cancelled") }
        return window.refill(&source, keeping: kept, hash: hash)
    }

    /// Makes the window hold the whole input; false, and told, if it is larger than a document may be.
    func readWhole() throws(ReadError) -> Bool {
        while !window.isLast {
            guard window.count <= plan.limits.maxDocumentBytes else {
                malformed(
                    byte: 0, "is larger than \(plan.limits.maxDocumentBytes) bytes, too large for a document that is read as a whole")
                return false
            }
            _ = try refill(keeping: 0)
        }
        return true
    }

    /// Hands a resource over; the session numbers it.
    func give(_ resource: Resource) {
        outcome.resources += 1
        resourceSink(resource)
    }

    func give(_ layout: EventLayout, _ projection: Projection, _ batch: EventBatch) {
        outcome.events += batch.count
        outcome.records += batch.count
        eventSink(layout, projection, batch)
    }

    /// Counts a record that cannot be decoded and says where it is. It has a number like any other.
    func malformed(byte: Int, place: String? = nil, _ message: String, hint: String? = nil) {
        outcome.malformed += 1
        if let place { outcome.pointers.append(ordinal: ordinal, place: place) }
        ordinal += 1
        say(.warning, byte: byte, message, hint: hint)
    }

    /// Says something about the input, up to the bound.
    func say(_ level: Diagnostic.Level, line: Int? = nil, column: Int? = nil, byte: Int? = nil, _ message: String, hint: String? = nil) {
        guard outcome.diagnostics.count < plan.limits.maxDiagnostics else {
            unsaid += 1
            return
        }
        outcome.diagnostics.append(
            Diagnostic(level, path: file.name, line: line, column: column, byte: byte, message: message, hint: hint))
    }

    /// Ends the reading: the rest of the file goes into the digest, and what ended it early is told.
    func close() -> ReadOutcome {
        outcome.isPacked = window.isPacked
        // A format may stop before the end; the digest of the content may not.
        if window.contentSink != nil { while window.refill(&source, keeping: window.count, hash: hash) {} }
        window.drain(&source, hash: hash)
        if let damage = window.damage {
            if outcome.malformed == 0 { outcome.malformed = 1 }
            say(.error, byte: damage.byte, damage.message, hint: damage.hint)
        }
        outcome.bytes = source.bytesRead
        outcome.inflatedBytes = window.inflated
        outcome.changedWhileRead = source.hasChanged()
        if outcome.changedWhileRead {
            say(.warning, "changed while it was read", hint: "the digest is of what was read; read it again when it is complete")
        }
        if unsaid > 0 {
            outcome.diagnostics.append(Diagnostic(.note, path: file.name, message: "and \(unsaid) more of these"))
        }
        return outcome
    }
}

/// The row buffers of a worker: one for each level of envelopes inside envelopes.
final class RowBuffers {
    private var levels: [RowBuffer] = []
    private var texts: [ByteBuffer] = []

    func rows(_ depth: Int) -> RowBuffer {
        while levels.count <= depth { levels.append(RowBuffer()) }
        return levels[depth]
    }

    /// Room for the text of an envelope that is a string.
    func text(_ depth: Int) -> ByteBuffer {
        while texts.count <= depth { texts.append(ByteBuffer(capacity: 64 << 10)) }
        return texts[depth]
    }
}

/// The tries of a worker, compiled once a projection.
final class TrieCache {
    private struct Key: Hashable {
        var projection: Projection
        var lists: [String]
        var prefix: [String]
        var aliases: [String: String]
    }
    private var tries: [Key: PathTrie] = [:]
    /// Most files are of the kind of the one before: comparing is cheaper than hashing.
    private var last: (key: Key, trie: PathTrie)?

    func trie(
        _ projection: Projection, lists: [String], below prefix: [String] = [], aliases: [String: String] = [:]
    ) -> PathTrie {
        let key = Key(projection: projection, lists: lists, prefix: prefix, aliases: aliases)
        if let last, last.key == key { return last.trie }
        if tries.count > 64 { tries.removeAll() }
        let trie = tries[key] ?? PathTrie(projection, lists: lists, below: prefix, aliases: aliases)
        tries[key] = trie
        last = (key, trie)
        return trie
    }
}
