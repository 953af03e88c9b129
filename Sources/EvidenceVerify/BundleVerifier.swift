internal import Foundation
internal import Residency

/// Verifies a bundle: every claim it makes, against keys that were got elsewhere.
///
/// It is written apart from what writes bundles, and refuses every text but the one that the writer makes, so that no byte
/// of a bundle can change unseen.
public struct BundleVerifier {
    let source: BundleSource
    let trust: Trust
    private let path: String
    let now: Int?
    var report = VerificationReport()
    /// SHA-256 of the files, hexadecimal.
    private(set) var digests: [String: String] = [:]
    /// Who signed each attestation.
    private(set) var attestations: [[String]] = []

    /// Verifies the bundle (a folder or a .tar) and says for each claim what was checked. `now`, in seconds since 1970, judges
    /// the keys' validity if no third party proves a time.
    public static func verify(bundle path: String, trust: Trust, now: Int? = nil) throws(VerificationError) -> VerificationReport {
        var verifier = BundleVerifier(source: try BundleSource(path: path), trust: trust, path: path, now: now)
        verifier.run()
        return verifier.report
    }

    private init(source: BundleSource, trust: Trust, path: String, now: Int?) {
        self.source = source
        self.trust = trust
        self.path = path
        self.now = now
    }

    private mutating func run() {
        checkTrustIsOutside()
        checkSums()
        guard let statement = checkEnvelope() else { return }
        report.run = statement.predicate["run"]?.text
        report.verdict = statement.predicate["verdict"]?.text
        check("the files are those that the statement names") { try $0.subjects(statement) }
        check("evidence.pae and evidence.sig are the statement and its signature") { try $0.loose(statement) }
        check("evidence.sigstore.json is the same statement") { try $0.sigstore(statement) }
        check("findings.jsonl is the tree of findings that the statement names") { try $0.findings(statement) }
        check("inputs/manifest.json is the one that the statement names") { try $0.manifest(statement) }
        checkAttestations()
        checkTimestamp(statement)
        checkLog(statement)
        checkValidity(statement)
    }

    /// Adds the claim as holding with what the body says, or as failing with what it throws.
    private mutating func check(_ title: String, _ body: (BundleVerifier) throws -> String) {
        do {
            let detail = try body(self)
            report.holds(title, detail)
        } catch {
            report.fails(title, "\(error)")
        }
    }

    private mutating func checkTrustIsOutside() {
        let title = "the keys come from elsewhere"
        let bundle = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let keys = URL(fileURLWithPath: trust.source).resolvingSymlinksInPath().path
        if keys == bundle || keys.hasPrefix(bundle + "/") {
            report.fails(title, "`\(trust.source)` is inside the bundle: whoever made the bundle made the key, so this proves nothing")
        } else {
            report.holds(title, "`\(trust.source)`, \(trust.statementKeys.map { "key \($0.key.id.prefix(16))…" }.joined(separator: ", "))")
        }
    }

    /// SHA256SUMS lists every file but those that are checked by their own means, and each has its digest. What nothing covers is
    /// not even read.
    private mutating func checkSums() {
        let title = "every file has the digest in SHA256SUMS"
        do {
            let lines = try sums()
            let covered = Set(lines.map(\.name)).union(["SHA256SUMS"]).union(source.names.filter(Self.isCheckedOtherwise))
            for name in source.names where covered.contains(name) { digests[name] = source.digest(name) }
            if let extra = source.names.first(where: { !covered.contains($0) }) { throw VerificationError("`\(extra)` is in the bundle and nothing covers it") }
            for (digest, name) in lines {
                guard let actual = digests[name] else { throw VerificationError("`\(name)` is missing") }
                guard actual == digest else { throw VerificationError("`\(name)` was changed") }
            }
            report.holds(title, "\(lines.count) files, SHA-256")
        } catch {
            report.fails(title, "\(error)")
        }
    }

    /// The lines of SHA256SUMS, which stand in the order of their names.
    private func sums() throws -> [(digest: String, name: String)] {
        guard let text = source.text("SHA256SUMS") else { throw VerificationError("there is no SHA256SUMS that can be read") }
        let lines = try text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { line in
            let (digest, name) = (String(line.prefix(64)), String(line.dropFirst(66)))
            guard line == "\(digest)  \(name)", !name.isEmpty, text.hasSuffix("\n") else {
                throw VerificationError("a line of SHA256SUMS can't be read")
            }
            return (digest, name)
        }
        guard lines.map(\.1) == Set(lines.map(\.1)).sorted() else { throw VerificationError("SHA256SUMS is not in order") }
        return lines
    }

    private static func isCheckedOtherwise(_ name: String) -> Bool {
        let own: Set = ["evidence.dsse.json", "evidence.sigstore.json", "evidence.pae", "evidence.sig", "evidence.tsr"]
        return own.contains(name) || LogProof.names.contains(name) || (name.hasPrefix("attestations/") && name.hasSuffix(".dsse.json"))
    }

    private mutating func checkEnvelope() -> VerifiedStatement? {
        let title = "the statement is signed"
        guard let file = source.bytes("evidence.dsse.json") else {
            report.fails(title, "there is no evidence.dsse.json: the bundle is not signed and proves nothing")
            return nil
        }
        do {
            let statement = try EnvelopeVerifier.verify(file, keys: trust.statementKeys.map(\.key), threshold: trust.threshold)
            try requireExact(statement, "evidence.dsse.json")
            guard statement.predicateType == Self.predicateType else {
                throw VerificationError("it is a statement of another kind: `\(statement.predicateType)`")
            }
            let algorithms = trust.statementKeys.filter { statement.keyIDs.contains($0.key.id) }.map {
                "\($0.key.algorithm) key \($0.key.id.prefix(16))…"
            }
            report.holds(title, algorithms.joined(separator: " and ") + ", DSSE over an in-toto Statement v1")
            return statement
        } catch {
            report.fails(title, "\(error)")
            return nil
        }
    }

    private static let predicateType = "https://domicile.dev/attestation/residency-evaluation/v1"

    private func requireExact(_ statement: VerifiedStatement, _ name: String) throws {
        if statement.unknown > 0 {
            throw VerificationError("a signature is good, and \(statement.unknown) more in \(name) is by a key that was not given")
        }
        guard statement.isExact, (try? StrictJSON.parseCanonical(statement.payload)) != nil else {
            throw VerificationError("the signature is good, and \(name) holds something beside what it covers")
        }
    }

    private func subjects(_ statement: VerifiedStatement) throws -> String {
        guard statement.subjects.contains(where: { $0.name == "SHA256SUMS" }) else {
            throw VerificationError("the statement does not name SHA256SUMS")
        }
        for subject in statement.subjects {
            guard let actual = digests[subject.name] else { throw VerificationError("`\(subject.name)` is missing") }
            guard actual == subject.sha256 else { throw VerificationError("`\(subject.name)` was changed") }
        }
        return "\(statement.subjects.count) files, against the signed SHA-256 of each"
    }

    private func loose(_ statement: VerifiedStatement) throws -> String {
        guard source.bytes("evidence.pae") == statement.preAuthentication else {
            throw VerificationError("evidence.pae is not what was signed")
        }
        guard source.bytes("evidence.sig") == statement.signatures.first else {
            throw VerificationError("evidence.sig is not the main signature")
        }
        return "byte for byte"
    }

    private func sigstore(_ statement: VerifiedStatement) throws -> String {
        guard let file = source.bytes("evidence.sigstore.json"), file.last == 0x0A else { throw VerificationError("it is missing or cut") }
        let bundle = try StrictJSON.parseCanonical(Array(file.dropLast()))
        guard let id = statement.keyIDs.first.flatMap(Encodings.hexDecoded), let signature = statement.signatures.first else {
            throw VerificationError("there is no signature to compare with")
        }
        let hint = CanonicalValue.string(Data(id).base64EncodedString())
        var material: [String: CanonicalValue] = ["publicKey": ["hint": hint], "tlogEntries": []]
        if let token = source.bytes("evidence.tsr") {
            let stamp: CanonicalValue = ["signedTimestamp": .string(Data(token).base64EncodedString())]
            material["timestampVerificationData"] = ["rfc3161Timestamps": [stamp]]
        }
        let envelope: CanonicalValue = [
            "payload": .string(Data(statement.payload).base64EncodedString()), "payloadType": .string(EnvelopeVerifier.inTotoType),
            "signatures": [["keyid": hint, "sig": .string(Data(signature).base64EncodedString())]],
        ]
        let expected: CanonicalValue = [
            "dsseEnvelope": envelope, "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": .object(material),
        ]
        guard bundle == expected else { throw VerificationError("it is not the same statement, signature, key and timestamp") }
        return "same payload, same signature, same key"
    }

    private func findings(_ statement: VerifiedStatement) throws -> String {
        guard let data = source.data("findings.jsonl") else { throw VerificationError("it is missing") }
        guard let head = statement.predicate["findingsRoot"], head["alg"]?.text == "rfc6962-sha256", let size = head["size"]?.number,
            let root = head["root"]?.text
        else { throw VerificationError("the statement names no tree") }
        let counted = try FindingsFile.read(data)
        guard counted.size == size, Encodings.hex(counted.root) == root else {
            throw VerificationError("the root over its lines is another")
        }
        for (verdict, count) in counted.verdicts where statement.predicate["counts"]?[verdict]?.number != count {
            throw VerificationError(
                "the statement counts \(statement.predicate["counts"]?[verdict]?.number ?? 0) \(verdict), the file has \(count)")
        }
        return "\(size) findings, RFC 6962 root and the four counts"
    }

    private func manifest(_ statement: VerifiedStatement) throws -> String {
        guard let bytes = source.bytes("inputs/manifest.json"), bytes.last == 0x0A else { throw VerificationError("it is missing or cut") }
        let manifest = try StrictJSON.parseCanonical(Array(bytes.dropLast()))
        let inputs = statement.predicate["inputs"]
        guard inputs?["manifest"]?.text == digests["inputs/manifest.json"] else { throw VerificationError("its digest is another") }
        guard manifest["run"] == statement.predicate["run"], manifest["inputs"]?.elements?.count == inputs?["count"]?.number else {
            throw VerificationError("it is the manifest of another run")
        }
        return "\(manifest["inputs"]?.elements?.count ?? 0) inputs by SHA-256 (the inputs themselves are not in the bundle)"
    }

    private mutating func checkAttestations() {
        let names = Set(source.names.filter { $0.hasPrefix("attestations/") }).union(["attestations/test-result.dsse.json"])
        for name in names.sorted() {
            var signers: [String] = []
            check("\(name) is signed and about these files") { me in
                guard let file = me.source.bytes(name) else { throw VerificationError("it is missing") }
                let statement = try EnvelopeVerifier.verify(file, keys: me.trust.statementKeys.map(\.key), threshold: me.trust.threshold)
                try me.requireExact(statement, name)
                for subject in statement.subjects where me.digests[subject.name] != subject.sha256 {
                    throw VerificationError("`\(subject.name)` is not the file it speaks of")
                }
                signers = statement.keyIDs
                return "\(statement.predicateType), \(statement.subjects.count) files"
            }
            attestations.append(signers)
        }
    }
}
