internal import Crypto
internal import Foundation
public import Residency

/// The secret from which every salt of every run is derived. Whoever has it can open every finding; whoever has not can't
/// guess one.
public struct DisclosureKey: Sendable {
    private let key: SymmetricKey

    /// Draws a new key.
    public init(using random: inout some RandomNumberGenerator) { key = SymmetricKey(data: KeySet.bytes(32, using: &random)) }

    /// Reads the text of a `disclosure.key` file.
    public init(text: String) throws {
        guard let bytes = Hex.decode(text.trimmingCharacters(in: .whitespacesAndNewlines)), bytes.count == 32 else {
            throw EvidenceError(.badKey, "not a disclosure key", hint: "64 hexadecimal digits, as `keys generate` writes them")
        }
        key = SymmetricKey(data: bytes)
    }

    /// The file to keep beside the other secret keys.
    public var file: KeyFile { KeyFile(name: "disclosure.key", text: key.withUnsafeBytes { Hex.encode($0) } + "\n", isSecret: true) }

    fileprivate func secret(of run: String) -> DerivedKey { DerivedKey(key).derive("run", run) }
}

/// A key derived from another by HMAC-SHA-256 over a label and a name: knowing it tells nothing of its siblings.
private struct DerivedKey: Sendable {
    let key: SymmetricKey

    init(_ key: SymmetricKey) { self.key = key }

    func bytes(_ label: String, _ name: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array("domicile \(label)\0\(name)".utf8), using: key))
    }

    func derive(_ label: String, _ name: String) -> DerivedKey { DerivedKey(SymmetricKey(data: bytes(label, name))) }
}

/// The findings of a run as salted commitments, in the way of SD-JWT (RFC 9901): each field is digested with a salt of 128
/// bits, and a finding's leaf holds its digests alone.
///
///     {"_sd":["4ab…","9fe…"],"_sd_alg":"sha-256","id":"c01…","tag":"77a…"}
///
/// Ids are opaque. The tag says whose finding it is to whoever holds that tenant's key, and nothing to others: so a tenant can
/// see that it was shown *all* of its findings.
public struct FindingCommitments: Sendable {
    /// The name of the predicate's type that signs such a tree.
    public static let predicateType = "https://domicile.dev/attestation/residency-disclosure/v1"

    private let secret: DerivedKey
    private let run: Run
    /// The tree over the leaves.
    public private(set) var tree = MerkleLevels()
    /// The leaves, canonical JSON.
    public private(set) var leaves: [[UInt8]] = []

    /// Commits to every finding of the run; the same run and key give the same commitments.
    public init(_ run: Run, key: DisclosureKey) {
        self.run = run
        secret = key.secret(of: run.id)
        for (index, finding) in run.findings.enumerated() {
            let leaf = self.leaf(finding, index)
            tree.append(record: leaf)
            leaves.append(leaf)
        }
    }

    /// The lines of `committed.jsonl`.
    public var file: [UInt8] { leaves.flatMap { $0 + [0x0A] } }

    /// The statement to give out: the tree's root and the run's name, and nothing that is unsalted.
    public func statement() -> Statement {
        Statement(
            subjects: [.init(name: "committed.jsonl", sha256: SHA256Digest(of: file).hex)], predicateType: Self.predicateType,
            predicate: ["disclosureRoot": tree.head.canonical, "now": .string(run.now), "run": .string(run.id)])
    }

    /// The tag key of a tenant; with it the tenant finds its leaves, and no others.
    public func tenantKey(_ tenant: String) -> String { Hex.encode(secret.bytes("tenant", tenant)) }

    /// What is shown of one finding: its leaf, its proof, and the fields with their salts.
    public func disclosure(of index: Int) -> CanonicalValue {
        let disclosures = fields(run.findings[index]).map { disclosure($0.name, $0.value, index) }
        return [
            "disclosures": .strings(disclosures), "index": .int(index), "leaf": .string(String(decoding: leaves[index], as: UTF8.self)),
            "proof": .strings(tree.inclusionProof(of: index).map { Data($0.bytes).base64EncodedString() }),
        ]
    }

    /// The numbers of a tenant's findings.
    public func indices(of tenant: String) -> [Int] { run.findings.indices.filter { run.findings[$0].subject.tenant == tenant } }

    private func leaf(_ finding: Finding, _ index: Int) -> [UInt8] {
        let digests = fields(finding).map { Self.base64url(SHA256Digest(of: disclosure($0.name, $0.value, index).utf8).bytes) }.sorted()
        let value: CanonicalValue = [
            "_sd": .strings(digests), "_sd_alg": "sha-256", "id": .string(Hex.encode(secret.bytes("id", finding.id).prefix(16))),
            "tag": .string(tag(finding.subject.tenant, index)),
        ]
        return value.bytes
    }

    private func tag(_ tenant: String?, _ index: Int) -> String {
        let key = tenant.map { secret.derive("tenant", $0) } ?? secret.derive("nobody", "")
        return Hex.encode(key.bytes("leaf", String(index)).prefix(16))
    }

    /// base64url(JCS [salt, name, value])
    private func disclosure(_ name: String, _ value: CanonicalValue, _ index: Int) -> String {
        let salt = Self.base64url(Array(secret.bytes("salt \(index)", name).prefix(16)))
        return Self.base64url(CanonicalValue.array([.string(salt), .string(name), value]).bytes)
    }

    private func fields(_ finding: Finding) -> [(name: String, value: CanonicalValue)] {
        let value = finding.canonical
        guard case .object(let members) = value else { return [] }
        return members.filter { $0.key != "id" }.sorted { CanonicalWriter.precedes($0.key, $1.key) }.map { ($0.key, $0.value) }
    }

    private static func base64url(_ bytes: [UInt8]) -> String {
        let standard = Data(bytes).base64EncodedString().utf8
        return String(
            decoding: standard.lazy.filter { $0 != UInt8(ascii: "=") }.map {
                $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
            }, as: UTF8.self)
    }
}

extension Finding {
    /// The finding as a value: the same members as its line.
    var canonical: CanonicalValue {
        var members: [String: CanonicalValue] = [
            "basis": .strings(basis), "first": .optional(first), "id": .string(id), "last": .optional(last), "message": .string(message),
            "observations": .array(observations.map(\.canonical)), "occurrences": .int(occurrences), "policy": .string(policy),
            "remedy": .string(remedy), "requirement": .string(requirement), "severity": .string(severity.rawValue),
            "subject": [
                "account": .string(subject.account), "data": .optional(subject.data), "id": .string(subject.id),
                "provider": .string(subject.provider), "system": .optional(subject.system), "tenant": .optional(subject.tenant),
                "type": .string(subject.type),
            ],
            "verdict": .string(verdict.rawValue),
        ]
        members["waiver"] = waiver?.value
        members["allowance"] = allowance?.value
        return .object(members)
    }
}

extension Observation {
    fileprivate var canonical: CanonicalValue {
        var members: [String: CanonicalValue] = [
            "activity": .string(activity.rawValue), "attempted": .bool(attempted), "countries": .strings(place.location.codes),
            "first": .optional(first), "last": .optional(last), "lowConfidence": .bool(lowConfidence), "occurrences": .int(occurrences),
            "place": .string(place.name),
            "record": ["input": .int(record.input), "ordinal": .int(record.ordinal), "pointer": .string(record.pointer)],
            "says": .string(says), "vector": .string(vector),
        ]
        if case .unknown(let why) = place.location { members["unknown"] = .string(why) }
        return .object(members)
    }
}

extension WaiverNote {
    fileprivate var value: CanonicalValue {
        [
            "approver": .optional(approver), "category": .string(category.rawValue), "expires": .string(expires), "owner": .string(owner),
            "reason": .string(reason), "ticket": .optional(ticket),
        ]
    }
}

extension AllowanceNote {
    fileprivate var value: CanonicalValue {
        ["basis": .string(basis), "grantee": .string(grantee), "to": .string(to), "until": .optional(until)]
    }
}
