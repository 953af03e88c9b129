import Crypto
public import Residency

/// What one input shows, as bytes: what caches keep and machines exchange. It holds a digest of itself and of the vectors
/// that could match what the input holds.
public struct InputPart: Sendable {
    /// A digest at the end.
    public let bytes: [UInt8]

    private static let digestLength = 32

    /// - Returns: `nil` if the bytes are not a part, or damaged.
    public init?(bytes: [UInt8]) {
        guard bytes.count > Self.digestLength else { return nil }
        let body = bytes.dropLast(Self.digestLength)
        guard SHA256.hash(data: body).elementsEqual(bytes.suffix(Self.digestLength)) else { return nil }
        self.bytes = bytes
    }

    /// The input's summary and what was said of it, as they were written.
    public func account() throws -> (InputSummary, [Diagnostic]) {
        try bytes.withUnsafeBufferPointer { bytes throws(BadBytes) in
            var reader = ByteReader(UnsafeBufferPointer(rebasing: bytes.dropLast(Self.digestLength)))
            return try Self.account(&reader)
        }
    }

    // MARK: writing

    /// - Parameters:
    ///   - partial: of this input alone, its names numbered by `names`.
    ///   - locals: room for the numbers of the part's own names; all -1, before and after.
    init(
        _ summary: InputSummary, _ diagnostics: [Diagnostic], _ partial: Partial, _ names: NameTable, _ locals: inout ContiguousArray<Int32>,
        _ rules: inout ObservationRules
    ) {
        var writer = ByteWriter()
        Self.write(summary, diagnostics, to: &writer)
        let classes = partial.classes.sorted { ($0.provider, $0.service, $0.action) < ($1.provider, $1.service, $1.action) }
        let types = Set(partial.resources.map { $0.provider + "/" + $0.type }).sorted()
        writer.write(classes) { writer, one in
            writer.write(one.provider)
            writer.write(one.service)
            writer.write(one.action)
        }
        writer.write(types) { $0.write($1) }
        writer.write(raw: rules.digest(classes: classes, types: types))
        for actions in [partial.knownActions, partial.unknownActions] {
            writer.write(actions.sorted { $0.key < $1.key }) { writer, action in
                writer.write(action.key)
                writer.write(action.value)
            }
        }
        writer.write(partial.events)
        Self.write(partial.activity, to: &writer)
        writer.write(partial.pointers.values.first?.runs ?? []) { writer, run in
            writer.write(run.firstOrdinal)
            writer.write(run.prefix)
            writer.write(run.firstIndex)
            writer.write(run.suffix)
        }
        Self.write(partial.tallies, names, &locals, to: &writer)
        writer.write(partial.resources) { Self.write($1, to: &$0) }
        bytes = Self.sealed(writer.bytes)
    }

    private static func sealed(_ body: [UInt8]) -> [UInt8] { body + Array(SHA256.hash(data: body)) }

    /// For tests: whatever body, with a right digest.
    init?(sealing body: [UInt8]) { self.init(bytes: Self.sealed(body)) }

    private static func write(_ summary: InputSummary, _ diagnostics: [Diagnostic], to writer: inout ByteWriter) {
        writer.write(summary.path)
        writer.write(summary.sha256)
        writer.write(summary.bytes)
        writer.write(summary.format)
        writer.write(summary.records)
        writer.write(summary.malformed)
        writer.write(summary.first)
        writer.write(summary.last)
        writer.write(summary.changedWhileRead)
        writer.write(summary.content)
        writer.write(summary.document != nil)
        if let document = summary.document { writer.write(document) { $0.write(Int($1)) } }
        writer.write(diagnostics) { writer, one in
            writer.write(one.level.rawValue)
            writer.write(one.path)
            writer.write(one.line)
            writer.write(one.column)
            writer.write(one.byte)
            writer.write(one.message)
            writer.write(one.hint)
        }
    }

    private static func write(_ activity: LogActivity, to writer: inout ByteWriter) {
        writer.write(activity.first.map { Int($0) })
        writer.write(activity.last.map { Int($0) })
        let scopes = activity.minutes.sorted { 
            ($0.key.provider, $0.key.account, $0.key.region) < ($1.key.provider, $1.key.account, $1.key.region)
        }
        writer.write(scopes) { writer, scope in
            writer.write(scope.key.provider)
            writer.write(scope.key.account)
            writer.write(scope.key.region)
            var last = 0
            writer.write(scope.value.sorted()) { writer, minute in
                writer.write(Int(minute) - last)
                last = Int(minute)
            }
        }
    }

    private static func write(_ tallies: TallyTable, _ names: NameTable, _ locals: inout ContiguousArray<Int32>, to writer: inout ByteWriter) {
        while locals.count < names.count { locals.append(-1) }
        var used: [Int32] = []
        func local(_ name: Int32) -> Int {
            if locals[Int(name)] < 0 {
                locals[Int(name)] = Int32(used.count)
                used.append(name)
            }
            return Int(locals[Int(name)])
        }
        var inner = ByteWriter()
        inner.write(tallies.entries) { writer, entry in
            writer.write(local(entry.key.vector))
            writer.write(local(entry.key.subject))
            writer.write(local(entry.key.place))
            writer.write(entry.key.attempted)
            writer.write(entry.tally.count)
            writer.write(entry.tally.first.map { Int($0) })
            writer.write(entry.tally.last.map { Int($0) })
            writer.write(Int(entry.tally.record.ordinal))
        }
        writer.write(used) { writer, name in names.withBytes(of: name) { writer.write($0) } }
        writer.write(raw: inner.bytes)
        for name in used { locals[Int(name)] = -1 }
    }

    private static func write(_ resource: ResourceFacts, to writer: inout ByteWriter) {
        writer.write(resource.provider)
        writer.write(resource.type)
        writer.write(resource.id)
        writer.write(resource.aliases) { $0.write($1) }
        writer.write(resource.account)
        writer.write(resource.place.text)
        writer.write(resource.tags.tags) { writer, tag in
            writer.write(tag.key)
            writer.write(tag.value)
        }
        writer.write(resource.record.ordinal)
        writer.write(resource.record.pointer)
        writer.write(resource.isKnown)
        writer.write(resource.isDataless)
    }

    // MARK: reading

    private static func account(_ reader: inout ByteReader) throws(BadBytes) -> (InputSummary, [Diagnostic]) {
        var summary = InputSummary(
            path: try reader.text(), sha256: try reader.text(), bytes: try reader.int(), format: try reader.text(), records: try reader.int(),
            malformed: try reader.int(), first: try reader.optionalText(), last: try reader.optionalText(), changedWhileRead: try reader.bool())
        summary.content = try reader.optionalText()
        if try reader.bool() { summary.document = try reader.list { reader throws(BadBytes) in UInt8(truncatingIfNeeded: try reader.int()) } }
        let diagnostics = try reader.list { reader throws(BadBytes) in
            guard let level = Diagnostic.Level(rawValue: try reader.text()) else { throw BadBytes() }
            return Diagnostic(
                level, path: try reader.text(), line: try reader.optionalInt(), column: try reader.optionalInt(), byte: try reader.optionalInt(),
                message: try reader.text(), hint: try reader.optionalText())
        }
        return (summary, diagnostics)
    }

    /// Adds what the input shows to a partial result.
    ///
    /// - Parameter rules: by which the part must have been made; with others it is refused.
    /// - Returns: `nil`, and nothing added, if the vectors that could match what the input holds are not the same any more.
    func read(as input: Int, into partial: inout Partial, _ names: inout NameTable, _ rules: inout ObservationRules) throws(BadBytes) -> (
        InputSummary, [Diagnostic]
    )? {
        var result: Result<(InputSummary, [Diagnostic])?, BadBytes> = .success(nil)
        bytes.withUnsafeBufferPointer { bytes in
            result = Result { () throws(BadBytes) in
                var reader = ByteReader(UnsafeBufferPointer(rebasing: bytes.dropLast(Self.digestLength)))
                return try Self.read(&reader, input, &partial, &names, &rules)
            }
        }
        return try result.get()
    }

    private static func read(
        _ reader: inout ByteReader, _ input: Int, _ partial: inout Partial, _ names: inout NameTable, _ rules: inout ObservationRules
    ) throws(BadBytes) -> (InputSummary, [Diagnostic])? {
        let account = try account(&reader)
        let classes = try reader.list { reader throws(BadBytes) in
            EventClass(provider: try reader.text(), service: try reader.text(), action: try reader.text())
        }
        let types = try reader.list { reader throws(BadBytes) in try reader.text() }
        guard try reader.block(16).elementsEqual(rules.digest(classes: classes, types: types)) else { return nil }
        var own = Partial()
        own.classes = Set(classes)
        for path in [\Partial.knownActions, \Partial.unknownActions] {
            let actions = try reader.list { reader throws(BadBytes) in (try reader.text(), try reader.int()) }
            own[keyPath: path] = Dictionary(actions, uniquingKeysWith: +)
        }
        own.events = try reader.int()
        own.activity.first = try reader.optionalInt().map { Int64($0) }
        own.activity.last = try reader.optionalInt().map { Int64($0) }
        let scopes = try reader.list { reader throws(BadBytes) in
            let scope = LogActivity.Scope(provider: try reader.text(), account: try reader.text(), region: try reader.text())
            var last = 0
            let minutes = try reader.list { reader throws(BadBytes) in
                last = last &+ (try reader.int())
                return Int32(truncatingIfNeeded: last)
            }
            return (scope, Set(minutes))
        }
        own.activity.minutes = Dictionary(scopes, uniquingKeysWith: { $0.union($1) })
        let runs = try reader.list { reader throws(BadBytes) in
            RecordPointers.Run(firstOrdinal: try reader.int(), prefix: try reader.text(), firstIndex: try reader.int(), suffix: try reader.text())
        }
        if !runs.isEmpty { own.pointers[input] = RecordPointers(runs: runs) }
        let numbers = try reader.list { reader throws(BadBytes) in names.number(try reader.block()) }
        func name(_ reader: inout ByteReader) throws(BadBytes) -> Int32 {
            let local = try reader.int()
            guard numbers.indices.contains(local) else { throw BadBytes() }
            return numbers[local]
        }
        // Apart until all is read: what is not whole adds nothing.
        var tallies: ContiguousArray<TallyTable.Entry> = []
        for _ in 0..<(try reader.count()) {
            let key = ObservationKey(vector: try name(&reader), subject: try name(&reader), place: try name(&reader), attempted: try reader.bool())
            let count = try reader.int()
            let first = try reader.optionalInt().map { Int64($0) }
            let last = try reader.optionalInt().map { Int64($0) }
            let record = RecordNumber(input: input, ordinal: try reader.int())
            tallies.append(TallyTable.Entry(key: key, tally: Tally(count: count, first: first, last: last, record: record)))
        }
        own.resources = try reader.list { reader throws(BadBytes) in try resource(&reader, input) }
        guard reader.isAtEnd else { throw BadBytes() }
        partial.absorb(own)
        for entry in tallies { partial.tallies.add(entry.key, entry.tally) }
        return account
    }

    private static func resource(_ reader: inout ByteReader, _ input: Int) throws(BadBytes) -> ResourceFacts {
        let (provider, type, id) = (try reader.text(), try reader.text(), try reader.text())
        let aliases = try reader.list { reader throws(BadBytes) in try reader.text() }
        let account = try reader.text()
        let place = PlaceReference(text: try reader.text())
        let tags = try reader.list { reader throws(BadBytes) in (try reader.text(), try reader.text()) }
        let record = RecordReference(input: input, ordinal: try reader.int(), pointer: try reader.text())
        return ResourceFacts(
            provider: provider, type: type, id: id, aliases: aliases, account: account, place: place,
            tags: TagList(Dictionary(tags, uniquingKeysWith: { first, _ in first })), record: record, isKnown: try reader.bool(), isDataless: try reader.bool())
    }
}
