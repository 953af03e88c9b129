internal import Residency

extension Trust {
    /// The payload type of a signed trust file.
    public static let fileType = "application/vnd.domicile.trust+json"

    /// Reads a trust file: a DSSE envelope, signed by `rootThreshold` of the `roots`, or, if there are none, by one of the statement
    /// or root keys in it (then it is believed because of where the user got it, as a PEM file is).
    public init(trustFile: [UInt8], roots: [PublicKey] = [], rootThreshold: Int = 1, source: String) throws(VerificationError) {
        let (payload, signatures) = try Self.open(trustFile)
        self.init(source: source)
        try Self.requireMembers(payload, ["_type", "keys", "thresholds"], "the trust file")
        guard payload["_type"]?.text == "https://domicile.dev/trust/v1", let list = payload["keys"]?.elements else {
            throw VerificationError("not a trust file", isMalformed: true)
        }
        var roots = roots
        let ownRoots = roots.isEmpty
        for value in list {
            try Self.requireMembers(value, ["pem", "vkey", "roles", "notBefore", "notAfter", "revoked"], "a key of the trust file")
            for role in (value["roles"]?.elements ?? []).compactMap(\.text) {
                if let key = try add(value, role), ownRoots { roots.append(key) }
            }
        }
        if let thresholds = payload["thresholds"] {
            try Self.requireMembers(thresholds, ["statement", "witness"], "the trust file's thresholds")
            threshold = max(1, thresholds["statement"]?.number ?? 1)
            witnessThreshold = max(0, thresholds["witness"]?.number ?? 0)
        }
        let signed = roots.count { root in signatures.contains { root.accepts($0.signature, over: $0.message) } }
        guard signed >= max(1, rootThreshold) else {
            throw VerificationError(
                signed == 0 ? "the trust file is not signed by a key that may sign it" : "\(signed) of the \(rootThreshold) root keys that must sign the trust file did")
        }
        guard threshold <= statementKeys.count else { throw VerificationError("the trust file has fewer statement keys than must sign", isMalformed: true) }
        guard witnessThreshold <= witnesses.count else { throw VerificationError("the trust file has fewer witnesses than must sign", isMalformed: true) }
        try requireOneLog()
    }

    /// Takes a key in one of its roles; returns it if it may sign trust files.
    private mutating func add(_ value: CanonicalValue, _ role: String) throws(VerificationError) -> PublicKey? {
        let validity = try Self.validity(value)
        switch role {
        case "statement", "root":
            guard let key = value["pem"]?.text.flatMap(PublicKey.init(pem:)) else {
                throw VerificationError("a key of the trust file can't be read", isMalformed: true)
            }
            if role == "statement" { statementKeys.append(Trusted(key, validity)) }
            return key
        case "log", "witness":
            guard let key = value["vkey"]?.text.flatMap(LogKey.init(verifierKey:)), key.isWitness == (role == "witness") else {
                throw VerificationError("a log key of the trust file can't be read", isMalformed: true)
            }
            if role == "log" { logKeys.append(Trusted(key, validity)) } else { witnesses.append(Trusted(key, validity)) }
        case "tsa": timestampRoots.append(Trusted(value["pem"]?.text ?? "", validity))
        default: throw VerificationError("the trust file gives a key the role `\(role)`, which is unknown", isMalformed: true)
        }
        return nil
    }

    /// A member that is passed over might be one that bounds a key.
    private static func requireMembers(_ value: CanonicalValue, _ known: Set<String>, _ what: String) throws(VerificationError) {
        guard let members = value.members else { throw VerificationError("\(what) can't be read", isMalformed: true) }
        if let other = members.keys.filter({ !known.contains($0) }).min() {
            throw VerificationError("\(what) says `\(other)`, which this program does not know", isMalformed: true)
        }
    }

    private static func open(_ file: [UInt8]) throws(VerificationError) -> (payload: CanonicalValue, signatures: [(signature: [UInt8], message: [UInt8])]) {
        do {
            let envelope = try StrictJSON.parse(file)
            guard envelope["payloadType"]?.text == fileType, let payload = envelope["payload"]?.text.flatMap(Encodings.base64) else {
                throw VerificationError("not a public key and not a trust file", isMalformed: true)
            }
            let message = Array("DSSEv1 \(fileType.utf8.count) \(fileType) \(payload.count) ".utf8) + payload
            let signatures = (envelope["signatures"]?.elements ?? []).compactMap { $0["sig"]?.text.flatMap(Encodings.base64) }
            return (try StrictJSON.parse(payload), signatures.map { ($0, message) })
        } catch let error as VerificationError {
            throw error
        } catch {
            throw VerificationError("not a public key and not a trust file", isMalformed: true)
        }
    }

    private static func validity(_ value: CanonicalValue) throws(VerificationError) -> Validity {
        func time(_ value: CanonicalValue?) throws(VerificationError) -> Int? {
            guard let value else { return nil }
            guard let seconds = value.text.flatMap(Moment.seconds) else {
                throw VerificationError("`\(value.text ?? "?")` in the trust file is not a time", isMalformed: true)
            }
            return seconds
        }
        if let revoked = value["revoked"] { try requireMembers(revoked, ["at", "reason"], "a revocation in the trust file") }
        let validity = Validity(
            notBefore: try time(value["notBefore"]), notAfter: try time(value["notAfter"]), revokedAt: try time(value["revoked"]?["at"]),
            revocation: value["revoked"]?["reason"]?.text)
        guard value["revoked"] == nil || validity.revokedAt != nil else {
            throw VerificationError("a revocation in the trust file has no time", isMalformed: true)
        }
        return validity
    }
}
