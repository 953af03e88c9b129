internal import Foundation
internal import Residency

/// Verifies a bundle: every claim it makes, against keys that were got elsewhere.
///
/// It is written apart from what writes bundles, and refuses every text but the one that the writer makes, so that no byte
/// of a bundle can change unseen.
public struct BundleVerifier {
    private let source: BundleSource
    private let trust: Trust
    private let path: String
    private let now: Int?
    private var report = VerificationReport()
    private var digests: [String: String] = [:]

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

    /// SHA256SUMS lists every file but those that are checked by their own means, and each has its digest.
    private mutating func checkSums() {
        for name in source.names {
            if let data = source.data(name) { digests[name] = Encodings.hex(Encodings.sha256(data)) }
        }
        check("every file has the digest in SHA256SUMS") { me in
            guard let text = me.source.text("SHA256SUMS") else { throw VerificationError("there is no SHA256SUMS") }
            var listed: [String] = []
            for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                let digest = String(line.prefix(64))
                let name = String(line.dropFirst(66))
                guard line == "\(digest)  \(name)", !name.isEmpty, text.hasSuffix("\n") else {
                    throw VerificationError("a line of SHA256SUMS can't be read")
                }
                guard let actual = me.digests[name] else { throw VerificationError("`\(name)` is missing") }
                guard actual == digest else { throw VerificationError("`\(name)` was changed") }
                listed.append(name)
            }
            guard listed == Set(listed).sorted() else { throw VerificationError("SHA256SUMS is not in order") }
            let others = Set(me.source.names).subtracting(listed).subtracting(["SHA256SUMS"]).filter { !Self.isCheckedOtherwise($0) }
            if let extra = others.min() { throw VerificationError("`\(extra)` is in the bundle and nothing covers it") }
            return "\(listed.count) files, SHA-256"
        }
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
        if let token = source.data("evidence.tsr") {
            let stamp: CanonicalValue = ["signedTimestamp": .string(token.base64EncodedString())]
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
            check("\(name) is signed and about these files") { me in
                guard let file = me.source.bytes(name) else { throw VerificationError("it is missing") }
                let statement = try EnvelopeVerifier.verify(file, keys: me.trust.statementKeys.map(\.key))
                try me.requireExact(statement, name)
                for subject in statement.subjects where me.digests[subject.name] != subject.sha256 {
                    throw VerificationError("`\(subject.name)` is not the file it speaks of")
                }
                return "\(statement.predicateType), \(statement.subjects.count) files"
            }
        }
    }

    private mutating func checkTimestamp(_ statement: VerifiedStatement) {
        let title = "the signature existed at a proven time"
        guard let token = source.bytes("evidence.tsr") else { return report.absent(title, "no RFC 3161 timestamp") }
        guard let roots = trust.timestampRoots else {
            return report.unchecked(title, "there is a timestamp, and no tsa-root.pem to check it against")
        }
        do {
            let stamp = try TimestampVerifier.verify(token, over: statement.signatures.first ?? [], roots: roots)
            report.provenTime = stamp.time
            report.holds(title, "\(Moment.text(stamp.time)), by \(stamp.authority), RFC 3161 over the signature")
        } catch {
            report.fails(title, "\(error)")
        }
    }

    private mutating func checkLog(_ statement: VerifiedStatement) {
        let title = "the statement is in the log, which only grew"
        let claimed = statement.predicate["logOrigin"]?.text
        guard source.names.contains(where: { $0.hasPrefix("log/") }) else {
            if let claimed {
                report.fails(title, "the statement names the log `\(claimed)`, and the bundle has no proof of it")
            } else {
                report.absent(title, "no log")
            }
            return
        }
        guard let key = trust.log else { return report.unchecked(title, "there are proofs, and no log.vkey to check them against") }
        do {
            let proof = try LogProof(
                entry: source.bytes("log/evidence.entry"), inclusion: source.text("log/evidence.tlog-proof"),
                previous: source.text("log/checkpoint.previous"), consistency: source.text("log/consistency.txt"))
            let checkpoint = try proof.verify(
                statement: Encodings.hex(Encodings.sha256(statement.preAuthentication)), timestamp: digests["evidence.tsr"], log: key,
                witnesses: trust.witnesses)
            guard claimed == nil || claimed == key.name else {
                throw VerificationError("the statement names the log `\(claimed ?? "")`, the key is for `\(key.name)`")
            }
            report.provenTime = report.provenTime ?? checkpoint.witnesses.values.min()
            let witnesses = checkpoint.witnesses.keys.sorted().map { ", witnessed by \($0)" }.joined()
            report.holds(title, "`\(key.name)`, \(checkpoint.size) entries\(witnesses): inclusion, consistency and both signatures")
        } catch {
            report.fails(title, "\(error)")
        }
    }

    /// A key counts only within its validity; after a revocation only for what was signed, provably, before.
    private mutating func checkValidity(_ statement: VerifiedStatement) {
        let title = "the key was valid when it signed"
        let keys = trust.statementKeys.filter { statement.keyIDs.contains($0.key.id) }
        guard keys.contains(where: { $0.notBefore != nil || $0.notAfter != nil || $0.revokedAt != nil }) else {
            return report.absent(title, "the trusted keys carry no validity")
        }
        check(title) { me in
            for entry in keys {
                if let revoked = entry.revokedAt {
                    guard let proven = me.report.provenTime, proven < revoked else {
                        throw VerificationError(
                            "the key was revoked at \(Moment.text(revoked)) (\(entry.revocation ?? "no reason given")), and nothing proves that it signed before"
                        )
                    }
                }
                guard let time = me.report.provenTime ?? me.now else {
                    throw VerificationError("the key has a validity, and no time is known to judge it by")
                }
                guard entry.notBefore ?? time <= time, time <= entry.notAfter ?? time else {
                    throw VerificationError("\(Moment.text(time)) is outside the key's validity")
                }
            }
            return me.report.provenTime.map { "at \(Moment.text($0)), which a third party proves" }
                ?? "at the time of this check; no third party proves another"
        }
    }
}
