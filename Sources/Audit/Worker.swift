import Crypto
import Engine
import Ingest
import Policy
import Residency

/// What one worker leaves.
struct WorkerResult: Sendable {
    var partial = Partial()
    var outcomes: [Int: (InputSummary, [Diagnostic])] = [:]
    var parts: [Int: InputPart] = [:]
    /// The resources of inputs that were to be kept and are not too many.
    var resources: [Int: [Resource]] = [:]
    var failure: (input: Int, error: AuditError)?
}

/// Reads one file after the other with the same buffers and the same memory of what it has seen.
struct Worker: Sendable {
    let files: [InputFile]
    let rules: RuleBook
    let plan: ReadPlan
    let strict: Bool
    let cache: PartialCache?
    /// Whether what each input shows is handed over by itself.
    let keepsParts: Bool
    /// So many resources of an input are kept; an input that has more is to be read again by whoever wants them.
    let keepsResources: Int
    /// Whether what inputs inflate to is hashed as well.
    let hashesContent: Bool
    /// By what parts are marked; `nil` if neither kept nor handed over.
    let dependencies: ObservationRules?
    /// What names the parts in the cache that were made in the same way.
    let cacheBase: String
    /// Of the files, where that is known before they are read.
    let digests: [String?]
    /// Whether resources are counted by their kinds, and no more.
    let isCounting: Bool

    func run(_ queue: WorkQueue, _ progress: @Sendable (AuditRun.Progress) -> Void) -> WorkerResult {
        var result = WorkerResult()
        var observer = Observer(rules, keeping: dependencies, isCounting: isCounting)
        var reader = InputReader()
        while let input = queue.take() {
            let file = files[input]
            let (summary, diagnostics) = recall(file, input, &observer) ?? read(file, input, &reader, &observer, &result)
            result.outcomes[input] = (summary, diagnostics)
            progress(.init(file: file.name, done: queue.finish(), total: queue.count, outcome: summary))
            if strict, summary.malformed > 0 || diagnostics.contains(where: \.meansUnread), let first = diagnostics.first(where: { $0.level != .note }) {
                var fault = first
                fault.level = .error
                result.failure = (input, .strict(fault.headline))
                queue.stop()
            }
        }
        result.partial = observer.finish()
        return result
    }

    /// What names an input's part in the cache: its bytes, and its name where a mapping goes by that.
    private func cacheKey(_ digest: String, _ file: InputFile) -> String {
        plan.mappings.isEmpty ? digest : Digest.hexadecimal(Array("\(digest) \(file.name)".utf8))
    }

    /// What the input showed when it was read before.
    private func recall(_ file: InputFile, _ input: Int, _ observer: inout Observer) -> (InputSummary, [Diagnostic])? {
        guard let cache, !keepsParts, file.path != "-", let digest = digests.isEmpty ? FileDigest.digest(of: file.path) : digests[input],
            let part = cache.part(cacheKey(digest, file), base: cacheBase),
            (try? part.account()).map({ !hashesContent || $0.0.content != nil }) ?? false, let account = observer.take(part, as: input)
        else { return nil }
        var (summary, diagnostics) = account
        // The same bytes may lie elsewhere by now.
        for index in diagnostics.indices where diagnostics[index].path == summary.path { diagnostics[index].path = file.name }
        summary.path = file.name
        return (summary, diagnostics)
    }

    private func read(
        _ file: InputFile, _ input: Int, _ reader: inout InputReader, _ observer: inout Observer, _ result: inout WorkerResult
    ) -> (InputSummary, [Diagnostic]) {
        var hasher = SHA256()
        var contentHasher = SHA256()
        var times = TimeSpan()
        var isPacked = false
        var summary = InputSummary(path: file.name, sha256: "", bytes: 0, format: "unknown", records: 0, malformed: 0)
        var diagnostics: [Diagnostic]
        var pointers: RecordPointers?
        var isWhole = false
        var kept: [Resource] = []
        var count = 0
        do {
            let outcome = try reader.read(
                file, plan: plan, hash: { hasher.update(bufferPointer: $0) },
                content: hashesContent ? { contentHasher.update(bufferPointer: $0) } : nil, resources: { resource in
                    observer.observe(resource, input: input)
                    count += 1
                    if count <= keepsResources { kept.append(resource) }
                },
                events: { layout, projection, batch in
                    times.note(layout, projection, batch)
                    observer.observe(layout, projection, batch, input: input)
                })
            summary.bytes = outcome.bytes
            summary.format = outcome.format
            summary.records = outcome.records
            summary.malformed = outcome.malformed
            diagnostics = outcome.diagnostics
            if outcome.events > 0 { pointers = outcome.pointers }
            isWhole = !outcome.changedWhileRead
            isPacked = outcome.isPacked
            summary.changedWhileRead = outcome.changedWhileRead
            summary.document = outcome.document
            (summary.first, summary.last) = (times.first, times.last)
        } catch {
            summary.malformed = 1
            diagnostics = [Diagnostic(.error, path: file.name, message: Diagnostic.unread + error.message)]
        }
        if keepsResources > 0, count <= keepsResources { result.resources[input] = kept }
        summary.sha256 = Digest.hexadecimal(hasher.finalize())
        if hashesContent { summary.content = isPacked ? Digest.hexadecimal(contentHasher.finalize()) : summary.sha256 }
        if let part = observer.end(input, summary, diagnostics, pointers: pointers) {
            if keepsParts { result.parts[input] = part }
            if let cache, isWhole, file.path != "-" { cache.keep(part, cacheKey(summary.sha256, file), base: cacheBase) }
        }
        return (summary, diagnostics)
    }
}
