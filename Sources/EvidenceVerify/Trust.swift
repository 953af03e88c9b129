internal import Foundation
internal import Residency

/// What a verifier believes before it sees a bundle: keys that were got by another way than the bundle.
public struct Trust: Sendable {
    /// Keys that may sign statements.
    public var statementKeys: [Trusted<PublicKey>] = []
    /// How many of them must have signed.
    public var threshold = 1
    /// The keys of one log: the one that signs now, and those before it.
    public var logKeys: [Trusted<LogKey>] = []
    public var witnesses: [Trusted<LogKey>] = []
    /// How many witnesses must have signed.
    public var witnessThreshold = 0
    /// Root certificates of time-stamping authorities, PEM.
    public var timestampRoots: [Trusted<String>] = []
    /// Where it came from, for the report.
    public var source: String

    /// Trust in one public key, and nothing else.
    public init(key: PublicKey, source: String) {
        self.init(source: source)
        statementKeys = [Trusted(key)]
    }

    /// Trust in nothing yet.
    init(source: String) { self.source = source }

    /// Reads a folder of public halves, a signed trust file, or one PEM file. `roots`, if there are any, must have signed a trust
    /// file: at least `rootThreshold` of them.
    public init(path: String, roots: [PublicKey] = [], rootThreshold: Int = 1) throws(VerificationError) {
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
        try self.init(trustFile: Array(data), roots: roots, rootThreshold: rootThreshold, source: path)
    }

    /// A folder: `p256.pub.pem` and `ed25519.pub.pem` (if both are there, both must have signed), `log.vkey`, `log.old.vkey` (the
    /// log's keys before that, each until a time), `witness.vkey`, `tsa-root.pem`.
    private init(folder: String) throws(VerificationError) {
        func text(_ name: String) -> String? {
            FileManager.default.contents(atPath: "\(folder)/\(name)").map { String(decoding: $0, as: UTF8.self) }
        }
        self.init(source: folder)
        for name in ["p256.pub.pem", "ed25519.pub.pem"] {
            guard let pem = text(name) else { continue }
            guard let key = PublicKey(pem: pem) else {
                throw VerificationError("`\(folder)/\(name)` is not a public key", isMalformed: true)
            }
            statementKeys.append(Trusted(key))
        }
        guard !statementKeys.isEmpty else { throw VerificationError("`\(folder)` has no p256.pub.pem", isMalformed: true) }
        threshold = statementKeys.count
        for name in ["log.vkey", "log.old.vkey"] {
            if let text = text(name) { logKeys += try LogKeyFile.keys(text, "\(folder)/\(name)") }
        }
        if let text = text("witness.vkey") { witnesses = try LogKeyFile.keys(text, "\(folder)/witness.vkey") }
        timestampRoots = text("tsa-root.pem").map { [Trusted($0)] } ?? []
        try requireOneLog()
    }

    func requireOneLog() throws(VerificationError) {
        for key in logKeys where key.key.name != logKeys[0].key.name {
            throw VerificationError("the keys are of two logs, `\(logKeys[0].key.name)` and `\(key.key.name)`", isMalformed: true)
        }
    }

    /// Judges the keys that signed a statement, at a time. Returns what was judged, `nil` if there is nothing to judge, or throws
    /// why too few of them count.
    func judge(_ keyIDs: [String], threshold: Int, at time: Int?, isProven: Bool) throws(VerificationError) -> String? {
        let signed = statementKeys.filter { keyIDs.contains($0.key.id) }
        if signed.allSatisfy(\.validity.isAlways) { return nil }
        let refusals = signed.compactMap { key in
            key.validity.refusal(at: time, isProven: isProven).map { "the key \(key.key.id.prefix(16))…: \($0)" }
        }
        let counted = signed.count - refusals.count
        guard counted >= threshold else { throw VerificationError(refusals.joined(separator: "; ")) }
        return (isProven ? "at \(Moment.text(time ?? 0)), which a third party proves" : "at the time of this check; no third party proves another")
            + (refusals.isEmpty ? "" : "; not counted: " + refusals.joined(separator: "; "))
    }
}

/// The text of a `.vkey` file: a verifier key a line, and after it, if it counts no longer, ` until TIME`.
public enum LogKeyFile {
    /// Reads the file; `name` is for messages.
    public static func keys(_ text: String, _ name: String) throws(VerificationError) -> [Trusted<LogKey>] {
        var keys: [Trusted<LogKey>] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ").map(String.init)
            let until = words.count == 3 && words[1] == "until" ? Moment.seconds(words[2]) : nil
            guard let first = words.first, let key = LogKey(verifierKey: first), words.count == 1 || until != nil else {
                throw VerificationError("`\(name)` is not a file of verifier keys (log.vkey, witness.vkey)", isMalformed: true)
            }
            keys.append(Trusted(key, Validity(notAfter: until)))
        }
        guard !keys.isEmpty else { throw VerificationError("`\(name)` holds no verifier key", isMalformed: true) }
        return keys
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
