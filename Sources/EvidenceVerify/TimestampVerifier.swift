internal import Crypto
internal import Foundation
internal import Residency
internal import SwiftASN1
internal import X509

/// Checks RFC 3161 time stamps: the response is a CMS SignedData over a TSTInfo, signed by a certificate that may do nothing
/// but stamp time and that leads to a root the verifier was given.
public enum TimestampVerifier {
    /// What a good token says.
    public struct Stamp: Sendable, Hashable {
        /// Seconds since 1970.
        public var time: Int
        /// The subject of the authority's certificate.
        public var authority: String
    }

    /// Checks a response over the message, against root certificates (PEM), at the time that it states: a token stays good
    /// after its certificate has expired. Revocation is not looked up.
    public static func verify(_ response: [UInt8], over message: [UInt8], roots: String) throws -> Stamp {
        let anchors = try certificates(roots)
        let (token, certificate) = try checked(response, over: message, anchors: anchors)
        let time = Date(timeIntervalSince1970: Double(token.info.time))
        try TimestampChain(anchors: anchors, others: token.certificates, time: time).verify(certificate)
        return Stamp(time: token.info.time, authority: SafeText.visible(certificate.subject.description))
    }

    /// Checks a fresh response to a request with this nonce, but not whether its authority is one to be trusted.
    public static func check(_ response: [UInt8], over message: [UInt8], nonce: Int64) throws -> Stamp {
        let (token, certificate) = try checked(response, over: message, anchors: [])
        guard token.info.nonce == nonce else { throw VerificationError("the time stamp answers another request") }
        return Stamp(time: token.info.time, authority: SafeText.visible(certificate.subject.description))
    }

    /// The token, and its authority's certificate, whose signature is good.
    private static func checked(_ response: [UInt8], over message: [UInt8], anchors: [Certificate]) throws -> (TimestampToken, Certificate) {
        let token: TimestampToken
        do {
            token = try TimestampToken(response: response)
        } catch let error as VerificationError {
            throw error
        } catch {
            throw VerificationError("the time stamp can't be read", isMalformed: true)
        }
        guard let imprint = DigestAlgorithm(token.info.algorithm)?.hash(message), imprint == token.info.imprint else {
            throw VerificationError("the time stamp is over other bytes")
        }
        guard let algorithm = DigestAlgorithm(token.signer.digest), algorithm.hash(token.content) == token.signer.messageDigest,
            token.signer.contentType == TimestampToken.tstInfo
        else { throw VerificationError("the time stamp's own digest is wrong") }
        // The certificate may be left out of the token; then it must be among the roots' file.
        guard let certificate = (token.certificates + anchors).first(where: { token.signer.names($0) }) else {
            throw VerificationError("the time stamp does not hold its authority's certificate")
        }
        guard
            let signature = algorithm.signatureAlgorithm(token.signer.signatureAlgorithm),
            certificate.publicKey.isValidSignature(
                token.signer.signature, for: token.signer.signedAttributes, signatureAlgorithm: signature)
        else { throw VerificationError("the signature of the time stamp is wrong") }
        return (token, certificate)
    }

    private static func certificates(_ pem: String) throws -> [Certificate] {
        do {
            return try PEMDocument.parseMultiple(pemString: pem).map { try Certificate(pemDocument: $0) }
        } catch {
            throw VerificationError("the root certificates for time stamps can't be read", isMalformed: true)
        }
    }
}

/// The path from a time-stamping certificate to a given root. It knows the short chains that authorities have, and refuses
/// whatever it does not know.
private struct TimestampChain {
    let anchors: [Certificate]
    let others: [Certificate]
    let time: Date

    func verify(_ leaf: Certificate) throws {
        guard let usage = try leaf.extensions.extendedKeyUsage, Array(usage) == [.timeStamping], isCritical(leaf, .extendedKeyUsage) else {
            throw VerificationError("the certificate of the time stamp is not for stamping time alone")
        }
        if let usage = try leaf.extensions.keyUsage, !usage.digitalSignature, !usage.nonRepudiation {
            throw VerificationError("the certificate of the time stamp may not sign")
        }
        var current = leaf
        for _ in 0..<Self.depthLimit {
            try requireKnown(current)
            if anchors.contains(current) { return }
            let issuers = (anchors + others).filter { $0.subject == current.issuer && $0 != current }
            let next = try issuers.first { try mayIssue($0) && $0.publicKey.isValidSignature(current.signature, for: current) }
            guard let next else { throw VerificationError("the certificate of the time stamp does not lead to a trusted root") }
            current = next
        }
        throw VerificationError("the chain of the time stamp is too long")
    }

    private func mayIssue(_ issuer: Certificate) throws -> Bool {
        guard case .isCertificateAuthority = try issuer.extensions.basicConstraints ?? .notCertificateAuthority else { return false }
        return try issuer.extensions.keyUsage?.keyCertSign ?? true
    }

    private func requireKnown(_ certificate: Certificate) throws {
        guard certificate.notValidBefore <= time, time <= certificate.notValidAfter else {
            throw VerificationError("a certificate of the time stamp was not valid at the time it states")
        }
        for part in certificate.extensions where part.critical && !Self.known.contains(part.oid) {
            throw VerificationError("a certificate of the time stamp has a critical extension that is not known here: \(part.oid)")
        }
    }

    private func isCritical(_ certificate: Certificate, _ oid: ASN1ObjectIdentifier) -> Bool {
        certificate.extensions.contains { $0.oid == oid && $0.critical }
    }

    private static let known: Set<ASN1ObjectIdentifier> = [.basicConstraints, .keyUsage, .extendedKeyUsage]
    private static let depthLimit = 5
}

extension ASN1ObjectIdentifier {
    fileprivate static let basicConstraints: ASN1ObjectIdentifier = [2, 5, 29, 19]
    fileprivate static let keyUsage: ASN1ObjectIdentifier = [2, 5, 29, 15]
    fileprivate static let extendedKeyUsage: ASN1ObjectIdentifier = [2, 5, 29, 37]
}

/// A hash that is strong enough for a time stamp.
enum DigestAlgorithm {
    case sha256, sha384, sha512

    init?(_ oid: ASN1ObjectIdentifier?) {
        switch oid {
        case [2, 16, 840, 1, 101, 3, 4, 2, 1]: self = .sha256
        case [2, 16, 840, 1, 101, 3, 4, 2, 2]: self = .sha384
        case [2, 16, 840, 1, 101, 3, 4, 2, 3]: self = .sha512
        default: return nil
        }
    }

    func hash(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .sha256: Array(SHA256.hash(data: bytes))
        case .sha384: Array(SHA384.hash(data: bytes))
        case .sha512: Array(SHA512.hash(data: bytes))
        }
    }

    /// What CMS's signature identifier means with this digest; an identifier that names another digest is refused.
    func signatureAlgorithm(_ oid: ASN1ObjectIdentifier?) -> Certificate.SignatureAlgorithm? {
        let isRSA = oid == [1, 2, 840, 113549, 1, 1, 1]
        switch self {
        case .sha256:
            if isRSA || oid == [1, 2, 840, 113549, 1, 1, 11] { return .sha256WithRSAEncryption }
            return oid == [1, 2, 840, 10045, 4, 3, 2] ? .ecdsaWithSHA256 : nil
        case .sha384:
            if isRSA || oid == [1, 2, 840, 113549, 1, 1, 12] { return .sha384WithRSAEncryption }
            return oid == [1, 2, 840, 10045, 4, 3, 3] ? .ecdsaWithSHA384 : nil
        case .sha512:
            if isRSA || oid == [1, 2, 840, 113549, 1, 1, 13] { return .sha512WithRSAEncryption }
            return oid == [1, 2, 840, 10045, 4, 3, 4] ? .ecdsaWithSHA512 : nil
        }
    }
}
