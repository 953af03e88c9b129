public import Residency

/// Reads inputs, one after the other; its buffers are used again from file to file, so there is one for each worker. It is
/// not for two threads at a time.
public final class InputReader {
    let window = InputWindow()
    let buffers = RowBuffers()
    let tries = TrieCache()
    private var scanner: (inner: Scanner, maxDepth: Int)?

    public init() {}

    /// Reads one input: tells its format by its content, decodes its records and hands them over in their order.
    ///
    /// Stops early, with an error, in a task that is cancelled.
    ///
    /// - Parameters:
    ///   - hash: is given the bytes as they lie on disk, in order, each once.
    ///   - content: if it is there, is given the inflated bytes of a compressed input, in order, each once, to its end.
    ///   - resources: is given each resource.
    ///   - events: is given events, some at a time; the batch is valid during the call.
    /// - Throws: if nothing of the input can be read. What is wrong inside it is in the outcome.
    public func read(
        _ file: InputFile, plan: ReadPlan, hash: (UnsafeRawBufferPointer) -> Void, content: ((UnsafeRawBufferPointer) -> Void)? = nil,
        resources: (Resource) -> Void,
        events: (EventLayout, Projection, EventBatch) -> Void
    ) throws(ReadError) -> ReadOutcome {
        var result: Result<ReadOutcome, ReadError> = .success(ReadOutcome())
        withoutActuallyEscaping(hash) { hash in
            withoutActuallyEscaping(resources) { resources in
                withoutActuallyEscaping(events) { events in
                    result = Result { () throws(ReadError) in
                        let source = try RawSource(file)
                        window.contentSink = content
                        defer { window.contentSink = nil }
                        let session = ReadSession(
                            file: file, plan: plan, reader: self, source: source, hash: hash, resources: resources, events: events)
                        return try decode(session)
                    }
                }
            }
        }
        return try result.get()
    }

    private func decode(_ session: ReadSession) throws(ReadError) -> ReadOutcome {
        try session.open()
        if let mapping = session.plan.mappings.first(where: { $0.matches(name: session.file.name) }) {
            session.outcome.format = MappedTable.id
            try MappedTable.read(session, mapping)
            return session.close()
        }
        let bytes = session.window.bytes
        var head = Head(UnsafeBufferPointer(rebasing: bytes.prefix(Head.glance)), scanner: session.scanner)
        var found = inputFormats.first { $0.recognises(head) }
        if found == nil, bytes.count > Head.glance {
            head = Head(bytes, scanner: session.scanner)
            found = inputFormats.first { $0.recognises(head) }
        }
        if let format = found {
            session.outcome.format = format.id
            if session.plan.left.contains(format.id) { return session.close() }
            try format.read(session)
        } else {
            try Unknown.describe(session, head)
        }
        return session.close()
    }

    func scanner(maxDepth: Int) -> Scanner {
        if let scanner, scanner.maxDepth == maxDepth { return scanner.inner }
        let made = Scanner(maxDepth: maxDepth)
        scanner = (made, maxDepth)
        return made
    }
}
