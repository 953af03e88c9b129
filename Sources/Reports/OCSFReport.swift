import Residency

/// OCSF 1.5.0 compliance findings (class 2003), one JSON object a line, for security data lakes.
///
/// Violated is `Fail`, satisfied `Pass`, unresolved `Unknown`; waived is `Fail` with the status `Suppressed`. What OCSF has no
/// field for stands under `unmapped`.
enum OCSFReport {
    static func render(_ run: Run, options: ReportOptions) -> [UInt8] {
        var writer = CanonicalWriter(capacity: run.findings.count * 1024)
        let time = Timestamp.milliseconds(run.now) ?? 0
        for finding in run.findings {
            let activity: Activity = options.comparison?.state(of: finding) == .persisting ? .update : .create
            writer.write(event(finding, activity, run: run, time: time))
            writer.newline()
        }
        let listed = Set(run.findings.map(\.id))
        for finding in options.comparison?.fixed ?? [] where !listed.contains(finding.id) {
            writer.write(event(finding, .close, run: run, time: time))
            writer.newline()
        }
        return escapingLineSeparators(writer.bytes)
    }

    /// Many readers of JSON Lines end a line at Unicode's separators too (Python's `splitlines` does), so that they are written
    /// as escapes: U+0085, U+2028, U+2029.
    private static func escapingLineSeparators(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0xC2, index + 1 < bytes.count, bytes[index + 1] == 0x85 {
                result.append(contentsOf: "\\u0085".utf8)
                index += 2
            } else if bytes[index] == 0xE2, index + 2 < bytes.count, bytes[index + 1] == 0x80, bytes[index + 2] & 0xFE == 0xA8 {
                result.append(contentsOf: (bytes[index + 2] == 0xA8 ? "\\u2028" : "\\u2029").utf8)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// OCSF's `activity_id`.
    private enum Activity: Int {
        case create = 1
        case update = 2
        case close = 3

        var name: String {
            switch self {
            case .create: "Create"
            case .update: "Update"
            case .close: "Close"
            }
        }
    }

    private static func event(_ finding: Finding, _ activity: Activity, run: Run, time: Int) -> CanonicalValue {
        let (severityID, severity) = self.severity(finding.severity)
        let (statusID, status): (Int, String) =
            switch (activity, finding.verdict) {
            case (.close, _), (_, .satisfied): (4, "Resolved")
            case (_, .waived): (3, "Suppressed")
            case (.update, _): (2, "In Progress")
            case (.create, _): (1, "New")
            }
        var profiles: [CanonicalValue] = []
        var members: [String: CanonicalValue] = [
            "activity_id": .int(activity.rawValue), "activity_name": .string(activity.name), "category_uid": 2, "category_name": "Findings",
            "class_uid": 2003, "class_name": "Compliance Finding", "type_uid": .int(200_300 + activity.rawValue),
            "type_name": .string("Compliance Finding: \(activity.name)"), "severity_id": .int(severityID), "severity": .string(severity),
            "status_id": .int(statusID), "status": .string(status), "time": .int(time), "message": .string(finding.message),
            "finding_info": info(finding, run: run, time: time), "compliance": compliance(finding, run: run),
            "resources": [resource(finding)], "unmapped": unmapped(finding, run: run),
        ]
        if !finding.remedy.isEmpty { members["remediation"] = ["desc": .string(finding.remedy)] }
        if ["aws", "gcp", "azure"].contains(finding.subject.provider) {
            profiles.append("cloud")
            members["cloud"] = cloud(finding.subject)
        }
        members["metadata"] = [
            "version": "1.5.0", "profiles": .array(profiles), "uid": .string("\(run.id)/\(finding.id)"),
            "product": ["name": .string(run.toolName), "vendor_name": .string(run.toolName), "version": .string(run.toolVersion)],
        ]
        return .object(members)
    }

    private static func info(_ finding: Finding, run: Run, time: Int) -> CanonicalValue {
        var members: [String: CanonicalValue] = [
            "uid": .string(finding.id), "title": .string("\(finding.policy).\(finding.requirement)"), "desc": .string(finding.message),
            "created_time": .int(time), "types": ["Data Residency"],
        ]
        if let first = finding.first.flatMap(Timestamp.milliseconds) { members["first_seen_time"] = .int(first) }
        if let last = finding.last.flatMap(Timestamp.milliseconds) { members["last_seen_time"] = .int(last) }
        return .object(members)
    }

    private static func compliance(_ finding: Finding, run: Run) -> CanonicalValue {
        let (id, status): (Int, String) =
            switch finding.verdict {
            case .satisfied: (1, "Pass")
            case .violated, .waived: (3, "Fail")
            case .unresolved: (0, "Unknown")
            }
        return [
            "control": .string("\(finding.policy).\(finding.requirement)"), "requirements": [.string(finding.requirement)],
            "standards": .strings(finding.basis.isEmpty ? [finding.policy] : finding.basis), "status_id": .int(id),
            "status": .string(status),
        ]
    }

    private static func resource(_ finding: Finding) -> CanonicalValue {
        var members: [String: CanonicalValue] = ["uid": .string(finding.subject.id)]
        if !finding.subject.type.isEmpty { members["type"] = .string(finding.subject.type) }
        return .object(members)
    }

    private static func cloud(_ subject: Subject) -> CanonicalValue {
        let names = ["aws": "AWS", "gcp": "GCP", "azure": "Azure"]
        var members: [String: CanonicalValue] = ["provider": .string(names[subject.provider] ?? subject.provider)]
        if !subject.account.isEmpty { members["account"] = ["uid": .string(subject.account)] }
        return .object(members)
    }

    private static func unmapped(_ finding: Finding, run: Run) -> CanonicalValue {
        [
            "policy": .string(finding.policy), "requirement": .string(finding.requirement), "verdict": .string(finding.verdict.rawValue),
            "occurrences": .int(finding.occurrences), "data": .optional(finding.subject.data), "tenant": .optional(finding.subject.tenant),
            "system": .optional(finding.subject.system), "places": .strings(Set(finding.observations.map(\.place.name)).sorted()),
            "countries": .strings(Set(finding.observations.flatMap(\.place.location.codes)).sorted()),
            "records": .strings(finding.observations.map { run.location(of: $0.record) }), "run": .string(run.id),
            "waiver": finding.waiver.map { ["reason": .string($0.reason), "owner": .string($0.owner), "expires": .string($0.expires)] }
                ?? .null,
        ]
    }

    private static func severity(_ severity: Severity) -> (Int, String) {
        switch severity {
        case .info: (1, "Informational")
        case .low: (2, "Low")
        case .medium: (3, "Medium")
        case .high: (4, "High")
        case .critical: (5, "Critical")
        }
    }
}
