internal import CryptoExtras
internal import Foundation
public import Residency

/// Verifies CloudTrail digest files, as `aws cloudtrail validate-logs` does and without the network.
public struct CloudTrailDigests {
    /// A digest file as it was copied from S3.
    public struct Digest: Sendable {
        public var bucket: String
        public var key: String
        /// The inflated JSON: the hashes and the signature are over it, not over the gzip file.
        public var json: [UInt8]
        /// `x-amz-meta-signature` of the object, hexadecimal; copying an object to disk loses it. `nil`: it is taken from the
        /// digest that follows, which repeats it.
        public var signature: String?

        public init(bucket: String, key: String, json: [UInt8], signature: String?) {
            self.bucket = bucket
            self.key = key
            self.json = json
            self.signature = signature
        }
    }

    private let keys: [String: _RSA.Signing.PublicKey]

    /// Reads the answers of `aws cloudtrail list-public-keys`, which must be archived while CloudTrail still gives them.
    public init(publicKeys documents: [[UInt8]]) throws(VerificationError) {
        var keys: [String: _RSA.Signing.PublicKey] = [:]
        for json in documents { try Self.read(json, into: &keys) }
        self.keys = keys
    }

    private static func read(_ json: [UInt8], into keys: inout [String: _RSA.Signing.PublicKey]) throws(VerificationError) {
        guard let document = try? StrictJSON.parse(json), let list = document["PublicKeyList"]?.elements else {
            throw VerificationError("the list of CloudTrail's public keys can't be read", isMalformed: true)
        }
        for entry in list {
            guard let fingerprint = entry["Fingerprint"]?.text, let der = entry["Value"]?.text.flatMap(Encodings.base64),
                let key = try? _RSA.Signing.PublicKey(derRepresentation: der)
            else { throw VerificationError("a public key of CloudTrail can't be read", isMalformed: true) }
            keys[fingerprint] = key
        }
    }

    /// Reads the one object of a digest that says where it belongs: `digestS3Bucket` and `digestS3Object`; `nil` if it is none.
    public static func place(of json: [UInt8]) -> (bucket: String, key: String)? {
        guard let content = try? StrictJSON.parse(json), let bucket = content["digestS3Bucket"]?.text, let key = content["digestS3Object"]?.text
        else { return nil }
        return (bucket, key)
    }

    /// Checks digests in any order. `log` gives the hexadecimal SHA-256 of a log file's *inflated* bytes, `nil` if it is not
    /// there: the caller has it from the pass in which it read the file. `elsewhere` says where a file with this hash lies
    /// that is not at its place. `present` are all log files that were given.
    public func verify(
        _ digests: [Digest], present: [String] = [], elsewhere: (_ hash: String) -> String? = { _ in nil },
        log: (_ bucket: String, _ key: String) -> String?
    ) -> LogIntegrity {
        var result = LogIntegrity()
        let digests = Self.signed(digests)
        var covered: Set<String> = []
        var previous: [String: Link] = [:]
        for digest in digests.sorted(by: { ($0.bucket, $0.key) < ($1.bucket, $1.key) }) {
            result.digests += 1
            let path = "\(digest.bucket)/\(digest.key)"
            guard let content = try? StrictJSON.parse(digest.json), let link = Link(content, digest) else {
                result.problems.append(.init(kind: .unreadable, path: path, detail: "not a digest file"))
                continue
            }
            guard link.bucket == digest.bucket, link.key == digest.key else {
                result.problems.append(.init(kind: .moved, path: path, detail: "it was `\(link.bucket)/\(link.key)`"))
                continue
            }
            if let problem = signatureProblem(link, digest) {
                result.problems.append(.init(kind: problem.kind, path: path, detail: problem.detail))
            }
            if let before = previous[link.chain] { result.problems += Self.chainProblems(link, before, path) }
            previous[link.chain] = link
            result.from = min(result.from ?? link.start, link.start)
            result.to = max(result.to ?? link.end, link.end)
            for file in link.logs {
                covered.insert(file.path)
                switch log(file.bucket, file.key) {
                case nil:
                    if let found = elsewhere(file.hash) {
                        result.problems.append(.init(kind: .moved, path: file.path, detail: "it lies at `\(found)`"))
                    } else {
                        result.problems.append(.init(kind: .missing, path: file.path, detail: "named in \(path)"))
                    }
                case file.hash?: result.logs += 1
                default: result.problems.append(.init(kind: .changed, path: file.path, detail: "another hash than in \(path)"))
                }
            }
        }
        result.uncovered = present.filter { !covered.contains($0) }.sorted()
        return result
    }

    /// Digests without a signature of their own get the one that the next of the chain repeats.
    private static func signed(_ digests: [Digest]) -> [Digest] {
        guard digests.contains(where: { $0.signature == nil }) else { return digests }
        var repeated: [String: String] = [:]
        for digest in digests {
            guard let content = try? StrictJSON.parse(digest.json), let bucket = content["previousDigestS3Bucket"]?.text,
                let key = content["previousDigestS3Object"]?.text, let signature = content["previousDigestSignature"]?.text
            else { continue }
            repeated["\(bucket)/\(key)"] = signature
        }
        return digests.map { digest in
            var digest = digest
            digest.signature = digest.signature ?? repeated["\(digest.bucket)/\(digest.key)"]
            return digest
        }
    }

    private func signatureProblem(_ link: Link, _ digest: Digest) -> (kind: LogIntegrity.Problem.Kind, detail: String)? {
        guard let key = keys[link.fingerprint] else { return (.key, "no public key `\(link.fingerprint)` was given") }
        guard let text = digest.signature else {
            return (.signature, "it was not given: it is the object's metadata, which a copy on disk loses")
        }
        guard link.algorithm == "SHA256withRSA", let signature = Encodings.hexDecoded(text) else {
            return (.signature, "it is not one that is known")
        }
        let message = "\(link.end)\n\(link.bucket)/\(link.key)\n\(link.hash)\n\(link.previousSignature ?? "null")"
        let isValid = key.isValidSignature(.init(rawRepresentation: signature), for: Data(message.utf8), padding: .insecurePKCS1v1_5)
        return isValid ? nil : (.signature, "it does not fit the file")
    }

    private static func chainProblems(_ link: Link, _ before: Link, _ path: String) -> [LogIntegrity.Problem] {
        var problems: [LogIntegrity.Problem] = []
        if link.previousSignature != before.signature || link.previousHash != before.hash || link.previousKey != before.key {
            problems.append(.init(kind: .chain, path: path, detail: "it does not follow `\(before.key)`"))
        }
        if link.start != before.end {
            problems.append(.init(kind: .gap, path: path, detail: "nothing from \(before.end) to \(link.start)"))
        }
        return problems
    }
}

/// One digest file's own words.
private struct Link {
    var bucket: String
    var key: String
    var start: String
    var end: String
    var fingerprint: String
    var algorithm: String
    var previousKey: String?
    var previousHash: String?
    var previousSignature: String?
    var signature: String?
    var hash: String
    var logs: [(bucket: String, key: String, path: String, hash: String)]
    /// Digests of one trail in one region follow each other: account, region and trail stand in the object's name before the
    /// time.
    var chain: String

    init?(_ content: CanonicalValue, _ digest: CloudTrailDigests.Digest) {
        guard let bucket = content["digestS3Bucket"]?.text, let key = content["digestS3Object"]?.text,
            let start = content["digestStartTime"]?.text,
            let end = content["digestEndTime"]?.text, let fingerprint = content["digestPublicKeyFingerprint"]?.text,
            let algorithm = content["digestSignatureAlgorithm"]?.text, let files = content["logFiles"]?.elements
        else { return nil }
        self.bucket = bucket
        self.key = key
        self.start = start
        self.end = end
        self.fingerprint = fingerprint
        self.algorithm = algorithm
        previousKey = content["previousDigestS3Object"]?.text
        previousHash = content["previousDigestHashValue"]?.text
        previousSignature = content["previousDigestSignature"]?.text
        signature = digest.signature
        hash = Encodings.hex(Encodings.sha256(digest.json))
        logs = []
        for file in files {
            guard let bucket = file["s3Bucket"]?.text, let key = file["s3Object"]?.text, let hash = file["hashValue"]?.text else {
                return nil
            }
            logs.append((bucket, key, "\(bucket)/\(key)", hash))
        }
        let name = key.split(separator: "/").last.map(String.init) ?? key
        chain = bucket + "/" + (name.lastIndex(of: "_").map { String(name[..<$0]) } ?? name)
    }
}
