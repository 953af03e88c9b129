internal import Crypto
internal import CryptoExtras
internal import Foundation
internal import Residency

/// Makes one leaf after the other in the same buffers: fifteen digests a finding, so it must not build values for them.
struct LeafMaker {
    let secret: DerivedKey
    let saltKey: SymmetricKey
    private(set) var leaf: [UInt8] = []
    private(set) var disclosures: [String] = []
    private var tagKeys: [String?: SymmetricKey] = [:]
    private var line = CanonicalWriter(capacity: 4096)
    private var plain: [UInt8] = []
    private var encoded: [UInt8] = []
    private var digests: [SHA256.Digest] = []

    init(secret: DerivedKey, saltKey: SymmetricKey) {
        self.secret = secret
        self.saltKey = saltKey
    }

    /// Makes the leaf of finding `index`; with `keeping` also the texts that open its fields.
    mutating func make(_ finding: Finding, _ index: Int, keeping: Bool = false) throws {
        line.removeAll()
        line.write(finding)
        line.newline()
        digests.removeAll(keepingCapacity: true)
        disclosures.removeAll()
        let members = CanonicalMembers.ranges(of: line.bytes)
        let salts = try self.salts(index, count: members.count)
        for (number, member) in members.enumerated() {
            // base64url(JCS [salt, name, value]); the name keeps its quotes
            plain.removeAll(keepingCapacity: true)
            plain += Self.opening
            Base64URL.append(salts[(number * 16)..<(number * 16 + 16)], to: &plain)
            plain += Self.afterSalt
            plain += line.bytes[member.name]
            plain.append(UInt8(ascii: ","))
            plain += line.bytes[member.value]
            plain.append(UInt8(ascii: "]"))
            encoded.removeAll(keepingCapacity: true)
            Base64URL.append(plain[...], to: &encoded)
            digests.append(SHA256.hash(data: encoded))
            if keeping { disclosures.append(String(decoding: encoded, as: UTF8.self)) }
        }
        // In the order of the digests, so that their places say nothing of the fields.
        digests.sort { Self.precedes($0, $1) }
        write(finding, index)
    }

    private mutating func write(_ finding: Finding, _ index: Int) {
        leaf.removeAll(keepingCapacity: true)
        leaf += Self.beforeDigests
        for (number, digest) in digests.enumerated() {
            if number > 0 { leaf.append(UInt8(ascii: ",")) }
            leaf.append(UInt8(ascii: "\""))
            digest.withUnsafeBytes { Base64URL.append($0, to: &leaf) }
            leaf.append(UInt8(ascii: "\""))
        }
        leaf += Self.afterDigests
        leaf += Hex.encode(secret.bytes("id", finding.id).prefix(16)).utf8
        leaf += Self.beforeTag
        leaf += Hex.encode(tag(finding.subject.tenant, index)).utf8
        leaf += Self.closing
    }

    private mutating func tag(_ tenant: String?, _ index: Int) -> [UInt8] {
        let key: SymmetricKey
        if let known = tagKeys[tenant] {
            key = known
        } else {
            key = (tenant.map { secret.derive("tenant", $0) } ?? secret.derive("nobody", "")).key
            tagKeys[tenant] = key
        }
        return Array(DerivedKey(key).bytes("leaf", String(index)).prefix(16))
    }

    /// 16 bytes a field: the blocks of AES-256 in counter mode, whose nonce is the finding's number; no two fields of a run
    /// share a block.
    private func salts(_ index: Int, count: Int) throws -> [UInt8] {
        let nonce = withUnsafeBytes(of: UInt64(index).bigEndian) { [0, 0, 0, 0] + Array($0) }
        return Array(
            try AES._CTR.encrypt([UInt8](repeating: 0, count: count * 16), using: saltKey, nonce: AES._CTR.Nonce(nonceBytes: nonce)))
    }

    private static func precedes(_ left: SHA256.Digest, _ right: SHA256.Digest) -> Bool {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return false }
                return memcmp(left, right, 32) < 0
            }
        }
    }

    private static let opening = Array("[\"".utf8)
    private static let afterSalt = Array("\",".utf8)
    private static let beforeDigests = Array("{\"_sd\":[".utf8)
    private static let afterDigests = Array("],\"_sd_alg\":\"sha-256\",\"id\":\"".utf8)
    private static let beforeTag = Array("\",\"tag\":\"".utf8)
    private static let closing = Array("\"}".utf8)
}

/// The members of an object that is written canonically, without building them.
enum CanonicalMembers {
    /// Where each member of the object stands: its name with the quotes, and its value.
    static func ranges(of object: [UInt8]) -> [(name: Range<Int>, value: Range<Int>)] {
        var ranges: [(name: Range<Int>, value: Range<Int>)] = []
        ranges.reserveCapacity(16)
        var depth = 0
        var start = 1
        var colon = 0
        var index = 0
        while index < object.count {
            switch object[index] {
            case UInt8(ascii: "\""):
                index += 1
                while object[index] != UInt8(ascii: "\"") { index += object[index] == UInt8(ascii: "\\") ? 2 : 1 }
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ":") where depth == 1 && colon < start: colon = index
            case UInt8(ascii: "}") where depth == 1, UInt8(ascii: ",") where depth == 1:
                if colon > start { ranges.append((start..<colon, (colon + 1)..<index)) }
                start = index + 1
                if object[index] == UInt8(ascii: "}") { depth -= 1 }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            index += 1
        }
        return ranges
    }
}
