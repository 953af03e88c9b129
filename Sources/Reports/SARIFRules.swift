import Residency

/// The rules of a SARIF run: one for each clause that has a finding, and in a comparison nothing else.
struct SARIFRules {
    let values: [CanonicalValue]
    private let indices: [String: Int]

    init(_ run: Run) {
        let policies = Dictionary(run.policies.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var indices: [String: Int] = [:]
        var values: [CanonicalValue] = []
        for finding in run.findings where finding.verdict != .satisfied && indices[Self.id(finding)] == nil {
            indices[Self.id(finding)] = values.count
            values.append(Self.rule(finding, policy: policies[finding.policy]))
        }
        self.values = values
        self.indices = indices
    }

    /// The index of a finding's rule; `nil` for a clause that only an earlier run has.
    func index(_ finding: Finding) -> Int? { indices[Self.id(finding)] }

    static func id(_ finding: Finding) -> String { "\(finding.policy).\(finding.requirement)" }

    static func level(_ severity: Severity) -> String {
        switch severity {
        case .critical, .high: "error"
        case .medium: "warning"
        case .low, .info: "note"
        }
    }

    private static func rule(_ finding: Finding, policy: PolicySummary?) -> CanonicalValue {
        let title = policy.flatMap { $0.title.isEmpty ? nil : $0.title } ?? finding.policy
        let promise = policy?.prose.joined(separator: " ") ?? ""
        let basis = finding.basis.isEmpty ? "" : " Legal basis: \(finding.basis.joined(separator: "; "))."
        let full = "\(title): what must hold for data that is \(finding.requirement)."
        let help = (promise.isEmpty ? full : promise) + basis
        return [
            "id": .string(id(finding)), "name": .string(id(finding)),
            "shortDescription": ["text": .string("\(title) (\(finding.requirement))")],
            "fullDescription": ["text": .string(full)], "help": ["text": .string(help), "markdown": .string(MarkdownReport.escape(help))],
            "defaultConfiguration": ["level": .string(level(finding.severity))],
            "properties": [
                "tags": ["data-residency", .string(finding.requirement)], "security-severity": .string(score(finding.severity)),
            ],
        ]
    }

    /// GitHub sorts by it: over 9 is critical, 7 high, 4 medium.
    private static func score(_ severity: Severity) -> String {
        switch severity {
        case .critical: "9.5"
        case .high: "8.0"
        case .medium: "5.5"
        case .low: "3.0"
        case .info: "0.1"
        }
    }
}

/// Paths as URI references (RFC 3986).
enum URIReference {
    static func of(path: String) -> String {
        var result = path.hasPrefix("/") ? "file://" : ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
