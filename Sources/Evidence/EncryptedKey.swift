internal import Crypto
internal import CryptoExtras
internal import Foundation
internal import SwiftASN1

/// A private key under a passphrase: PKCS#8 EncryptedPrivateKeyInfo with PBES2 (RFC 8018) and AES-256-CBC. Written with
/// scrypt, as `openssl pkcs8 -topk8 -scrypt` does; read with scrypt or PBKDF2.
enum EncryptedKey {
    static let label = "ENCRYPTED PRIVATE KEY"

    static func seal(_ pkcs8: [UInt8], passphrase: [UInt8], salt: [UInt8], iv: [UInt8]) throws -> [UInt8] {
        guard !passphrase.isEmpty else { throw EvidenceError(.badPassphrase, "the passphrase is empty") }
        // openssl refuses to spend more than 32 MB, so the work is in the parallelism.
        let parameters = Scrypt(salt: salt, cost: 1 << 14, blockSize: 8, parallelism: 5)
        let encrypted = try AES._CBC.encrypt(pkcs8, using: try parameters.key(for: passphrase), iv: try AES._CBC.IV(ivBytes: iv))
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { outer in
            try outer.appendConstructedNode(identifier: .sequence) { algorithm in
                try algorithm.serialize(OID.pbes2)
                try algorithm.appendConstructedNode(identifier: .sequence) { scheme in
                    try parameters.append(to: &scheme)
                    try scheme.appendConstructedNode(identifier: .sequence) { cipher in
                        try cipher.serialize(OID.aes256CBC)
                        try cipher.serialize(ASN1OctetString(contentBytes: iv[...]))
                    }
                }
            }
            try outer.serialize(ASN1OctetString(contentBytes: Array(encrypted)[...]))
        }
        return serializer.serializedBytes
    }

    static func open(_ sealed: [UInt8], passphrase: [UInt8]) throws -> [UInt8] {
        let parts: Parts
        do {
            parts = try Parts(sealed)
        } catch let error as EvidenceError {
            throw error
        } catch {
            throw EvidenceError(.badKey, "the encrypted key is malformed")
        }
        let key = try parts.derivation.key(for: passphrase)
        guard let iv = try? AES._CBC.IV(ivBytes: parts.iv), let plain = try? AES._CBC.decrypt(parts.ciphertext, using: key, iv: iv),
            plain.first == 0x30
        else { throw EvidenceError(.badPassphrase, "the passphrase does not open the key") }
        return Array(plain)
    }

    /// SEQUENCE { SEQUENCE { pbes2, SEQUENCE { derivation, cipher } }, OCTET STRING }
    private struct Parts {
        var derivation: any KeyDerivation
        var iv: [UInt8]
        var ciphertext: [UInt8]

        init(_ der: [UInt8]) throws {
            self = try DER.sequence(try DER.parse(der), identifier: .sequence) { outer in
                let (derivation, iv) = try nested(&outer) { algorithm in
                    guard try ASN1ObjectIdentifier(derEncoded: &algorithm) == OID.pbes2 else {
                        throw Self.unsupported("only PBES2 is read")
                    }
                    return try nested(&algorithm) { scheme in
                        (try Self.derivation(&scheme), try Self.iv(&scheme))
                    }
                }
                return Parts(derivation: derivation, iv: iv, ciphertext: Array(try ASN1OctetString(derEncoded: &outer).bytes))
            }
        }

        private init(derivation: any KeyDerivation, iv: [UInt8], ciphertext: [UInt8]) {
            self.derivation = derivation
            self.iv = iv
            self.ciphertext = ciphertext
        }

        private static func derivation(_ nodes: inout ASN1NodeCollection.Iterator) throws -> any KeyDerivation {
            try nested(&nodes) { function in
                switch try ASN1ObjectIdentifier(derEncoded: &function) {
                case OID.scrypt: try nested(&function) { try Scrypt(&$0) }
                case OID.pbkdf2: try nested(&function) { try PBKDF2(&$0) }
                default: throw unsupported("only scrypt and PBKDF2 are read")
                }
            }
        }

        private static func iv(_ nodes: inout ASN1NodeCollection.Iterator) throws -> [UInt8] {
            try nested(&nodes) { cipher in
                guard try ASN1ObjectIdentifier(derEncoded: &cipher) == OID.aes256CBC else { throw unsupported("only AES-256-CBC is read") }
                return Array(try ASN1OctetString(derEncoded: &cipher).bytes)
            }
        }

        private static func unsupported(_ what: String) -> EvidenceError {
            EvidenceError(
                .badKey, "the key's encryption is not supported: \(what)", hint: "openssl pkcs8 -topk8 -scrypt writes one that is")
        }
    }
}

private protocol KeyDerivation {
    func key(for passphrase: [UInt8]) throws -> SymmetricKey
}

private struct Scrypt: KeyDerivation {
    var salt: [UInt8]
    var cost: Int
    var blockSize: Int
    var parallelism: Int

    init(salt: [UInt8], cost: Int, blockSize: Int, parallelism: Int) {
        self.salt = salt
        self.cost = cost
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    init(_ nodes: inout ASN1NodeCollection.Iterator) throws {
        salt = Array(try ASN1OctetString(derEncoded: &nodes).bytes)
        cost = try Int(derEncoded: &nodes)
        blockSize = try Int(derEncoded: &nodes)
        parallelism = try Int(derEncoded: &nodes)
        while nodes.next() != nil {}
        // A file must not be able to ask for all the memory or time there is.
        guard 2...(1 << 22) ~= cost, cost & (cost - 1) == 0, 1...32 ~= blockSize, 1...16 ~= parallelism else {
            throw EvidenceError(.badKey, "the key asks for more work to open it than is allowed")
        }
    }

    func append(to serializer: inout DER.Serializer) throws {
        try serializer.appendConstructedNode(identifier: .sequence) { function in
            try function.serialize(OID.scrypt)
            try function.appendConstructedNode(identifier: .sequence) { parameters in
                try parameters.serialize(ASN1OctetString(contentBytes: salt[...]))
                try parameters.serialize(cost)
                try parameters.serialize(blockSize)
                try parameters.serialize(parallelism)
            }
        }
    }

    func key(for passphrase: [UInt8]) throws -> SymmetricKey {
        try KDF.Scrypt.deriveKey(
            from: passphrase, salt: salt, outputByteCount: 32, rounds: cost, blockSize: blockSize, parallelism: parallelism)
    }
}

private struct PBKDF2: KeyDerivation {
    var salt: [UInt8]
    var rounds: Int
    var hash: KDF.Insecure.PBKDF2.HashFunction

    init(_ nodes: inout ASN1NodeCollection.Iterator) throws {
        salt = Array(try ASN1OctetString(derEncoded: &nodes).bytes)
        rounds = try Int(derEncoded: &nodes)
        hash = .insecureSHA1
        while let node = nodes.next() {
            guard node.identifier == .sequence else { continue }
            hash = try DER.sequence(node, identifier: .sequence) { function in
                let name = try ASN1ObjectIdentifier(derEncoded: &function)
                while function.next() != nil {}
                guard name == OID.hmacSHA256 else {
                    throw EvidenceError(.badKey, "the key's PBKDF2 uses another hash than SHA-256", hint: "openssl pkcs8 -topk8 -scrypt")
                }
                return .sha256
            }
        }
        guard hash == .sha256, 1...10_000_000 ~= rounds else {
            throw EvidenceError(.badKey, "the key's PBKDF2 is not one that is read here")
        }
    }

    func key(for passphrase: [UInt8]) throws -> SymmetricKey {
        // Old files have few rounds; how strong a key's passphrase is kept is the affair of who wrote the file.
        try KDF.Insecure.PBKDF2.deriveKey(from: passphrase, salt: salt, using: hash, outputByteCount: 32, unsafeUncheckedRounds: rounds)
    }
}

/// Reads the SEQUENCE that comes next.
private func nested<Part>(
    _ nodes: inout ASN1NodeCollection.Iterator, _ body: (inout ASN1NodeCollection.Iterator) throws -> Part
) throws -> Part {
    guard let node = nodes.next() else { throw EvidenceError(.badKey, "the encrypted key is malformed") }
    return try DER.sequence(node, identifier: .sequence, body)
}

private enum OID {
    static let pbes2: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 5, 13]
    static let pbkdf2: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 5, 12]
    static let scrypt: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 11591, 4, 11]
    static let hmacSHA256: ASN1ObjectIdentifier = [1, 2, 840, 113549, 2, 9]
    static let aes256CBC: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 1, 42]
}
