internal import Foundation
internal import SwiftASN1

/// An RFC 3161 request, and the way to an authority through a command.
public struct TimestampRequest: Sendable, Hashable {
    /// The DER to send (`Content-Type: application/timestamp-query`).
    public let der: [UInt8]
    /// The number that the answer must repeat, so that it is one to this request.
    public let nonce: Int64

    /// Asks for a stamp on the SHA-256 of the message (of the raw main signature), with the authority's certificate in the
    /// answer.
    public init(message: [UInt8], nonce: [UInt8]) throws {
        // Seven bytes are positive whatever they are.
        let number = nonce.prefix(7).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        self.nonce = number
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { request in
            try request.serialize(1)
            try request.appendConstructedNode(identifier: .sequence) { imprint in
                try imprint.appendConstructedNode(identifier: .sequence) { algorithm in
                    try algorithm.serialize([2, 16, 840, 1, 101, 3, 4, 2, 1] as ASN1ObjectIdentifier)
                    try algorithm.serialize(ASN1Null())
                }
                try imprint.serialize(ASN1OctetString(contentBytes: SHA256Digest(of: message).bytes[...]))
            }
            try request.serialize(number)
            try request.serialize(true)
        }
        der = serializer.serializedBytes
    }

    /// Gives the request to a program on standard input and takes the response from its standard output, for example
    /// `curl -sf --data-binary @- -H Content-Type:application/timestamp-query http://tsa.example`. What comes back is checked
    /// by the caller, with the authority's root.
    public func send(through command: [String], timeout: Double = 60) throws -> [UInt8] {
        guard !command.isEmpty else { throw EvidenceError(.notStamped, "the command for the time stamp is empty") }
        let response = try ChildProcess.run(command, input: der, timeout: timeout)
        guard let status = try? Self.status(response) else {
            throw EvidenceError(.notStamped, "`\(command[0])` answered something that is no time stamp")
        }
        guard status <= 1 else { throw EvidenceError(.notStamped, "the authority refused the request (status \(status))") }
        return response
    }

    /// The command that posts a request to an authority: the program itself talks to no network.
    public static func curl(_ address: String) throws -> [String] {
        guard ["http://", "https://"].contains(where: address.hasPrefix) else {
            throw EvidenceError(.notStamped, "`\(address)` is no address of an authority", hint: "http://… or https://…")
        }
        return [
            "curl", "--silent", "--show-error", "--fail", "--max-time", "60", "--data-binary", "@-", "--header",
            "Content-Type: application/timestamp-query", "--", address,
        ]
    }

    /// PKIStatus: 0 granted, 1 granted with changes, else refused.
    private static func status(_ response: [UInt8]) throws -> Int {
        try DER.sequence(try DER.parse(response), identifier: .sequence) { outer in
            guard let info = outer.next() else { throw EvidenceError(.notStamped, "empty") }
            while outer.next() != nil {}
            return try DER.sequence(info, identifier: .sequence) { fields in
                let status = try Int(derEncoded: &fields)
                while fields.next() != nil {}
                return status
            }
        }
    }
}
