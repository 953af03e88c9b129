internal import Crypto
internal import Foundation
public import Residency

/// The findings of a run as salted commitments, in the way of SD-JWT (RFC 9901): each field is digested with a salt of 128
/// bits, and a finding's leaf holds its digests alone.
///
///     {"_sd":["4ab…","9fe…"],"_sd_alg":"sha-256","id":"c01…","tag":"77a…"}
///
/// Ids are opaque. The tag says whose finding it is to whoever holds that tenant's key, and nothing to others: so a tenant can
/// see that it was shown *all* of its findings. Findings come as their lines of findings.jsonl, and leaves are made when they
/// are asked for: a million of them are never in memory.
public struct FindingCommitments: Sendable {
    /// Hands over the lines of findings.jsonl one after another, without their newlines; the same each time.
    public typealias Lines = @Sendable (_ body: (_ line: [UInt8]) throws -> Void) throws -> Void

    /// A finding of the tenant to whom it is shown.
    public struct Shown: Sendable {
        public var index: Int
        /// Its line of findings.jsonl.
        public var line: [UInt8]
    }

    /// The name of the predicate's type that signs such a tree.
    public static let predicateType = "https://domicile.dev/attestation/residency-disclosure/v1"

    private let secret: DerivedKey
    private let run: String
    private let now: String
    private let lines: Lines

    /// Commits to every finding of the run with this id, which was judged at `now`; the same lines and key give the same
    /// commitments.
    public init(run: String, now: String, key: DisclosureKey, lines: @escaping Lines) {
        secret = key.secret(of: run)
        self.run = run
        self.now = now
        self.lines = lines
    }

    /// Commits to every finding of a run in memory.
    public init(_ run: Run, key: DisclosureKey) {
        self.init(run: run.id, now: run.now, key: key) { body in
            var writer = CanonicalWriter(capacity: 4096)
            for finding in run.findings {
                writer.removeAll()
                writer.write(finding)
                writer.newline()
                try body(writer.bytes.dropLast())
            }
        }
    }

    /// The tree over the leaves; one pass over the findings.
    public func tree() throws -> MerkleLevels { try commit { _ in }.tree }

    /// The tree over the leaves, each of which is handed over on the way (canonical JSON, without a newline), and the findings
    /// of one tenant.
    public func commit(showing tenant: String? = nil, _ body: (_ leaf: [UInt8]) throws -> Void) throws -> (tree: MerkleLevels, shown: [Shown]) {
        var tree = MerkleLevels()
        var shown: [Shown] = []
        var maker = LeafMaker(secret: secret)
        let own = tenant.map { CanonicalValue.string($0).bytes }
        try lines { line in
            let index = tree.count
            try maker.make(line, index)
            if let own, maker.tenant.elementsEqual(own) { shown.append(Shown(index: index, line: line)) }
            tree.append(record: maker.leaf)
            try body(maker.leaf)
        }
        return (tree, shown)
    }

    /// The statement to give out: the tree's root, the run's name and the files given; nothing that is unsalted.
    func statement(_ head: TreeHead, subjects: [Statement.Subject]) -> Statement {
        Statement(
            subjects: subjects, predicateType: Self.predicateType,
            predicate: ["disclosureRoot": head.canonical, "now": .string(now), "run": .string(run)])
    }

    /// The tag key of a tenant; with it the tenant finds its leaves, and no others.
    public func tenantKey(_ tenant: String) -> String { Hex.encode(secret.bytes("tenant", tenant)) }

    /// Hands over what is shown of findings: each one's leaf, its proof, and the fields with their salts.
    public func disclosures(of findings: [Shown], in tree: MerkleLevels, _ body: (CanonicalValue) throws -> Void) throws {
        var maker = LeafMaker(secret: secret)
        for finding in findings {
            try maker.make(finding.line, finding.index, keeping: true)
            try body([
                "disclosures": .strings(maker.disclosures), "index": .int(finding.index),
                "leaf": .string(String(decoding: maker.leaf, as: UTF8.self)),
                "proof": .strings(tree.inclusionProof(of: finding.index).map { Data($0.bytes).base64EncodedString() }),
            ])
        }
    }
}
