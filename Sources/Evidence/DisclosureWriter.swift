internal import Foundation
internal import Residency

/// Writes what one tenant is given of a run: its findings, opened, and the proof that they are all of its findings in the tree
/// that was signed, and nothing guessable about anyone else's.
public struct DisclosureWriter {
    /// Who signs; the first is the main signer.
    public var signers: [any EvidenceSigner]
    /// The log's proof that this tree was entered when the run was made, if it was.
    public var log: LogEvidence?
    /// The root that the tree must have, hexadecimal: the one that was entered in the log.
    public var root: String?

    public init(signers: [any EvidenceSigner], log: LogEvidence? = nil, root: String? = nil) {
        self.signers = signers
        self.log = log
        self.root = root
    }

    /// Writes the folder and returns how many of how many findings it shows. A tenant without findings gets the proof that it has
    /// none.
    @discardableResult
    public func write(_ commitments: FindingCommitments, tenant: String, to folder: String) throws -> (shown: Int, all: Int) {
        let draft = try BundleDraft(folder)
        do {
            let (tree, shown) = try draft.writeCommitments(commitments, showing: tenant)
            guard root == nil || tree.head.root.hex == root else {
                throw EvidenceError(
                    .badKey, "the log has another tree for this run", hint: "is this the disclosure.key that the run was signed with?")
            }
            try draft.writeLines("disclosed.jsonl") { append in
                try commitments.disclosures(of: shown, in: tree) { try append($0.bytes) }
            }
            try draft.writeLines("findings.jsonl") { append in for finding in shown { try append(finding.line) } }
            let key: CanonicalValue = [
                "findings": .int(shown.count), "tagKey": .string(commitments.tenantKey(tenant)), "tenant": .string(tenant),
            ]
            try draft.write("tenant.json", key.bytes + [0x0A])
            try draft.write("README.txt", Array(Self.readme(tenant, shown.count, signers).utf8))
            let envelope = try Envelope.sign(commitments.statement(tree.head, subjects: try draft.writeSums()), with: signers)
            try draft.write("disclosure.dsse.json", envelope.file)
            try draft.write("disclosure.pae", envelope.preAuthentication)
            try draft.write("disclosure.sig", envelope.signatures.first?.bytes ?? [])
            for file in log?.files ?? [] { try draft.write(file.name, file.content) }
            try draft.publish()
            return (shown.count, tree.count)
        } catch {
            draft.discard()
            throw error
        }
    }

    private static func readme(_ tenant: String, _ count: Int, _ signers: [any EvidenceSigner]) -> String {
        """
        Findings about \(tenant): \(count)

        findings.jsonl holds them, one a line. The rest is the proof.

        committed.jsonl holds a salted commitment to every finding of the audit, yours and others'. Nobody can read or guess
        a finding from it. disclosed.jsonl opens yours: each entry of "disclosures" is base64url of [salt, name, value], and
        its SHA-256 (base64url) is in the "_sd" of the finding's line in committed.jsonl, in the way of SD-JWT (RFC 9901).
        tenant.json holds the key by which you recognize your lines: a line N (from 0) is yours if its "tag" is the first
        16 bytes of HMAC-SHA-256(tagKey, "domicile leaf" 00 N). So you can see that all findings about you, as the auditor
        assigned them, were opened.

        How to verify, with openssl and coreutils alone
        -----------------------------------------------
        Get the issuer's key p256.pub.pem by another way than this folder; its fingerprint is
        \(signers.first?.keyID ?? "")

        openssl dgst -sha256 -verify ../p256.pub.pem -signature disclosure.sig disclosure.pae
        grep -q "$(sha256sum < SHA256SUMS | cut -c1-64)" disclosure.pae && echo "the sums are signed"
        sha256sum --strict -c SHA256SUMS

        With the auditor's program, everything at once: domicile evidence verify FOLDER --trust p256.pub.pem

        """
    }
}
