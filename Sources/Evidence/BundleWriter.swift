internal import Crypto
internal import Foundation
public import Residency

/// Writes the folder that a third party verifies without us. Its layout is described in docs/evidence.md.
public struct BundleWriter {
    /// A file that the statement covers: a policy, a report.
    public struct File: Sendable {
        /// A relative path with `/`: `policy/eu.yaml`, `results/junit.xml`, `report.html`.
        public var name: String
        public var content: [UInt8]

        public init(name: String, content: [UInt8]) {
            self.name = name
            self.content = content
        }
    }

    /// What came of it.
    public struct Written: Sendable {
        /// `nil`: the bundle is not signed.
        public var envelope: Envelope?
        public var findings: TreeHead
        public var log: LogEvidence?
        public var timestamp: [UInt8]?
        /// Every file of the bundle, in order.
        public var names: [String]
    }

    /// Who signs; the first is the main signer (ECDSA P-256). With none the bundle says that it is unsigned.
    public var signers: [any EvidenceSigner]
    public var details: EvaluationDetails
    /// Gives an RFC 3161 response over the main signature, or `nil`.
    public var stamp: (_ signature: [UInt8]) throws -> [UInt8]?
    /// Enters the statement in the log and gives the proofs, or `nil`.
    public var log: (_ envelope: Envelope, _ timestamp: [UInt8]?) throws -> LogEvidence?

    public init(
        signers: [any EvidenceSigner], details: EvaluationDetails = EvaluationDetails(),
        stamp: @escaping (_ signature: [UInt8]) throws -> [UInt8]? = { _ in nil },
        log: @escaping (_ envelope: Envelope, _ timestamp: [UInt8]?) throws -> LogEvidence? = { _, _ in nil }
    ) {
        self.signers = signers
        self.details = details
        self.stamp = stamp
        self.log = log
    }

    /// Writes a bundle of the run and these files. It is made beside `folder` and renamed when it is whole; a folder of that
    /// name is replaced.
    @discardableResult
    public func write(_ run: Run, files: [File], to folder: String) throws -> Written {
        let draft = try BundleDraft(folder)
        do {
            let written = try fill(draft, run, files)
            try draft.publish()
            return written
        } catch {
            draft.discard()
            throw error
        }
    }

    private func fill(_ draft: BundleDraft, _ run: Run, _ files: [File]) throws -> Written {
        let findings = try draft.writeFindings(run.findings)
        try draft.write("inputs/manifest.json", run.inputManifest)
        for file in files.sorted(by: { $0.name < $1.name }) {
            guard !Self.isReserved(file.name) else {
                throw EvidenceError(.badContent, "`\(file.name)` is a name that bundles keep for themselves")
            }
            try draft.write(file.name, file.content)
        }
        try draft.write("README.txt", Array(BundleReadme.text(run, signers: signers, details: details).utf8))
        let subjects = try draft.writeSums()
        var written = Written(envelope: nil, findings: findings, log: nil, timestamp: nil, names: [])
        if !signers.isEmpty {
            var details = details
            details.findingsRoot = findings
            let statement = Statement(run: run, subjects: subjects.map { ($0.name, $0.sha256) }, details: details)
            let envelope = try Envelope.sign(statement, with: signers)
            // The envelope too: what stands in it beside the signed bytes and the signature is covered by this one.
            let about =
                subjects.filter { ["findings.jsonl", "inputs/manifest.json"].contains($0.name) }
                + [Statement.Subject(name: "evidence.dsse.json", sha256: SHA256Digest(of: envelope.file).hex)]
            let result = try Envelope.sign(TestResultStatement.make(run, subjects: about), with: signers)
            try draft.write("attestations/test-result.dsse.json", result.file)
            if let simple = SimpleResultStatement.make(run, subjects: about) {
                try draft.write("attestations/svr.dsse.json", Envelope.sign(simple, with: signers).file)
            }
            try writeSigned(envelope, draft, &written)
        }
        written.names = draft.digests.keys.sorted()
        return written
    }

    private func writeSigned(_ envelope: Envelope, _ draft: BundleDraft, _ written: inout Written) throws {
        guard let signature = envelope.signatures.first?.bytes else { return }
        try draft.write("evidence.dsse.json", envelope.file)
        try draft.write("evidence.pae", envelope.preAuthentication)
        try draft.write("evidence.sig", signature)
        written.envelope = envelope
        written.timestamp = try stamp(signature)
        if let timestamp = written.timestamp { try draft.write("evidence.tsr", timestamp) }
        try draft.write("evidence.sigstore.json", SigstoreBundle.file(envelope, timestamp: written.timestamp))
        written.log = try log(envelope, written.timestamp)
        for file in written.log?.files ?? [] { try draft.write(file.name, file.content) }
    }

    /// Names that mean something to verifiers.
    private static func isReserved(_ name: String) -> Bool {
        name == "SHA256SUMS" || name == "README.txt" || name == "findings.jsonl" || name == "inputs/manifest.json"
            || name.hasPrefix("evidence.") || ["log/", "trust/", "attestations/"].contains { name.hasPrefix($0) }
    }
}

/// A bundle in the making: a folder under a temporary name, and the digests of what is in it.
final class BundleDraft {
    private let folder: String
    private let temporary: String
    private(set) var digests: [String: SHA256Digest] = [:]

    init(_ folder: String) throws {
        self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        temporary = "\(self.folder).\(getpid()).part"
        discard()
        try makeFolder(temporary)
    }

    func write(_ name: String, _ content: [UInt8]) throws {
        try claim(name, SHA256Digest(of: content))
        try FileWriter.write(content, to: "\(temporary)/\(name)")
    }

    /// Writes findings.jsonl line by line: a million findings are never in memory as text.
    func writeFindings(_ findings: [Finding]) throws -> TreeHead {
        let name = "findings.jsonl"
        let output = try OutputFile("\(temporary)/\(name)")
        var lines = FindingLines()
        for finding in findings {
            lines.append(finding)
            if lines.pending.count >= 1 << 20 { try output.append(lines.take()) }
        }
        try output.append(lines.take())
        try output.close()
        try claim(name, lines.digest)
        return lines.tree.head
    }

    /// Writes committed.jsonl, and returns the tree over its lines and the findings of one tenant.
    func writeCommitments(_ commitments: FindingCommitments, showing tenant: String) throws -> (tree: MerkleLevels, shown: [FindingCommitments.Shown]) {
        var lines = try LineFile(self, "committed.jsonl")
        let made = try commitments.commit(showing: tenant) { try lines.append($0) }
        try lines.close()
        return made
    }

    /// Writes a file of the lines that the body appends, each without its newline.
    func writeLines(_ name: String, _ body: (_ append: (_ line: [UInt8]) throws -> Void) throws -> Void) throws {
        var lines = try LineFile(self, name)
        try body { try lines.append($0) }
        try lines.close()
    }

    /// A file of the draft that is written line by line, a megabyte at a time.
    private struct LineFile {
        private let draft: BundleDraft
        private let name: String
        private let output: OutputFile
        private var hasher = SHA256()
        private var pending: [UInt8] = []

        init(_ draft: BundleDraft, _ name: String) throws {
            self.draft = draft
            self.name = name
            output = try OutputFile("\(draft.temporary)/\(name)")
        }

        mutating func append(_ line: [UInt8]) throws {
            pending += line
            pending.append(0x0A)
            if pending.count >= 1 << 20 { try flush() }
        }

        mutating func close() throws {
            try flush()
            try output.close()
            try draft.claim(name, SHA256Digest(bytes: hasher.finalize()) ?? SHA256Digest(of: []))
        }

        private mutating func flush() throws {
            hasher.update(data: pending)
            try output.append(pending)
            pending.removeAll(keepingCapacity: true)
        }
    }

    /// Writes SHA256SUMS over all files so far, and returns the statement's subjects: SHA256SUMS first, then every file, or,
    /// if they are too many for one statement, the two that others refer to.
    func writeSums() throws -> [Statement.Subject] {
        let names = digests.keys.sorted()
        let sums = names.map { "\(digests[$0]?.hex ?? "")  \($0)\n" }.joined()
        try write("SHA256SUMS", Array(sums.utf8))
        let listed =
            names.count < Statement.subjectLimit ? names : names.filter { ["findings.jsonl", "inputs/manifest.json"].contains($0) }
        return (["SHA256SUMS"] + listed).map { Statement.Subject(name: $0, sha256: digests[$0]?.hex ?? "") }
    }

    /// Gives the folder its name. What stood there is moved aside first and removed when the new one stands.
    func publish() throws {
        let old = "\(folder).\(getpid()).old"
        let hadOld = rename(folder, old) == 0
        guard rename(temporary, folder) == 0 else {
            let reason = String(cString: strerror(errno))
            if hadOld { _ = rename(old, folder) }
            throw EvidenceError(.notWritten, "can't write `\(folder)`: \(reason)")
        }
        try? FileManager.default.removeItem(atPath: old)
    }

    func discard() { try? FileManager.default.removeItem(atPath: temporary) }

    private func claim(_ name: String, _ digest: SHA256Digest) throws {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain =
            parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." } && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\\" }
        guard isPlain else { throw EvidenceError(.badContent, "`\(name)` can't be the name of a file in a bundle") }
        guard digests.updateValue(digest, forKey: name) == nil else { throw EvidenceError(.badContent, "two files named `\(name)`") }
        if parts.count > 1 { try makeFolder("\(temporary)/\(parts.dropLast().joined(separator: "/"))") }
    }

    private func makeFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw EvidenceError(.notWritten, "can't make the folder `\(path)`: \(error.localizedDescription)")
        }
    }
}
