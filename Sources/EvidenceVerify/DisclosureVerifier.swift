internal import Crypto
internal import Foundation
internal import Residency

/// Verifies what a tenant was given of a run.
public enum DisclosureVerifier {
    private static let predicateType = "https://domicile.dev/attestation/residency-disclosure/v1"

    /// Whether the folder is a tenant's part of a run rather than a whole bundle.
    public static func isDisclosure(_ path: String) -> Bool { (try? BundleSource(path: path))?.names.contains("disclosure.dsse.json") ?? false }

    /// Checks the signature, that every finding shown is in the tree that was signed, and that every finding of the tenant is
    /// shown.
    /// `now`, in seconds since 1970, judges the validity of the statement's key, and of the log's if no witness proves a time.
    public static func verify(folder: String, trust: Trust, now: Int? = nil) throws(VerificationError) -> VerificationReport {
        var report = VerificationReport()
        let source = try BundleSource(path: folder)
        do {
            guard let file = source.bytes("disclosure.dsse.json") else { throw VerificationError("there is no disclosure.dsse.json") }
            let statement = try EnvelopeVerifier.verify(file, keys: trust.statementKeys.map(\.key), threshold: trust.threshold)
            guard statement.predicateType == predicateType, statement.isExact else {
                throw VerificationError("it is not an exact statement of a disclosure")
            }
            guard source.bytes("disclosure.pae") == statement.preAuthentication, source.bytes("disclosure.sig") == statement.signatures.first
            else { throw VerificationError("disclosure.pae and disclosure.sig are not the statement and its signature") }
            report.run = statement.predicate["run"]?.text
            report.holds("the commitments are signed", "key \(statement.keyIDs.first?.prefix(16) ?? "")…, run \(report.run ?? "")")
            try checkFiles(source, statement, &report)
            let tree = try CommittedTree(source.data("committed.jsonl"), statement)
            report.holds("committed.jsonl is the tree that was signed", "\(tree.count) findings of all tenants, salted")
            try check(source, tree, &report)
            try checkLog(source, statement, trust, now, &report)
            // A witness proves when the tree was there; this statement about it may be of any time since.
            let judged = try trust.judge(statement.keyIDs, threshold: trust.threshold, at: now, isProven: false)
            if let judged { report.holds("the key was valid when it signed", judged) }
        } catch {
            report.fails("the disclosure", "\(error)")
        }
        return report
    }

    /// The statement names every file but itself and the log's proofs, each by its digest.
    private static func checkFiles(_ source: BundleSource, _ statement: VerifiedStatement, _ report: inout VerificationReport) throws {
        let own: Set = ["disclosure.dsse.json", "disclosure.pae", "disclosure.sig"]
        let named = Set(statement.subjects.map(\.name))
        if let extra = source.names.first(where: { !named.contains($0) && !own.contains($0) && !LogProof.names.contains($0) }) {
            throw VerificationError("`\(extra)` is there and nothing covers it")
        }
        for subject in statement.subjects {
            guard let data = source.data(subject.name) else { throw VerificationError("`\(subject.name)` is missing") }
            guard Encodings.hex(Encodings.sha256(data)) == subject.sha256 else { throw VerificationError("`\(subject.name)` was changed") }
        }
        report.holds("the files are those that the statement names", "\(statement.subjects.count) files, against the signed SHA-256 of each")
    }

    private static func checkLog(
        _ source: BundleSource, _ statement: VerifiedStatement, _ trust: Trust, _ now: Int?, _ report: inout VerificationReport
    ) throws {
        let title = "the tree was entered in the log"
        guard source.names.contains(where: { $0.hasPrefix("log/") }) else { return report.absent(title, "no log") }
        guard !trust.logKeys.isEmpty else { return report.unchecked(title, "there are proofs, and no log.vkey to check them against") }
        let checkpoint = try LogProof(source).verify(
            run: statement.predicate["run"]?.text, disclosureRoot: statement.predicate["disclosureRoot"]?["root"]?.text,
            log: trust.logKeys.map(\.key), witnesses: trust.witnesses.map(\.key))
        let outcome = try LogClaim(trust: trust, stamped: nil, now: now).judge(checkpoint)
        report.provenTime = outcome.witnessed
        report.holds(title, outcome.detail)
    }

    private static func check(_ source: BundleSource, _ tree: CommittedTree, _ report: inout VerificationReport) throws {
        guard let bytes = source.bytes("tenant.json"), bytes.last == 0x0A else { throw VerificationError("tenant.json is missing") }
        let tenant = try StrictJSON.parseCanonical(Array(bytes.dropLast()))
        guard let name = tenant["tenant"]?.text, let tagKey = tenant["tagKey"]?.text.flatMap(Encodings.hexDecoded) else {
            throw VerificationError("tenant.json can't be read")
        }
        guard let disclosed = source.bytes("disclosed.jsonl"), let readable = source.bytes("findings.jsonl"),
            [disclosed, readable].allSatisfy({ $0.isEmpty || $0.last == 0x0A })
        else { throw VerificationError("disclosed.jsonl or findings.jsonl is missing or cut") }
        let lines = readable.split(separator: 0x0A)
        var shown: Set<Int> = []
        for (number, line) in disclosed.split(separator: 0x0A).enumerated() {
            let finding = try DisclosedFinding(Array(line), tree)
            guard finding.fields["subject"]?["tenant"]?.text == name else {
                throw VerificationError("finding \(finding.index) is not about \(name)")
            }
            guard lines.indices.contains(number), finding.isRead(as: Array(lines[number])), shown.insert(finding.index).inserted else {
                throw VerificationError("findings.jsonl is not what was opened")
            }
        }
        guard shown.count == lines.count else { throw VerificationError("findings.jsonl is not what was opened") }
        report.holds("every finding shown is in the tree", "\(shown.count) findings, each field by its salted digest")
        let own = tree.indices(tagKey: tagKey)
        if shown == own {
            report.holds("every finding about \(name) is shown", "\(own.count) lines of the tree carry its tag")
        } else {
            report.fails(
                "every finding about \(name) is shown", "\(own.count) lines of the tree carry its tag, \(shown.count) findings are shown")
        }
    }
}

/// committed.jsonl, whose root is the one that was signed.
private struct CommittedTree {
    private let data: Data
    private let lines: [Range<Int>]
    let root: [UInt8]
    var count: Int { lines.count }

    init(_ data: Data?, _ statement: VerifiedStatement) throws {
        guard let data, data.isEmpty || data.last == 0x0A else { throw VerificationError("committed.jsonl is missing or cut") }
        var lines: [Range<Int>] = []
        var tree = MerkleRoot()
        data.withUnsafeBytes { raw in
            var start = 0
            while start < raw.count, let base = raw.baseAddress, let newline = memchr(base + start, 0x0A, raw.count - start) {
                let end = UnsafeRawPointer(newline) - base
                tree.append(UnsafeRawBufferPointer(rebasing: raw[start..<end]))
                lines.append(start..<end)
                start = end + 1
            }
        }
        self.data = data
        self.lines = lines
        root = tree.root
        let head = statement.predicate["disclosureRoot"]
        guard head?["size"]?.number == lines.count, head?["root"]?.text == Encodings.hex(root) else {
            throw VerificationError("the tree is not the one that was signed")
        }
    }

    func line(_ index: Int) -> [UInt8]? {
        lines.indices.contains(index) ? Array(data[(data.startIndex + lines[index].lowerBound)..<(data.startIndex + lines[index].upperBound)]) : nil
    }

    /// The lines whose tag is this tenant's. The tag ends a line: its name is the last in canonical order.
    func indices(tagKey: [UInt8]) -> Set<Int> {
        let key = SymmetricKey(data: tagKey)
        var own: Set<Int> = []
        data.withUnsafeBytes { raw in
            for (index, range) in lines.enumerated() {
                let tag = HMAC<SHA256>.authenticationCode(for: Array("domicile leaf\0\(index)".utf8), using: key)
                let expected = Array("\"tag\":\"\(Encodings.hex(Array(tag).prefix(16)))\"}".utf8)
                guard range.count >= expected.count else { continue }
                if raw[(range.upperBound - expected.count)..<range.upperBound].elementsEqual(expected) { own.insert(index) }
            }
        }
        return own
    }
}

/// One line of disclosed.jsonl: a leaf of the tree with all of its fields opened.
private struct DisclosedFinding {
    let index: Int
    private(set) var fields: [String: CanonicalValue] = [:]

    init(_ line: [UInt8], _ tree: CommittedTree) throws {
        let value = try StrictJSON.parseCanonical(line)
        guard let index = value["index"]?.number, let leaf = value["leaf"]?.text.map({ Array($0.utf8) }), leaf == tree.line(index),
            let list = value["disclosures"]?.elements, let hashes = value["proof"]?.elements, value.members?.count == 4
        else { throw VerificationError("a finding is not in the tree") }
        self.index = index
        let proof = hashes.compactMap { $0.text.flatMap(Encodings.base64) }
        guard proof.count == hashes.count, MerkleProof.isIncluded(leaf, index: index, size: tree.count, proof: proof, root: tree.root) else {
            throw VerificationError("the proof of finding \(index) is wrong")
        }
        let digests = Set((try StrictJSON.parseCanonical(leaf)["_sd"]?.elements ?? []).compactMap(\.text))
        var used: Set<String> = []
        for entry in list {
            guard let text = entry.text, let bytes = Encodings.base64url(text) else { throw VerificationError("a field can't be read") }
            guard digests.contains(Self.digest(text)), used.insert(Self.digest(text)).inserted else {
                throw VerificationError("a field of finding \(index) is not the one that was signed")
            }
            let field = try StrictJSON.parse(bytes).elements ?? []
            guard field.count == 3, let name = field[1].text, fields.updateValue(field[2], forKey: name) == nil else {
                throw VerificationError("a field of finding \(index) can't be read")
            }
        }
        guard used.count == digests.count else { throw VerificationError("finding \(index) is not whole") }
    }

    /// Whether this line of findings.jsonl says what the fields say.
    func isRead(as line: [UInt8]) -> Bool { (try? StrictJSON.parseCanonical(line))?.members == fields }

    private static func digest(_ text: String) -> String {
        Data(Encodings.sha256(Array(text.utf8))).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
