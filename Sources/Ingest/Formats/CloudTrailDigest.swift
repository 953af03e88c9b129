import Residency

/// CloudTrail's digest files: which log files were delivered in an hour, with their hashes. They tell of no event; each log file
/// that they name counts as a record.
///
///     {"awsAccountId": "111122223333", "digestStartTime": "...", "digestEndTime": "...", "digestS3Bucket": "...",
///      "logFiles": [{"s3Bucket": "...", "s3Object": "...", "hashValue": "...", "hashAlgorithm": "SHA-256", ...}]}
enum CloudTrailDigest: InputFormat {
    static let id = DocumentFormat.cloudTrailDigest.rawValue
    static let title = "CloudTrail digests"

    static func recognises(_ head: Head) -> Bool {
        head.candidates.contains { $0.has("digestS3Bucket") || $0.has("digestStartTime") || $0.has("digestPublicKeyFingerprint") }
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        try session.takeDocument()
        var files = 0
        let trie = session.tries.trie(Projection(), lists: ["logFiles"])
        var reading: RecordWalk?
        let walk = RecordWalk(session, trie: trie) { (batch) throws(ReadError) in
            for row in 0..<batch.count {
                if let fault = reading?.isSound(batch, row) {
                    session.malformed(byte: batch.byte(row) + fault.at, place: batch.pointer(row), fault.message)
                    continue
                }
                session.outcome.pointers.append(ordinal: session.ordinal, place: batch.pointer(row))
                session.ordinal += 1
                session.outcome.records += 1
                if case .list = batch.places { files += 1 }
            }
        }
        reading = walk
        defer { reading = nil }
        try walk.walk()
        session.say(.note, "a digest of \(files) CloudTrail log files; it proves them and tells of no event")
    }
}

/// The public keys of CloudTrail's digests, as `aws cloudtrail list-public-keys` prints them.
///
///     {"PublicKeyList": [{"Value": "MIIBCgKCAQEA...", "Fingerprint": "8e1c...", "ValidityStartTime": ...}]}
enum CloudTrailKeys: InputFormat {
    static let id = DocumentFormat.cloudTrailKeys.rawValue
    static let title = "CloudTrail public keys"

    static func recognises(_ head: Head) -> Bool { head.candidates.contains { $0.has("PublicKeyList") } }

    static func read(_ session: ReadSession) throws(ReadError) { try session.takeDocument() }
}

extension ReadSession {
    /// Keeps the whole input as a document about others.
    func takeDocument() throws(ReadError) {
        guard try readTree() else { return }
        outcome.document = Array(window.bytes)
    }
}
