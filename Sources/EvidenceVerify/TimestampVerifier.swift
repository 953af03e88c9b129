/// Checks RFC 3161 time stamps.
public enum TimestampVerifier {
    /// What a good token says.
    public struct Stamp: Sendable, Hashable {
        /// Seconds since 1970.
        public var time: Int
        /// The subject of the authority's certificate.
        public var authority: String
    }

    /// Checks a response over the message, against root certificates (PEM), at the time that it states.
    public static func verify(_ response: [UInt8], over message: [UInt8], roots: String) throws -> Stamp {
        throw VerificationError("RFC 3161 is not read yet")
    }
}
