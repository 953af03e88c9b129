internal import Crypto
internal import Foundation
internal import SwiftASN1
internal import X509

/// The parts of an RFC 3161 response, read and not yet believed.
struct TimestampToken {
    static let signedData: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 2]
    static let tstInfo: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 16, 1, 4]

    /// The DER of the TSTInfo, which the signer's digest is over.
    private(set) var content: [UInt8] = []
    private(set) var info = Info()
    private(set) var certificates: [Certificate] = []
    private(set) var signer = Signer()

    /// TimeStampResp ::= SEQUENCE { PKIStatusInfo, ContentInfo { signedData, [0] SignedData } }
    init(response: [UInt8]) throws {
        let outer = try children(try DER.parse(response))
        guard outer.count == 2, let status = try children(outer[0]).first, try Int(derEncoded: status) <= 1 else {
            throw VerificationError("the authority refused to stamp")
        }
        let contentInfo = try children(outer[1])
        guard contentInfo.count == 2, try ASN1ObjectIdentifier(derEncoded: contentInfo[0]) == Self.signedData,
            let signedData = try children(contentInfo[1]).first
        else { throw Self.malformed }
        try read(try children(signedData))
    }

    /// SignedData ::= SEQUENCE { version, digests, EncapsulatedContentInfo, [0] certificates, [1] crls, signers }
    private mutating func read(_ parts: [ASN1Node]) throws {
        guard parts.count >= 4 else { throw Self.malformed }
        let encapsulated = try children(parts[2])
        guard encapsulated.count == 2, try ASN1ObjectIdentifier(derEncoded: encapsulated[0]) == Self.tstInfo,
            let octets = try children(encapsulated[1]).first
        else { throw Self.malformed }
        content = Array(try ASN1OctetString(derEncoded: octets).bytes)
        info = try Info(try children(try DER.parse(content)))
        for part in parts[3...] where part.identifier == ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific) {
            // Attribute certificates and other kinds are passed over.
            certificates = try children(part).filter { $0.identifier == .sequence }.compactMap { try? Certificate(derEncoded: $0) }
        }
        guard let last = parts.last, last.identifier == .set, let only = try children(last).first, try children(last).count == 1 else {
            throw VerificationError("the time stamp has not exactly one signer")
        }
        signer = try Signer(try children(only))
    }

    /// TSTInfo ::= SEQUENCE { version, policy, MessageImprint, serial, genTime, ... }
    struct Info {
        var algorithm: ASN1ObjectIdentifier?
        var imprint: [UInt8] = []
        var time = 0
        var nonce: Int64?

        init() {}

        init(_ parts: [ASN1Node]) throws {
            guard parts.count >= 5 else { throw malformed }
            let imprint = try children(parts[2])
            guard imprint.count == 2, let oid = try children(imprint[0]).first else { throw malformed }
            algorithm = try ASN1ObjectIdentifier(derEncoded: oid)
            self.imprint = Array(try ASN1OctetString(derEncoded: imprint[1]).bytes)
            let moment = try GeneralizedTime(derEncoded: parts[4])
            let pad = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
            let text =
                "\(moment.year)-\(pad(moment.month))-\(pad(moment.day))T\(pad(moment.hours)):\(pad(moment.minutes)):\(pad(moment.seconds))Z"
            guard let seconds = Moment.seconds(text) else { throw malformed }
            time = seconds
            // After it come accuracy, ordering, nonce, tsa and extensions, each of which may be left out.
            nonce = try parts[5...].first { $0.identifier == .integer }.map { try Int64(derEncoded: $0) }
        }
    }

    /// SignerInfo ::= SEQUENCE { version, sid, digest, [0] signedAttrs, signatureAlgorithm, signature, [1] unsignedAttrs }
    struct Signer {
        var digest: ASN1ObjectIdentifier?
        var signatureAlgorithm: ASN1ObjectIdentifier?
        var signature: [UInt8] = []
        /// What is signed: the attributes as a SET, whatever tag they carry in the token.
        var signedAttributes: [UInt8] = []
        var contentType: ASN1ObjectIdentifier?
        var messageDigest: [UInt8]?
        private var certificateHash: (DigestAlgorithm, [UInt8])?

        init() {}

        init(_ parts: [ASN1Node]) throws {
            guard parts.count >= 6, parts[3].identifier == ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific),
                let digest = try children(parts[2]).first, let algorithm = try children(parts[4]).first
            else { throw malformed }
            self.digest = try ASN1ObjectIdentifier(derEncoded: digest)
            signatureAlgorithm = try ASN1ObjectIdentifier(derEncoded: algorithm)
            signature = Array(try ASN1OctetString(derEncoded: parts[5]).bytes)
            signedAttributes = [0x31] + Array(parts[3].encodedBytes.dropFirst())
            for attribute in try children(parts[3]) { try read(attribute) }
        }

        private mutating func read(_ attribute: ASN1Node) throws {
            let parts = try children(attribute)
            guard parts.count == 2, let value = try children(parts[1]).first else { throw malformed }
            switch try ASN1ObjectIdentifier(derEncoded: parts[0]) {
            case [1, 2, 840, 113549, 1, 9, 3]: contentType = try ASN1ObjectIdentifier(derEncoded: value)
            case [1, 2, 840, 113549, 1, 9, 4]: messageDigest = Array(try ASN1OctetString(derEncoded: value).bytes)
            case [1, 2, 840, 113549, 1, 9, 16, 2, 47]: try readCertificateID(value)
            default: break
            }
        }

        /// SigningCertificateV2 ::= SEQUENCE { SEQUENCE OF ESSCertIDv2 { algorithm DEFAULT sha256, hash, ... } }
        private mutating func readCertificateID(_ value: ASN1Node) throws {
            guard let list = try children(value).first, let first = try children(list).first else { throw malformed }
            let parts = try children(first)
            guard let head = parts.first else { throw malformed }
            if head.identifier == .octetString {
                certificateHash = (.sha256, Array(try ASN1OctetString(derEncoded: head).bytes))
            } else if parts.count >= 2, let oid = try children(head).first,
                let algorithm = DigestAlgorithm(try ASN1ObjectIdentifier(derEncoded: oid))
            {
                certificateHash = (algorithm, Array(try ASN1OctetString(derEncoded: parts[1]).bytes))
            }
        }

        /// Whether the signed attributes name this certificate, by its hash.
        func names(_ certificate: Certificate) -> Bool {
            guard let (algorithm, hash) = certificateHash else { return false }
            var serializer = DER.Serializer()
            guard (try? serializer.serialize(certificate)) != nil else { return false }
            return algorithm.hash(serializer.serializedBytes) == hash
        }
    }

    fileprivate static var malformed: VerificationError { VerificationError("the time stamp can't be read", isMalformed: true) }
}

private var malformed: VerificationError { TimestampToken.malformed }

/// The children of a constructed node.
private func children(_ node: ASN1Node) throws -> [ASN1Node] {
    guard case .constructed(let nodes) = node.content else { throw malformed }
    return Array(nodes)
}
