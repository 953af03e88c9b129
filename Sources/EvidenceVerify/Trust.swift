internal import Foundation
internal import Residency

/// What a verifier believes before it sees a bundle: keys that were got by another way than the bundle.
public struct Trust: Sendable {
    /// A key, what it may do, and when.
    public struct Entry: Sendable {
        public var key: PublicKey
        /// Seconds since 1970; a statement made outside is not believed.
        public var notBefore: Int?
        public var notAfter: Int?
        /// From then on (and if the time is not proven, always) nothing that it signed is believed.
        public var revokedAt: Int?
        public var revocation: String?
    }

    /// Keys that may sign statements.
    public var statementKeys: [Entry]
    /// How many of them must have signed.
    public var threshold: Int
    public var log: LogKey?
    public var witnesses: [LogKey]
    /// Root certificates of time-stamping authorities, PEM.
    public var timestampRoots: String?
    /// Where it came from, for the report.
    public var source: String

    /// Trust in one public key, and nothing else.
    public init(key: PublicKey, source: String) {
        statementKeys = [Entry(key: key)]
        threshold = 1
        witnesses = []
        self.source = source
    }

    /// Reads a folder of public halves (`p256.pub.pem`, `ed25519.pub.pem`, `log.vkey`, `witness.vkey`, `tsa-root.pem`), a
    /// signed trust file, or one PEM file. With two statement keys in a folder both must have signed. `roots`, if there are any,
    /// must have signed a trust file.
    public init(path: String, roots: [PublicKey] = []) throws(VerificationError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw VerificationError("there is no `\(path)`", isMalformed: true)
        }
        if isFolder.boolValue {
            try self.init(folder: path)
            return
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw VerificationError("can't read `\(path)`", isMalformed: true)
        }
        if let key = PublicKey(pem: String(decoding: data, as: UTF8.self)) {
            self.init(key: key, source: path)
            return
        }
        try self.init(trustFile: Array(data), roots: roots, source: path)
    }

    private init(folder: String) throws(VerificationError) {
        func text(_ name: String) -> String? {
            FileManager.default.contents(atPath: "\(folder)/\(name)").map { String(decoding: $0, as: UTF8.self) }
        }
        statementKeys = []
        for name in ["p256.pub.pem", "ed25519.pub.pem"] {
            guard let pem = text(name) else { continue }
            guard let key = PublicKey(pem: pem) else {
                throw VerificationError("`\(folder)/\(name)` is not a public key", isMalformed: true)
            }
            statementKeys.append(Entry(key: key))
        }
        guard !statementKeys.isEmpty else { throw VerificationError("`\(folder)` has no p256.pub.pem", isMalformed: true) }
        threshold = statementKeys.count
        log = try Self.logKey(text("log.vkey"), "\(folder)/log.vkey")
        witnesses = try Self.logKey(text("witness.vkey"), "\(folder)/witness.vkey").map { [$0] } ?? []
        timestampRoots = text("tsa-root.pem")
        source = folder
    }

    private static func logKey(_ text: String?, _ path: String) throws(VerificationError) -> LogKey? {
        guard let text else { return nil }
        guard let key = LogKey(verifierKey: text) else { throw VerificationError("`\(path)` is not a verifier key", isMalformed: true) }
        return key
    }

    /// The payload type of a signed trust file.
    public static let fileType = "application/vnd.domicile.trust+json"

    /// Reads a trust file: a DSSE envelope, signed by one of `roots`, or, if there are none, by one of the statement keys in it
    /// (then it is believed because of where the user got it, as a PEM file is).
    public init(trustFile: [UInt8], roots: [PublicKey] = [], source: String) throws(VerificationError) {
        let (payload, signed) = try Self.open(trustFile)
        guard payload["_type"]?.text == "https://domicile.dev/trust/v1" else {
            throw VerificationError("not a trust file", isMalformed: true)
        }
        statementKeys = []
        witnesses = []
        self.source = source
        threshold = max(1, payload["threshold"]?.number ?? 1)
        var roots = roots
        let ownRoots = roots.isEmpty
        for value in payload["keys"]?.elements ?? [] {
            let roles = (value["roles"]?.elements ?? []).compactMap(\.text)
            for role in roles {
                switch role {
                case "statement", "root":
                    guard let pem = value["pem"]?.text, let key = PublicKey(pem: pem) else {
                        throw VerificationError("a key of the trust file can't be read", isMalformed: true)
                    }
                    if ownRoots { roots.append(key) }
                    if role == "statement" { statementKeys.append(try Self.entry(key, value)) }
                case "log", "witness":
                    guard let line = value["vkey"]?.text, let key = LogKey(verifierKey: line), key.isWitness == (role == "witness") else {
                        throw VerificationError("a log key of the trust file can't be read", isMalformed: true)
                    }
                    if role == "log" { log = key } else { witnesses.append(key) }
                case "tsa": timestampRoots = (timestampRoots ?? "") + (value["pem"]?.text ?? "")
                default: throw VerificationError("the trust file gives a key the role `\(role)`, which is unknown", isMalformed: true)
                }
            }
        }
        guard signed(roots) else { throw VerificationError("the trust file is not signed by a key that may sign it") }
        guard !statementKeys.isEmpty else { throw VerificationError("the trust file has no key for statements", isMalformed: true) }
    }

    private static func open(_ file: [UInt8]) throws(VerificationError) -> (payload: CanonicalValue, isSigned: ([PublicKey]) -> Bool) {
        do {
            let envelope = try StrictJSON.parse(file)
            guard envelope["payloadType"]?.text == fileType, let payload = envelope["payload"]?.text.flatMap(Encodings.base64) else {
                throw VerificationError("not a public key and not a trust file", isMalformed: true)
            }
            let message = Array("DSSEv1 \(fileType.utf8.count) \(fileType) \(payload.count) ".utf8) + payload
            let signatures = (envelope["signatures"]?.elements ?? []).compactMap { $0["sig"]?.text.flatMap(Encodings.base64) }
            return (
                try StrictJSON.parse(payload),
                { keys in signatures.contains { signature in keys.contains { $0.accepts(signature, over: message) } } }
            )
        } catch let error as VerificationError {
            throw error
        } catch {
            throw VerificationError("not a public key and not a trust file", isMalformed: true)
        }
    }

    private static func entry(_ key: PublicKey, _ value: CanonicalValue) throws(VerificationError) -> Entry {
        func time(_ value: CanonicalValue?) throws(VerificationError) -> Int? {
            guard let text = value?.text else { return nil }
            guard let seconds = Moment.seconds(text) else {
                throw VerificationError("`\(text)` in the trust file is not a time", isMalformed: true)
            }
            return seconds
        }
        return Entry(
            key: key, notBefore: try time(value["notBefore"]), notAfter: try time(value["notAfter"]),
            revokedAt: try time(value["revoked"]?["at"]),
            revocation: value["revoked"]?["reason"]?.text)
    }
}

/// Moments in RFC 3339, UTC.
enum Moment {
    static func seconds(_ text: String) -> Int? {
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }
        return Int(date.timeIntervalSince1970.rounded(.down))
    }

    static func text(_ seconds: Int) -> String { Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601) }
}
