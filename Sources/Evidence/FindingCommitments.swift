internal import Crypto
internal import Foundation
public import Residency

/// The findings of a run as salted commitments, in the way of SD-JWT (RFC 9901): each field is digested with a salt of 128
/// bits, and a finding's leaf holds its digests alone.
///
///     {"_sd":["4ab…","9fe…"],"_sd_alg":"sha-256","id":"c01…","tag":"77a…"}
///
/// Ids are opaque. The tag says whose finding it is to whoever holds that tenant's key, and nothing to others: so a tenant can
/// see that it was shown *all* of its findings. Leaves are made when they are asked for: a million of them are never in memory.
public struct FindingCommitments: Sendable {
    /// The name of the predicate's type that signs such a tree.
    public static let predicateType = "https://domicile.dev/attestation/residency-disclosure/v1"

    private let secret: DerivedKey
    private let saltKey: SymmetricKey
    private let run: Run

    /// Commits to every finding of the run; the same run and key give the same commitments.
    public init(_ run: Run, key: DisclosureKey) {
        self.run = run
        secret = key.secret(of: run.id)
        saltKey = secret.derive("salts", "").key
    }

    /// The tree over the leaves; one pass over the findings.
    public func tree() throws -> MerkleLevels { try tree { _ in } }

    /// The tree over the leaves, each of which is handed over on the way (canonical JSON, without a newline).
    public func tree(_ body: (_ leaf: [UInt8]) throws -> Void) throws -> MerkleLevels {
        var tree = MerkleLevels()
        var maker = LeafMaker(secret: secret, saltKey: saltKey)
        for (index, finding) in run.findings.enumerated() {
            try maker.make(finding, index)
            tree.append(record: maker.leaf)
            try body(maker.leaf)
        }
        return tree
    }

    /// The statement to give out: the tree's root, the run's name and the files given; nothing that is unsalted.
    func statement(_ head: TreeHead, subjects: [Statement.Subject]) -> Statement {
        Statement(
            subjects: subjects, predicateType: Self.predicateType,
            predicate: ["disclosureRoot": head.canonical, "now": .string(run.now), "run": .string(run.id)])
    }

    /// The tag key of a tenant; with it the tenant finds its leaves, and no others.
    public func tenantKey(_ tenant: String) -> String { Hex.encode(secret.bytes("tenant", tenant)) }

    /// What is shown of one finding: its leaf, its proof, and the fields with their salts.
    public func disclosure(of index: Int, in tree: MerkleLevels) throws -> CanonicalValue {
        var maker = LeafMaker(secret: secret, saltKey: saltKey)
        try maker.make(run.findings[index], index, keeping: true)
        return [
            "disclosures": .strings(maker.disclosures), "index": .int(index), "leaf": .string(String(decoding: maker.leaf, as: UTF8.self)),
            "proof": .strings(tree.inclusionProof(of: index).map { Data($0.bytes).base64EncodedString() }),
        ]
    }

    /// A finding as it is read: its line of findings.jsonl.
    func finding(_ index: Int) -> [UInt8] {
        var writer = CanonicalWriter()
        writer.write(run.findings[index])
        return writer.bytes
    }

    /// The numbers of a tenant's findings.
    public func indices(of tenant: String) -> [Int] { run.findings.indices.filter { run.findings[$0].subject.tenant == tenant } }
}
