internal import Crypto
internal import Foundation
internal import Residency

/// Verifies what a tenant was given of a run.
public enum DisclosureVerifier {
    private static let predicateType = "https://domicile.dev/attestation/residency-disclosure/v1"

    /// Checks the signature, that every finding shown is in the tree that was signed, and that every finding of the tenant is
    /// shown.
    public static func verify(folder: String, trust: Trust) throws(VerificationError) -> VerificationReport {
        var report = VerificationReport()
        let source = try BundleSource(path: folder)
        do {
            guard let file = source.bytes("disclosure.dsse.json") else { throw VerificationError("there is no disclosure.dsse.json") }
            let statement = try EnvelopeVerifier.verify(file, keys: trust.statementKeys.map(\.key))
            guard statement.predicateType == predicateType, statement.isExact else {
                throw VerificationError("it is not an exact statement of a disclosure")
            }
            report.run = statement.predicate["run"]?.text
            report.holds("the commitments are signed", "key \(statement.keyIDs.first?.prefix(16) ?? "")…, run \(report.run ?? "")")
            let leaves = try self.leaves(source, statement)
            report.holds("committed.jsonl is the tree that was signed", "\(leaves.count) findings of all tenants, salted")
            try check(source, leaves, &report)
            try checkLog(source, statement, trust, &report)
        } catch {
            report.fails("the disclosure", "\(error)")
        }
        return report
    }

    private static func checkLog(_ source: BundleSource, _ statement: VerifiedStatement, _ trust: Trust, _ report: inout VerificationReport)
        throws
    {
        let title = "the tree was entered in the log"
        guard source.names.contains(where: { $0.hasPrefix("log/") }) else { return report.absent(title, "no log") }
        guard let key = trust.log else { return report.unchecked(title, "there are proofs, and no log.vkey to check them against") }
        let proof = try LogProof(
            entry: source.bytes("log/evidence.entry"), inclusion: source.text("log/evidence.tlog-proof"),
            previous: source.text("log/checkpoint.previous"), consistency: source.text("log/consistency.txt"))
        let checkpoint = try proof.verify(
            run: statement.predicate["run"]?.text, disclosureRoot: statement.predicate["disclosureRoot"]?["root"]?.text, log: key,
            witnesses: trust.witnesses)
        report.holds(title, "`\(key.name)`, \(checkpoint.size) entries: inclusion, consistency and both signatures")
    }

    private static func leaves(_ source: BundleSource, _ statement: VerifiedStatement) throws -> [[UInt8]] {
        guard let bytes = source.bytes("committed.jsonl"), bytes.isEmpty || bytes.last == 0x0A else {
            throw VerificationError("committed.jsonl is missing or cut")
        }
        guard Encodings.hex(Encodings.sha256(bytes)) == statement.subjects.first?.sha256 else {
            throw VerificationError("committed.jsonl is not the one that was signed")
        }
        let leaves = bytes.split(separator: 0x0A).map(Array.init)
        var root = MerkleRoot()
        for leaf in leaves { root.append(leaf) }
        let head = statement.predicate["disclosureRoot"]
        guard head?["size"]?.number == leaves.count, head?["root"]?.text == Encodings.hex(root.root) else {
            throw VerificationError("the tree is not the one that was signed")
        }
        return leaves
    }

    private static func check(_ source: BundleSource, _ leaves: [[UInt8]], _ report: inout VerificationReport) throws {
        guard let bytes = source.bytes("tenant.json"), bytes.last == 0x0A else { throw VerificationError("tenant.json is missing") }
        let tenant = try StrictJSON.parseCanonical(Array(bytes.dropLast()))
        guard let name = tenant["tenant"]?.text, let tagKey = tenant["tagKey"]?.text.flatMap(Encodings.hexDecoded) else {
            throw VerificationError("tenant.json can't be read")
        }
        var own: Set<Int> = []
        for (index, leaf) in leaves.enumerated() {
            let tag = HMAC<SHA256>.authenticationCode(for: Array("domicile leaf\0\(index)".utf8), using: SymmetricKey(data: tagKey))
            if try StrictJSON.parseCanonical(leaf)["tag"]?.text == Encodings.hex(Array(tag).prefix(16)) { own.insert(index) }
        }
        var shown: Set<Int> = []
        var root = MerkleRoot()
        for leaf in leaves { root.append(leaf) }
        for file in source.names where file.hasPrefix("findings/") {
            let index = try finding(source.bytes(file) ?? [], leaves, root: root.root, tenant: name)
            guard file == "findings/\(index).json" else { throw VerificationError("`\(file)` is finding \(index)") }
            shown.insert(index)
        }
        report.holds("every finding shown is in the tree", "\(shown.count) findings, each field by its salted digest")
        if shown == own {
            report.holds("every finding about \(name) is shown", "\(own.count) lines of the tree carry its tag")
        } else {
            report.fails(
                "every finding about \(name) is shown", "\(own.count) lines of the tree carry its tag, \(shown.count) findings are shown")
        }
    }

    private static func finding(_ file: [UInt8], _ leaves: [[UInt8]], root: [UInt8], tenant: String) throws -> Int {
        guard file.last == 0x0A else { throw VerificationError("a finding is cut") }
        let value = try StrictJSON.parseCanonical(Array(file.dropLast()))
        guard let index = value["index"]?.number, leaves.indices.contains(index), let leaf = value["leaf"]?.text,
            Array(leaf.utf8) == leaves[index],
            let list = value["disclosures"]?.elements
        else { throw VerificationError("a finding is not in the tree") }
        let proof = (value["proof"]?.elements ?? []).compactMap { $0.text.flatMap(Encodings.base64) }
        guard proof.count == value["proof"]?.elements?.count, value.members?.count == 4,
            MerkleProof.isIncluded(leaves[index], index: index, size: leaves.count, proof: proof, root: root)
        else { throw VerificationError("the proof of finding \(index) is wrong") }
        let digests = Set((try StrictJSON.parse(leaves[index])["_sd"]?.elements ?? []).compactMap(\.text))
        var used: Set<String> = []
        var isTenants = false
        for entry in list {
            guard let text = entry.text, let bytes = Encodings.base64url(text) else { throw VerificationError("a field can't be read") }
            let digest = Data(Encodings.sha256(Array(text.utf8))).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
                .replacing("=", with: "")
            guard digests.contains(digest), used.insert(digest).inserted else {
                throw VerificationError("a field of finding \(index) is not the one that was signed")
            }
            let field = try StrictJSON.parse(bytes).elements ?? []
            if field.count == 3, field[1].text == "subject" { isTenants = field[2]["tenant"]?.text == tenant }
        }
        guard used.count == digests.count, isTenants else {
            throw VerificationError("finding \(index) is not whole, or not about \(tenant)")
        }
        return index
    }
}
