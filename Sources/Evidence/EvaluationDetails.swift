internal import Residency

/// What an evaluation's statement says beyond the run itself.
public struct EvaluationDetails: Sendable, Hashable {
    /// The type of our own predicate; its schema is `reports/schemas/residency-evaluation-v1.schema.json`.
    public static let predicateType = "https://domicile.dev/attestation/residency-evaluation/v1"

    /// The root of the tree whose leaves are the lines of findings.jsonl.
    public var findingsRoot: TreeHead?
    /// The root of the tree of salted findings, from which single ones can be disclosed.
    public var disclosureRoot: TreeHead?
    /// The log that the run is entered in.
    public var logOrigin: String?
    /// Of the program that ran.
    public var toolSHA256: String?
    /// Who collected the inputs and how, if they said.
    public var collectedBy: String?

    public init(
        findingsRoot: TreeHead? = nil, disclosureRoot: TreeHead? = nil, logOrigin: String? = nil, toolSHA256: String? = nil,
        collectedBy: String? = nil
    ) {
        self.findingsRoot = findingsRoot
        self.disclosureRoot = disclosureRoot
        self.logOrigin = logOrigin
        self.toolSHA256 = toolSHA256
        self.collectedBy = collectedBy
    }

    static func predicate(of run: Run, _ details: EvaluationDetails) -> CanonicalValue {
        var tool: [String: CanonicalValue] = ["name": .string(run.toolName), "version": .string(run.toolVersion)]
        tool["sha256"] = details.toolSHA256.map(CanonicalValue.string)
        var members: [String: CanonicalValue] = [
            "catalogue": ["sha256": .string(run.catalogueDigest), "vectors": .int(run.catalogueVectors)],
            "counts": run.summary.canonical,
            "inputs": inputs(of: run),
            "jurisdictions": ["sha256": .string(run.jurisdictionsDigest)],
            "now": .string(run.now),
            "period": ["from": .optional(run.coverage.logsFrom), "to": .optional(run.coverage.logsTo)],
            "policies": .array(run.policies.map { ["id": .string($0.id), "sha256": .string($0.sha256)] }),
            "run": .string(run.id),
            "tool": .object(tool),
            "verdict": .string(run.outcome.rawValue),
        ]
        members["findingsRoot"] = details.findingsRoot?.canonical
        members["disclosureRoot"] = details.disclosureRoot?.canonical
        members["logOrigin"] = details.logOrigin.map(CanonicalValue.string)
        members["collectedBy"] = details.collectedBy.map(CanonicalValue.string)
        members["logIntegrity"] = run.coverage.integrity
        return .object(members)
    }

    /// The inputs as descriptors up to a bound, beyond it their number and the digest of the manifest's bytes: a year of
    /// logs has a hundred thousand files, and a statement stays small.
    private static func inputs(of run: Run) -> CanonicalValue {
        var members: [String: CanonicalValue] = [
            "bytes": .int(run.inputs.reduce(0) { $0 + $1.bytes }), "count": .int(run.inputs.count),
            "malformed": .int(run.inputs.reduce(0) { $0 + $1.malformed }),
            "manifest": .string(SHA256Digest(of: run.inputManifest).hex),
            "records": .int(run.inputs.reduce(0) { $0 + $1.records }),
        ]
        let changed = run.inputs.count(where: \.changedWhileRead)
        if changed > 0 { members["changedWhileRead"] = .int(changed) }
        if run.inputs.count <= descriptorLimit {
            members["files"] = .array(run.inputs.map { ["name": .string($0.path), "sha256": .string($0.sha256), "size": .int($0.bytes)] })
        }
        return .object(members)
    }

    private static let descriptorLimit = 32
}

/// The head of a Merkle tree (RFC 6962, SHA-256).
public struct TreeHead: Sendable, Hashable {
    public var size: Int
    public var root: SHA256Digest

    public init(size: Int, root: SHA256Digest) {
        self.size = size
        self.root = root
    }

    var canonical: CanonicalValue { ["alg": "rfc6962-sha256", "root": .string(root.hex), "size": .int(size)] }
}
