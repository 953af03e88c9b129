public import Residency

/// Why something did not verify. The text is lower case, without a full stop.
public struct VerificationError: Error, Hashable, Sendable, CustomStringConvertible {
    public var message: String
    /// The thing can't be read at all, as against: it can, and is not valid.
    public var isMalformed: Bool

    public init(_ message: String, isMalformed: Bool = false) {
        // It may quote names that whoever made the bundle chose.
        self.message = SafeText.visible(message)
        self.isMalformed = isMalformed
    }

    public var description: String { message }
}

/// An in-toto statement whose signature was checked.
public struct VerifiedStatement: Sendable {
    /// The payload that the signature covers, byte for byte; nothing else of the envelope may be believed.
    public var payload: [UInt8]
    /// The signed bytes: what `evidence.pae` must hold.
    public var preAuthentication: [UInt8]
    /// The raw signatures of the keys that counted, in the envelope's order.
    public var signatures: [[UInt8]]
    /// The keys that signed, each once, in the envelope's order.
    public var keyIDs: [String]
    /// Path and SHA-256 of each file that it speaks of, in its order.
    public var subjects: [(name: String, sha256: String)]
    public var predicateType: String
    public var predicate: CanonicalValue
    /// The envelope's text is the one that our writer makes: canonical, every signature checked, every key hint right. A
    /// changed byte can't hide in it.
    public var isExact: Bool
    /// How many signatures are by keys that were not given, and so count for nothing.
    public var unknown: Int
}

/// Checks DSSE envelopes. It shares no code with what writes them.
public enum EnvelopeVerifier {
    /// The payload type of in-toto statements.
    public static let inTotoType = "application/vnd.in-toto+json"
    private static let sizeLimit = 64 << 20

    /// Checks an envelope file: at least `threshold` of the keys, each counted once, signed it, and it holds a statement. A
    /// Sigstore bundle is read as the envelope in it.
    public static func verify(_ file: [UInt8], keys: [PublicKey], threshold: Int = 1) throws(VerificationError) -> VerifiedStatement {
        let document = try json(file)
        if let type = document["mediaType"]?.text, type.hasPrefix("application/vnd.dev.sigstore.bundle") {
            guard let inner = document["dsseEnvelope"] else { throw malformed("the Sigstore bundle holds no DSSE envelope") }
            return try verify(inner, file: file, keys: keys, threshold: threshold)
        }
        return try verify(document, file: file, keys: keys, threshold: threshold)
    }

    private static func verify(
        _ envelope: CanonicalValue, file: [UInt8], keys: [PublicKey], threshold: Int
    ) throws(VerificationError) -> VerifiedStatement {
        guard let type = envelope["payloadType"]?.text, let text = envelope["payload"]?.text, let list = envelope["signatures"]?.elements,
            !list.isEmpty
        else { throw malformed("not a DSSE envelope") }
        guard let payload = anyBase64(text) else { throw malformed("the payload is not base64") }
        let message = Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
        var signatures: [[UInt8]] = []
        var keyIDs: [String] = []
        var unknown = 0
        var isExact = envelope.bytes + [0x0A] == file && envelope.members?.count == 3 && Encodings.base64(text) != nil
        for entry in list {
            guard let text = entry["sig"]?.text, let signature = anyBase64(text) else { throw malformed("a signature is not base64") }
            let key = keys.first { !keyIDs.contains($0.id) && $0.accepts(signature, over: message) }
            isExact = isExact && key != nil && entry["keyid"]?.text == key?.id && entry.members?.count == 2 && Encodings.base64(text) != nil
            guard let key else {
                unknown += 1
                continue
            }
            signatures.append(signature)
            keyIDs.append(key.id)
        }
        guard keyIDs.count >= max(1, threshold) else {
            throw VerificationError(
                keyIDs.isEmpty
                    ? "no signature is by a trusted key" : "\(keyIDs.count) of the \(threshold) keys that must sign did")
        }
        guard type == inTotoType else { throw VerificationError("the payload's type is `\(type)`, not an in-toto statement") }
        let statement = try json(payload)
        return VerifiedStatement(
            payload: payload, preAuthentication: message, signatures: signatures, keyIDs: keyIDs, subjects: try subjects(of: statement),
            predicateType: try predicateType(of: statement), predicate: statement["predicate"] ?? .null, isExact: isExact, unknown: unknown)
    }

    private static func subjects(of statement: CanonicalValue) throws(VerificationError) -> [(name: String, sha256: String)] {
        guard let list = statement["subject"]?.elements, !list.isEmpty else { throw malformed("the statement names no file") }
        var subjects: [(name: String, sha256: String)] = []
        var names: Set<String> = []
        for entry in list {
            guard let name = entry["name"]?.text, let sha256 = entry["digest"]?["sha256"]?.text, Encodings.hexDecoded(sha256)?.count == 32
            else {
                throw malformed("a file of the statement has no name or no SHA-256")
            }
            guard names.insert(name).inserted else { throw malformed("the statement names `\(name)` twice") }
            subjects.append((name, sha256))
        }
        return subjects
    }

    private static func predicateType(of statement: CanonicalValue) throws(VerificationError) -> String {
        guard statement["_type"]?.text == "https://in-toto.io/Statement/v1", let type = statement["predicateType"]?.text else {
            throw malformed("the payload is not an in-toto Statement v1")
        }
        return type
    }

    private static func json(_ bytes: [UInt8]) throws(VerificationError) -> CanonicalValue {
        guard bytes.count <= sizeLimit else { throw malformed("larger than any envelope") }
        do {
            return try StrictJSON.parse(bytes)
        } catch {
            throw malformed("not strict JSON: \(error)")
        }
    }

    /// DSSE lets both alphabets be read.
    private static func anyBase64(_ text: String) -> [UInt8]? {
        Encodings.base64(text) ?? Encodings.base64(text.replacing("-", with: "+").replacing("_", with: "/"))
    }

    private static func malformed(_ message: String) -> VerificationError { VerificationError(message, isMalformed: true) }
}
