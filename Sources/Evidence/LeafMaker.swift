internal import Crypto
internal import CryptoExtras
internal import Foundation
internal import Residency

/// Makes one leaf after the other in the same buffers, out of the findings' lines: fifteen digests a finding, so it must not
/// build values for them.
struct LeafMaker {
    private let secret: DerivedKey
    private let saltKey: SymmetricKey
    /// Keyed once; a copy of it hashes one message.
    private let idCode: HMAC<SHA256>
    private var tagCodes: [[UInt8]: HMAC<SHA256>] = [:]
    private(set) var leaf: [UInt8] = []
    private(set) var disclosures: [String] = []
    /// The tenant of the finding, as JSON: a string or `null`.
    private(set) var tenant: ArraySlice<UInt8> = []
    private var plain: [UInt8] = []
    private var encoded: [UInt8] = []
    private var digests: [LeafDigest] = []

    init(secret: DerivedKey) {
        self.secret = secret
        saltKey = secret.derive("salts", "").key
        idCode = HMAC(key: secret.key)
    }

    /// Makes the leaf of finding `index` from its line of findings.jsonl; with `keeping` also the texts that open its fields.
    mutating func make(_ line: [UInt8], _ index: Int, keeping: Bool = false) throws {
        digests.removeAll(keepingCapacity: true)
        disclosures.removeAll()
        let members = CanonicalMembers.ranges(of: line[...])
        let salts = try self.salts(index, count: members.count)
        var id: ArraySlice<UInt8> = []
        tenant = []
        for (number, member) in members.enumerated() {
            // base64url(JCS [salt, name, value]); the name keeps its quotes
            plain.removeAll(keepingCapacity: true)
            plain.append(UInt8(ascii: "["))
            plain.append(UInt8(ascii: "\""))
            salts.withUnsafeBytes { Base64URL.append(UnsafeRawBufferPointer(rebasing: $0[(number * 16)..<(number * 16 + 16)]), to: &plain) }
            plain.append(UInt8(ascii: "\""))
            plain.append(UInt8(ascii: ","))
            plain += line[member.name]
            plain.append(UInt8(ascii: ","))
            plain += line[member.value]
            plain.append(UInt8(ascii: "]"))
            encoded.removeAll(keepingCapacity: true)
            plain.withUnsafeBytes { Base64URL.append($0, to: &encoded) }
            digests.append(LeafDigest(of: encoded))
            if keeping { disclosures.append(String(decoding: encoded, as: UTF8.self)) }
            if line[member.name].elementsEqual("\"id\"".utf8) { id = line[member.value] }
            if line[member.name].elementsEqual("\"subject\"".utf8) { tenant = CanonicalMembers.value(of: "tenant", in: line[member.value]) ?? [] }
        }
        // In the order of the digests, so that their places say nothing of the fields.
        digests.sort()
        try write(id, index)
    }

    private mutating func write(_ id: ArraySlice<UInt8>, _ index: Int) throws {
        leaf.removeAll(keepingCapacity: true)
        Self.append("{\"_sd\":[", to: &leaf)
        for (number, digest) in digests.enumerated() {
            if number > 0 { leaf.append(UInt8(ascii: ",")) }
            leaf.append(UInt8(ascii: "\""))
            digest.withUnsafeBytes { Base64URL.append($0, to: &leaf) }
            leaf.append(UInt8(ascii: "\""))
        }
        Self.append("],\"_sd_alg\":\"sha-256\",\"id\":\"", to: &leaf)
        Self.append(idCode, "id", try Self.text(id).utf8, to: &leaf)
        Self.append("\",\"tag\":\"", to: &leaf)
        Self.append(try tagCode(), "leaf", String(index).utf8, to: &leaf)
        Self.append("\"}", to: &leaf)
    }

    /// The first 16 bytes of the code over a label and a name (`DerivedKey.bytes`), hexadecimal.
    private static func append(_ code: HMAC<SHA256>, _ label: StaticString, _ name: some Sequence<UInt8>, to text: inout [UInt8]) {
        var code = code
        var message: [UInt8] = []
        message.reserveCapacity(64)
        append("domicile ", to: &message)
        append(label, to: &message)
        message.append(0)
        message += name
        code.update(data: message)
        code.finalize().withUnsafeBytes { bytes in
            for byte in bytes.prefix(16) {
                for digit in [byte >> 4, byte & 15] { text.append(digit < 10 ? 48 + digit : 87 + digit) }
            }
        }
    }

    private static func append(_ words: StaticString, to text: inout [UInt8]) { words.withUTF8Buffer { text.append(contentsOf: $0) } }

    private mutating func tagCode() throws -> HMAC<SHA256> {
        let name = Array(tenant)
        if let known = tagCodes[name] { return known }
        let isNobody = name.isEmpty || name == Array("null".utf8)
        let key = isNobody ? secret.derive("nobody", "") : secret.derive("tenant", try Self.text(tenant))
        let code = HMAC<SHA256>(key: key.key)
        tagCodes[name] = code
        return code
    }

    /// What a JSON string says.
    private static func text(_ string: ArraySlice<UInt8>) throws -> String {
        guard string.contains(UInt8(ascii: "\\")) else { return String(decoding: string.dropFirst().dropLast(), as: UTF8.self) }
        return try JSONDecoder().decode(String.self, from: Data(string))
    }

    /// 16 bytes a field: the blocks of AES-256 in counter mode, whose nonce is the finding's number; no two fields of a run
    /// share a block.
    private func salts(_ index: Int, count: Int) throws -> Data {
        let nonce = withUnsafeBytes(of: UInt64(index).bigEndian) { [0, 0, 0, 0] + Array($0) }
        return try AES._CTR.encrypt([UInt8](repeating: 0, count: count * 16), using: saltKey, nonce: AES._CTR.Nonce(nonceBytes: nonce))
    }
}

/// A SHA-256 in the order of its bytes, without an array of its own.
private struct LeafDigest: Comparable {
    private var words: (UInt64, UInt64, UInt64, UInt64)

    init(of content: [UInt8]) {
        var hasher = SHA256()
        content.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        words = hasher.finalize().withUnsafeBytes { bytes in
            func word(_ number: Int) -> UInt64 { UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: number * 8, as: UInt64.self)) }
            return (word(0), word(1), word(2), word(3))
        }
    }

    func withUnsafeBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
        Swift.withUnsafeBytes(of: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian), body)
    }

    static func < (left: Self, right: Self) -> Bool { left.words < right.words }
    static func == (left: Self, right: Self) -> Bool { left.words == right.words }
}

/// The members of an object that is written canonically, without building them.
enum CanonicalMembers {
    /// Where each member of the object stands: its name with the quotes, and its value.
    static func ranges(of object: ArraySlice<UInt8>) -> [(name: Range<Int>, value: Range<Int>)] {
        var ranges: [(name: Range<Int>, value: Range<Int>)] = []
        ranges.reserveCapacity(16)
        object.withUnsafeBufferPointer { bytes in
            var depth = 0
            var start = 1
            var colon = 0
            var index = 0
            while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "\""):
                    index += 1
                    while bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: ":") where depth == 1 && colon < start: colon = index
                case UInt8(ascii: "}") where depth == 1, UInt8(ascii: ",") where depth == 1:
                    let base = object.startIndex
                    if colon > start { ranges.append(((base + start)..<(base + colon), (base + colon + 1)..<(base + index))) }
                    start = index + 1
                    if bytes[index] == UInt8(ascii: "}") { depth -= 1 }
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                default: break
                }
                index += 1
            }
        }
        return ranges
    }

    /// The value of the member with this name, as it is written.
    static func value(of name: String, in object: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        ranges(of: object).first { object[$0.name].dropFirst().dropLast().elementsEqual(name.utf8) }.map { object[$0.value] }
    }
}
