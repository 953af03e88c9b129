/// When a key counts: from a time to a time, and after it was revoked only for what was signed, provably, before.
public struct Validity: Sendable, Hashable {
    /// Seconds since 1970.
    public var notBefore: Int?
    public var notAfter: Int?
    public var revokedAt: Int?
    /// Why it was revoked.
    public var revocation: String?

    public init(notBefore: Int? = nil, notAfter: Int? = nil, revokedAt: Int? = nil, revocation: String? = nil) {
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.revokedAt = revokedAt
        self.revocation = revocation
    }

    /// Nothing bounds it.
    var isAlways: Bool { notBefore == nil && notAfter == nil && revokedAt == nil }

    /// Why what was signed at this time does not count; `nil` if it does. A time is proven if others than the key's holder say so.
    public func refusal(at time: Int?, isProven: Bool) -> String? {
        if let revokedAt {
            guard isProven, let time, time < revokedAt else {
                return "it was revoked at \(Moment.text(revokedAt)) (\(revocation ?? "no reason given")), and nothing proves that it signed before"
            }
        }
        if notBefore == nil, notAfter == nil { return nil }
        guard let time else { return "it has a validity, and no time is known to judge it by" }
        guard notBefore ?? time <= time, time <= notAfter ?? time else {
            return "\(Moment.text(time))\(isProven ? "" : ", which nobody proves,") is outside its validity (\(bounds))"
        }
        return nil
    }

    private var bounds: String {
        [notBefore.map { "from \(Moment.text($0))" }, notAfter.map { "until \(Moment.text($0))" }].compactMap(\.self).joined(separator: " ")
    }
}

/// A key that was got from elsewhere than a bundle, and when it counts.
public struct Trusted<Key: Sendable>: Sendable {
    public var key: Key
    public var validity: Validity

    public init(_ key: Key, _ validity: Validity = Validity()) {
        self.key = key
        self.validity = validity
    }
}
