import Engine
import Ingest
import Policy
public import Residency

extension AuditRun {
    /// The whole audit: what an earlier run of the same inputs and rules came to, if that was kept, else a judgement anew.
    ///
    /// - Returns: the run, and where its judgement is kept as its findings are written.
    public func recallOrRun(progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws(AuditError) -> (Run, JudgementEntry?) {
        guard cache != nil, engine == nil, table == nil, cluster == nil else { return (try await run(progress: progress), nil) }
        var listing = try Listing(inputs)
        let files = listing.files
        listing.digests = Workers.threads(jobs).map(files.count) { FileDigest.digest(of: files[$0].path) }
        let entry = entry(listing)
        if var run = entry?.recall() {
            cache?.trim()
            for (index, input) in run.inputs.enumerated() { progress(.init(file: input.path, done: index + 1, total: files.count, outcome: input)) }
            run.now = Clock.text(now)
            run.id = Self.identity(run)
            return (run, entry)
        }
        let run = try await run(listing: listing, progress: progress)
        // What changed in between was judged, but is not what the entry is called by.
        let isKnown = run.inputs.map(\.sha256) == listing.digests && !run.inputs.contains(where: \.changedWhileRead)
        return (run, isKnown ? entry : nil)
    }

    /// Everything that a judgement depends on makes the name of its entry; `nil` if some of it is not known before it is read.
    private func entry(_ listing: Listing) -> JudgementEntry? {
        guard let cache, let rulesDigest else { return nil }
        var parts = [toolVersion, rulesDigest, rules.era(at: now), "\(strict)", "\(limits)", stated.region ?? "", stated.account ?? ""]
        parts += ["\(listing.diagnostics.count)"] + listing.diagnostics.map(\.headline)
        for (file, digest) in zip(listing.files, listing.digests) {
            guard let digest else { return nil }
            parts += [file.name, digest]
        }
        return JudgementEntry(cache: cache, key: Digest.hexadecimal(Array(parts.joined(separator: "\u{0}").utf8)))
    }
}
