internal import Evidence
package import Residency

/// Runs made of nothing, for tests.
package enum SampleRun {
    /// A run with this many findings; every seventh is violated, every eleventh unresolved, tenants take turns.
    package static func make(id: String = "run-1", findings count: Int = 37, now: String = "2026-11-22T02:00:00Z") -> Run {
        let findings = (0..<count).map(finding).sorted(by: Finding.canonicalOrder)
        var summary = Run.Summary(resources: count, events: 1000)
        for finding in findings {
            switch finding.verdict {
            case .satisfied: summary.satisfied += 1
            case .violated: summary.violated += 1
            case .unresolved: summary.unresolved += 1
            case .waived: summary.waived += 1
            }
        }
        return Run(
            id: id, now: now, toolName: "domicile", toolVersion: "0.1.0",
            inputs: [
                InputSummary(
                    path: "config/snapshot.json", sha256: SHA256Digest(of: Array("a".utf8)).hex, bytes: 17, format: "aws-config",
                    records: count,
                    malformed: 0)
            ],
            policies: [
                PolicySummary(
                    id: "eu-hosting", sha256: SHA256Digest(of: Array("policy".utf8)).hex, title: "Data of EU workspaces",
                    basis: ["GDPR Art. 44"],
                    prose: ["Customer data is stored in the EU."])
            ],
            catalogueDigest: SHA256Digest(of: Array("catalogue".utf8)).hex, catalogueVectors: 30,
            jurisdictionsDigest: SHA256Digest(of: Array("jurisdictions".utf8)).hex, summary: summary, findings: findings,
            coverage: Coverage(
                accounts: ["111122223333"], regions: ["eu-west-1"], knownTypes: ["AWS::S3::Bucket": count],
                unknownTypes: ["AWS::New::Thing": 1],
                logsFrom: "2026-11-21T00:00:00Z", logsTo: "2026-11-22T00:00:00Z",
                gaps: [LogGap(from: "2026-11-21T03:00:00Z", to: "2026-11-21T05:00:00Z", scope: "account 111122223333, eu-west-1")]),
            exceptions: [
                ExceptionSummary(
                    kind: .waiver, state: .used, policy: "eu-hosting", covers: "orders", reason: "moving", owner: "ops",
                    until: "2027-01-01", findings: 1)
            ],
            diagnostics: [
                Diagnostic(.warning, path: "config/snapshot.json", line: 3, message: "`x` is odd \u{1F600} \"quoted\"", hint: nil)
            ])
    }

    package static func finding(_ index: Int) -> Finding {
        let verdict: Verdict = index % 7 == 0 ? .violated : index % 11 == 0 ? .unresolved : index % 13 == 0 ? .waived : .satisfied
        let countries = Set(["US", "IE"].compactMap(Country.init))
        let location: Location = verdict == .unresolved ? .unknown("no region in the record") : .countries(countries)
        let digits = String(index, radix: 16)
        return Finding(
            id: String(repeating: "0", count: 32 - digits.count) + digits, policy: "eu-hosting",
            requirement: index % 2 == 0 ? "stored" : "copied",
            verdict: verdict, severity: .critical, basis: ["GDPR Art. 44", "C5 PSS-12"],
            message: "bucket-\(index) is stored in \"US\"\nand `eu` was promised — \u{20AC}", remedy: "move it",
            subject: Subject(
                id: "arn:aws:s3:::bucket-\(index)", type: "AWS::S3::Bucket", provider: "aws", account: "111122223333", data: "customer",
                tenant: index % 3 == 0 ? "acme" : "globex", system: nil),
            occurrences: 1 + index, first: "2026-11-21T01:00:00Z", last: nil,
            observations: [
                Observation(
                    vector: "aws.s3.bucket", activity: .stored, place: Place(name: "aws:us-east-1", location: location),
                    says: "stored in us-east-1",
                    record: RecordReference(input: 0, ordinal: index, pointer: "/configurationItems/\(index)"))
            ],
            waiver: verdict == .waived
                ? WaiverNote(category: .waived, reason: "moving", owner: "ops", approver: nil, ticket: "OPS-1", expires: "2027-01-01")
                : nil,
            allowance: index % 5 == 0 ? AllowanceNote(basis: "SCC", until: nil, grantee: "billing", to: "us") : nil)
    }
}

/// The same numbers every time.
package struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    package init(_ seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

    package mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
