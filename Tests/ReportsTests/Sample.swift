import Reports
import Residency

/// Runs to report on: a small company with one of everything, and builders for more.
enum Sample {
    static let run = make(findings: findings)

    static func make(
        findings: [Finding], malformed: Int = 1,
        shortfalls: [String] = ["eu-hosting asks for account 444455556666, and nothing of it was read"]
    ) -> Run {
        let sorted = findings.sorted(by: Finding.canonicalOrder)
        var summary = Run.Summary(resources: 41, events: 120_345)
        for finding in sorted {
            switch finding.verdict {
            case .satisfied: summary.satisfied += 1
            case .violated: summary.violated += 1
            case .unresolved: summary.unresolved += 1
            case .waived: summary.waived += 1
            }
        }
        return Run(
            id: "2026-11-22-5f3a9c0d", now: "2026-11-22T02:00:00Z", toolName: "domicile", toolVersion: "0.1.0",
            inputs: [
                InputSummary(
                    path: "inventory/config.json", sha256: String(repeating: "1a", count: 32), bytes: 81_220, format: "aws-config",
                    records: 41,
                    malformed: 0),
                InputSummary(
                    path: "logs/trail.json.gz", sha256: String(repeating: "2b", count: 32), bytes: 5_411_020, format: "aws-cloudtrail",
                    records: 120_345, malformed: malformed),
            ],
            policies: policies, catalogueDigest: String(repeating: "c3", count: 32), catalogueVectors: 47,
            jurisdictionsDigest: String(repeating: "d4", count: 32), summary: summary, findings: sorted,
            coverage: coverage(malformed: malformed, shortfalls: shortfalls), exceptions: exceptions,
            diagnostics: malformed == 0
                ? []
                : [Diagnostic(.error, path: "logs/trail.json.gz", byte: 88_012, message: "record 217 is not a JSON object", hint: nil)])
    }

    static let policies = [
        PolicySummary(
            id: "eu-hosting", sha256: String(repeating: "e5", count: 32),
            title: "Data of EU workspaces is stored and processed in the EU", basis: ["GDPR Art. 44", "C5 PSS-12", "DPA section 7"],
            prose: [
                "Customer data of tenants at home in the EU is stored in the EU.", "It is copied and backed up only within the EU.",
                "It may be accessed from the EU and from countries with an adequacy decision.",
                "Billing may receive it in the US under SCC 2021/914 module 2, until 2027-06-30.",
            ]),
        PolicySummary(
            id: "au-hosting", sha256: String(repeating: "f6", count: 32), title: "Data of Australian workspaces stays in Australia",
            basis: ["Privacy Act 1988 APP 8"], prose: ["Customer data of tenants at home in Australia is stored in Australia."]),
    ]

    static func coverage(malformed: Int, shortfalls: [String]) -> Coverage {
        Coverage(
            accounts: ["111122223333", "222233334444"], regions: ["ap-southeast-2", "eu-west-1", "us-east-1"],
            knownTypes: ["AWS::S3::Bucket": 12, "AWS::DynamoDB::Table": 9, "AWS::RDS::DBInstance": 4],
            unknownTypes: ["AWS::QuickSight::DataSet": 2], knownActions: ["s3.amazonaws.com/GetObject": 118_000],
            unknownActions: ["quicksight.amazonaws.com/DescribeDataSet": 3], unclassified: 2,
            unclassifiedSample: ["arn:aws:s3:::tmp-1", "arn:aws:s3:::tmp-2"], logsFrom: "2026-11-21T00:00:07Z",
            logsTo: "2026-11-21T23:59:58Z",
            gaps: [LogGap(from: "2026-11-21T04:00:00Z", to: "2026-11-21T05:00:00Z", scope: "account 111122223333, eu-west-1")],
            malformed: malformed, shortfalls: shortfalls,
            blindSpots: ["AWS Config cannot show EFS replication; give Terraform state or CloudTrail"])
    }

    static let exceptions = [
        ExceptionSummary(
            kind: .allowance, state: .used, policy: "eu-hosting", covers: "billing", reason: "SCC 2021/914 module 2", owner: "",
            until: "2027-06-30", findings: 1),
        ExceptionSummary(
            kind: .waiver, state: .expiring, policy: "eu-hosting", covers: "arn:aws:s3:::legacy-*", reason: "moved with the next release",
            owner: "storage team", until: "2026-12-01", findings: 1),
        ExceptionSummary(
            kind: .waiver, state: .expired, policy: "au-hosting", covers: "orders-au", reason: "migration", owner: "orders team",
            until: "2026-10-31", findings: 0),
        ExceptionSummary(
            kind: .waiver, state: .unused, policy: "eu-hosting", covers: "arn:aws:sqs:*", reason: "queue being moved", owner: "mail team",
            until: "2027-01-31", findings: 0),
    ]

    static let ireland = Place(name: "aws:eu-west-1", location: place("IE"))
    static let virginia = Place(name: "aws:us-east-1", location: place("US"))
    static let virginiaZone = Place(name: "aws:us-east-1a", location: place("US"))
    static let sydney = Place(name: "aws:ap-southeast-2", location: place("AU"))
    static let nowhere = Place(
        name: "resource:acme-archive", location: .unknown("the bucket `acme-archive` is not in the inventory"))

    static func place(_ codes: String...) -> Location { .countries(Set(codes.compactMap { Country($0) })) }

    static let findings: [Finding] = [
        finding(
            "acme-exports", "copied", .violated, .critical, at: [virginia, virginiaZone],
            message: "object data is replicated to aws:us-east-1 (US), promised: eu",
            remedy: "remove the replication rule `to-us` or point it at a bucket in eu", occurrences: 3),
        finding(
            "acme-eu-sessions", "stored", .violated, .high, at: [virginia],
            message: "table data is stored at aws:us-east-1 (US), promised: eu",
            remedy: "move the table to a region of eu, such as eu-west-1"),
        finding(
            "acme-audit", "copied", .unresolved, .critical, at: [nowhere],
            message: "log files are copied to a place that is not known, promised: eu",
            remedy: "give the inventory of the account that owns `acme-archive`"),
        finding("acme-eu-orders", "stored", .satisfied, .critical, at: [ireland], message: "table data is stored at aws:eu-west-1 (IE)"),
        finding("acme-eu-files", "stored", .satisfied, .critical, at: [ireland], message: "objects are stored at aws:eu-west-1 (IE)"),
        finding("acme-eu-files", "copied", .satisfied, .critical, at: [ireland], message: "objects are copied within aws:eu-west-1 (IE)"),
        waived(
            finding(
                "legacy-eu", "stored", .waived, .high, at: [virginia], message: "objects are stored at aws:us-east-1 (US), promised: eu")),
        allowed(finding("billing", "transferred", .satisfied, .medium, at: [virginia], message: "data goes to billing in the US")),
        finding(
            "orders-au", "stored", .satisfied, .high, policy: "au-hosting", at: [sydney],
            message: "table data is stored at aws:ap-southeast-2 (AU)"),
    ]

    static func finding(
        _ name: String, _ requirement: String, _ verdict: Verdict, _ severity: Severity, policy: String = "eu-hosting", at places: [Place],
        message: String, remedy: String = "", occurrences: Int = 1, tenant: String? = "acme"
    ) -> Finding {
        let subject = Subject(
            id: "arn:aws:s3:::\(name)", type: "AWS::S3::Bucket", provider: "aws", account: "111122223333", data: "customer", tenant: tenant,
            system: "files")
        return Finding(
            id: id(of: policy + requirement + name), policy: policy, requirement: requirement, verdict: verdict, severity: severity,
            basis: ["GDPR Art. 44"], message: "\(subject.id): \(message)", remedy: remedy, subject: subject, occurrences: occurrences,
            first: occurrences > 1 ? "2026-11-21T08:00:00Z" : nil, last: occurrences > 1 ? "2026-11-21T17:30:00Z" : nil,
            observations: places.enumerated().map { index, place in
                Observation(
                    vector: "aws.s3.replication", activity: Activity(rawValue: requirement) ?? .stored, place: place, says: message,
                    record: RecordReference(
                        input: index % 2, ordinal: 16 + index, pointer: index % 2 == 0 ? "/configurationItems/16" : "/Records/17"),
                    occurrences: occurrences)
            })
    }

    static func waived(_ finding: Finding) -> Finding {
        var finding = finding
        finding.waiver = WaiverNote(
            category: .waived, reason: "moved with the next release", owner: "storage team", approver: "dpo", ticket: "RES-12",
            expires: "2026-12-01")
        return finding
    }

    static func allowed(_ finding: Finding) -> Finding {
        var finding = finding
        finding.allowance = AllowanceNote(basis: "SCC 2021/914 module 2", until: "2027-06-30", grantee: "billing", to: "us")
        return finding
    }

    /// FNV-1a, twice: any 32 digits that depend on the text will do.
    static func id(of text: String) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let digits = String(hash, radix: 16)
        let padded = String(repeating: "0", count: 16 - digits.utf8.count) + digits
        return padded + String(padded.reversed())
    }
}
