import Crypto
public import Engine
import Foundation
public import Ingest
public import Policy
public import Residency
import Synchronization

/// One whole audit: opens the inputs, runs the stages, hands values back. The only place with concurrency.
public struct AuditRun: Sendable {
    public var inputs: [String]
    public var rules: RuleBook
    /// Seconds since 1970: the only clock that the judgement sees.
    public var now: Int64
    public var jobs: Int
    public var strict: Bool
    public var limits: ReadLimits
    /// What stands in for a region or an account that a record does not name.
    public var stated = StatedOrigin()
    public var toolVersion: String
    /// What was read before need not be read again; `nil` reads everything.
    public var cache: PartialCache?
    /// Who counts the events of logs; `nil` means this process.
    public var engine: (any LogEngine)?
    /// SHA-256 of the files that the rules are read from: where they lie among the inputs, they are none.
    public var ruleDigests: Set<String> = []
    /// What tells the rules from all others; `nil` if that is not known, and then no judgement is recalled.
    public var rulesDigest: String?
    /// Whether resources are counted by their kinds, and no more: a first look.
    var isCounting = false
    /// A table of events beside the inputs.
    public var table: LogTable?
    /// Who reads the inputs, with the files of the rules; `nil` means this process.
    public var cluster: (spark: SparkCluster, rules: RuleFiles)?

    public init(inputs: [String], rules: RuleBook, now: Int64, jobs: Int, strict: Bool = false, limits: ReadLimits = ReadLimits(), toolVersion: String) {
        self.inputs = inputs
        self.rules = rules
        self.now = now
        self.jobs = max(1, jobs)
        self.strict = strict
        self.limits = limits
        self.toolVersion = toolVersion
    }

    /// What is told while the inputs are read, from any thread.
    public struct Progress: Sendable {
        public var file: String
        public var done: Int
        public var total: Int
        public var outcome: InputSummary
    }

    /// Reads and observes all inputs.
    public func observe(progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws(AuditError) -> (Partial, [InputSummary], [Diagnostic]) {
        let (partial, summaries, diagnostics, _) = try await observe(keepsResources: 0, progress: progress)
        return (partial, summaries, diagnostics)
    }

    /// The inputs before they are read.
    struct Listing {
        var files: [InputFile]
        /// What could not be listed.
        var diagnostics: [Diagnostic]
        /// Of the files; `nil` for what can be read only once. Empty if nobody asked.
        var digests: [String?] = []

        init(_ inputs: [String]) throws(AuditError) { (files, diagnostics) = try AuditRun.list(inputs) }
    }

    /// The same, with the resources of each input that has at most so many.
    func observe(
        keepsResources: Int, listing: Listing? = nil, progress: @escaping @Sendable (Progress) -> Void
    ) async throws(AuditError) -> (Partial, [InputSummary], [Diagnostic], [Int: [Resource]]) {
        let listing = if let listing { listing } else { try Listing(inputs) }
        let files = listing.files
        guard !files.isEmpty || table != nil else { throw .noInputs(inputs) }
        if let cluster {
            let (partial, observed, diagnostics) = try cluster.spark.observe(self, files, cluster.rules)
            var summaries = observed
            StorageCheck.complete(&summaries, files)
            let said = setAsideRules(&summaries, diagnostics)
            return (partial, summaries, listing.diagnostics.map(\.asUnread) + said, [:])
        }
        let mappings = Self.mappings(files)
        let progress: @Sendable (Progress) -> Void = { told in
            var told = told
            setAsideRules(&told.outcome)
            progress(told)
        }
        let results =
            // Whoever needs the digest of what is inside a file has to inflate it: then it is read here as well.
            if let engine, !Custody.needsContent(files) {
                try await work(files, mappings: mappings, engine, progress)
            } else {
                try await work(
                    files, mappings: mappings, keepsParts: false, keepsResources: keepsResources, hashesContent: Custody.needsContent(files),
                    digests: listing.digests, progress)
            }
        if let cache { cache.trim() }
        var partial = Partial()
        var outcomes: [Int: (InputSummary, [Diagnostic])] = [:]
        var resources: [Int: [Resource]] = [:]
        for result in results {
            resources.merge(result.resources) { first, _ in first }
            partial.merge(result.partial)
            outcomes.merge(result.outcomes) { first, _ in first }
        }
        let ordered = outcomes.sorted { $0.key < $1.key }.map(\.value)
        var summaries = ordered.map(\.0)
        StorageCheck.complete(&summaries, files)
        let diagnostics = setAsideRules(&summaries, ordered.flatMap(\.1))
        return (partial, summaries, listing.diagnostics.map(\.asUnread) + diagnostics, resources)
    }

    /// What the rules were read from shows nothing of where data is, and nothing is missing because it was not read as an input.
    func setAsideRules(_ inputs: inout [InputSummary], _ diagnostics: [Diagnostic]) -> [Diagnostic] {
        var own: Set<String> = []
        for index in inputs.indices where setAsideRules(&inputs[index]) { own.insert(inputs[index].path) }
        return diagnostics.filter { !own.contains($0.path) }
    }

    @discardableResult
    private func setAsideRules(_ input: inout InputSummary) -> Bool {
        guard input.format == ReadOutcome.unknownFormat, ruleDigests.contains(input.sha256) else { return false }
        input.format = "rules"
        return true
    }

    /// Reads the files, each worker one after the other.
    ///
    /// - Parameters:
    ///   - only: the numbers of the files to read; `nil` means all.
    ///   - left: formats that are recognised and hashed, no more.
    func work(
        _ files: [InputFile], mappings: [InputMapping], keepsParts: Bool, keepsResources: Int = 0, hashesContent: Bool = false, only: [Int]? = nil,
        leaving left: Set<String> = [], digests: [String?] = [],
        _ progress: @escaping @Sendable (Progress) -> Void
    ) async throws(AuditError) -> [WorkerResult] {
        var plan = readPlan(mappings)
        plan.left = left
        let queue = WorkQueue(only ?? Array(files.indices))
        let worker = Worker(
            files: files, rules: rules, plan: plan, strict: strict, cache: left.isEmpty ? cache : nil, keepsParts: keepsParts,
            keepsResources: keepsResources, hashesContent: hashesContent,
            dependencies: keepsParts || cache != nil ? dependencies : nil, cacheBase: cache == nil ? "" : cacheBase(mappings), digests: digests,
            isCounting: isCounting)
        let results = await withTaskGroup(of: WorkerResult.self) { group in
            for _ in 0..<min(jobs, queue.count) { group.addTask { worker.run(queue, progress) } }
            var all: [WorkerResult] = []
            for await result in group { all.append(result) }
            return all
        }
        if let error = results.compactMap(\.failure).min(by: { $0.input < $1.input }) { throw error.error }
        return results
    }

    /// What observations depend on, besides the records.
    var dependencies: ObservationRules { ObservationRules(rules, program: "\(toolVersion) \(limits)") }

    /// What is kept of an input depends, besides, on what was stated of it and on the mappings.
    private func cacheBase(_ mappings: [InputMapping]) -> String {
        guard stated != StatedOrigin() || !mappings.isEmpty else { return dependencies.base }
        let parts = [dependencies.base, stated.region ?? "", stated.account ?? ""] + mappings.map(\.source)
        return Digest.hexadecimal(Array(parts.joined(separator: "\u{0}").utf8))
    }

    /// The whole audit.
    public func run(progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws(AuditError) -> Run { try await run(listing: nil, progress: progress) }

    func run(listing: Listing?, progress: @escaping @Sendable (Progress) -> Void) async throws(AuditError) -> Run {
        var (partial, summaries, diagnostics, _) = try await observe(keepsResources: 0, listing: listing, progress: progress)
        guard let table else { return judge(partial, summaries, diagnostics) }
        let counted = try table.count(rules, input: summaries.count)
        partial.merge(counted.partial)
        summaries.append(counted.summary)
        return judge(partial, summaries, diagnostics, table: counted).run
    }

    /// The judgement of what was observed.
    public func judge(_ partial: Partial, _ summaries: [InputSummary], _ diagnostics: [Diagnostic]) -> Run { judge(partial, summaries, diagnostics, table: nil).run }

    func judge(_ partial: Partial, _ summaries: [InputSummary], _ diagnostics: [Diagnostic], table: LogTable.Count?) -> (run: Run, judged: Judged) {
        var judged = Judgement.judge(partial, rules, inputs: summaries, now: now, workers: .threads(jobs))
        Custody(summaries).add(to: &judged.coverage)
        judged.coverage.shortfalls += table?.shortfalls ?? []
        judged.coverage.blindSpots += table?.blindSpots ?? []
        let policies = rules.policies.map { policy in
            PolicySummary(
                id: policy.id, sha256: policy.digest, title: policy.title, basis: policy.basis, prose: policy.prose,
                require: Dictionary(policy.requirements.map { ($0.activity, $0.jurisdictions) }, uniquingKeysWith: { $0 + $1 }))
        }
        var run = Run(
            id: "", now: Clock.text(now), toolName: "domicile", toolVersion: toolVersion, inputs: summaries, policies: policies,
            catalogueDigest: rules.catalogueDigest, catalogueVectors: rules.catalogue.vectors.count, jurisdictionsDigest: rules.jurisdictionsDigest,
            summary: judged.summary, findings: judged.findings, coverage: judged.coverage, exceptions: judged.exceptions,
            diagnostics: diagnostics)
        run.id = Self.identity(run)
        return (run, judged)
    }

    /// The same inputs, rules, tool and time make the same id; the time in front puts runs in order.
    static func identity(_ run: Run) -> String {
        var parts = [run.now, run.toolVersion, run.catalogueDigest, run.jurisdictionsDigest]
        for input in run.inputs { parts += [input.path, input.sha256] }
        for policy in run.policies { parts += [policy.id, policy.sha256] }
        let digest = Digest.hexadecimal(Array(parts.joined(separator: "\u{0}").utf8))
        return run.now.filter { $0 != "-" && $0 != ":" } + "-" + digest.prefix(12)
    }

    /// What is read of the inputs, and how.
    func readPlan(_ mappings: [InputMapping]) -> ReadPlan {
        ReadPlan(projections: rules.projections, limits: limits, stated: stated, mappings: mappings)
    }

    /// The mappings among the inputs.
    static func mappings(_ files: [InputFile]) -> [InputMapping] {
        files.filter { InputMapping.isMapping(name: $0.name) }.compactMap(InputMapping.load)
    }

    static func list(_ arguments: [String]) throws(AuditError) -> ([InputFile], [Diagnostic]) {
        do { return try InputTree.files(in: arguments) } catch { throw .other("\(error)") }
    }
}

/// Hands out the numbers of the files, each once.
final class WorkQueue: Sendable {
    private let next = Mutex(0)
    private let done = Mutex(0)
    private let stopped = Mutex(false)
    private let numbers: [Int]
    var count: Int { numbers.count }

    init(_ numbers: [Int]) { self.numbers = numbers }

    func take() -> Int? {
        if stopped.withLock({ $0 }) { return nil }
        return next.withLock { next in
            guard next < numbers.count else { return nil }
            next += 1
            return numbers[next - 1]
        }
    }

    func finish() -> Int {
        done.withLock { done in
            done += 1
            return done
        }
    }

    func stop() { stopped.withLock { $0 = true } }
}

extension Diagnostic {
    static let unread = "not read: "

    /// What could not be opened while inputs were looked for was not read either.
    var asUnread: Diagnostic {
        guard level == .error else { return self }
        var unread = self
        unread.message = Self.unread + message
        return unread
    }

    /// An input could not be opened or read: the audit is not complete.
    public var meansUnread: Bool { level == .error && message.hasPrefix(Diagnostic.unread) }
}
