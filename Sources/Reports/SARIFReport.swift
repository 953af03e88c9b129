import Residency

/// SARIF 2.1.0, for code scanning: a rule for each clause of a policy, a result for each finding that is not satisfied.
///
/// Violated is kind `fail`; unresolved is `open`, SARIF's word for "not enough is known to decide"; waived carries a
/// suppression with its reason. Results are found again by the finding's id.
enum SARIFReport {
    static func render(_ run: Run, options: ReportOptions) -> [UInt8] {
        let findings = selected(run, options: options)
        let rules = SARIFRules(run)
        var writer = CanonicalWriter(capacity: 4096 + findings.count * 1024)
        // INVARIANT: keys in alphabetical order.
        writer.beginObject()
        writer.key("$schema")
        writer.write("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
        writer.key("runs")
        writer.beginArray()
        writer.beginObject()
        writer.key("artifacts")
        writer.write(.array(run.inputs.map(artifact)))
        writer.key("columnKind")
        writer.write("unicodeCodePoints")
        writer.key("invocations")
        writer.write([invocation(run)])
        writer.key("properties")
        writer.write(properties(run, left: run.findings.count { $0.verdict != .satisfied } - findings.count, options: options))
        writer.key("results")
        writer.beginArray()
        for finding in findings { writer.write(result(finding, run: run, rules: rules, options: options)) }
        if let comparison = options.comparison, !options.forCodeScanning {
            for finding in comparison.fixed { writer.write(absent(finding, rules: rules)) }
        }
        writer.endArray()
        writer.key("tool")
        writer.write([
            "driver": ["name": .string(run.toolName), "version": .string(run.toolVersion), "rules": .array(rules.values)]
        ])
        writer.endObject()
        writer.endArray()
        writer.key("version")
        writer.write("2.1.0")
        writer.endObject()
        return writer.bytes
    }

    /// Findings that become results. GitHub refuses more than 25,000 in a run, so that there the gravest are taken.
    private static func selected(_ run: Run, options: ReportOptions) -> [Finding] {
        guard options.forCodeScanning else { return run.findings.filter { $0.verdict != .satisfied } }
        let open = run.findings.filter(\.verdict.isOpen)
        guard open.count > codeScanningLimit else { return open }
        let worst = open.enumerated().sorted {
            ($0.element.verdict == .violated ? 0 : 1, $1.element.severity, $0.offset) < (
                $1.element.verdict == .violated ? 0 : 1, $0.element.severity, $1.offset
            )
        }
        return worst.prefix(codeScanningLimit).map(\.element).sorted(by: Finding.canonicalOrder)
    }

    private static func result(_ finding: Finding, run: Run, rules: SARIFRules, options: ReportOptions) -> CanonicalValue {
        let isOpen = finding.verdict == .unresolved && !options.forCodeScanning
        var members: [String: CanonicalValue] = [
            "ruleId": .string(SARIFRules.id(finding)), "kind": isOpen ? "open" : "fail",
            "level": isOpen ? "none" : finding.verdict == .unresolved ? "warning" : .string(SARIFRules.level(finding.severity)),
            "message": ["text": .string(finding.message.isEmpty ? finding.subject.id : finding.message)],
            "partialFingerprints": ["findingId/v1": .string(finding.id)],
            "locations": .array(locations(finding, run: run, options: options)),
            "properties": [
                "verdict": .string(finding.verdict.rawValue), "severity": .string(finding.severity.rawValue),
                "subject": .string(finding.subject.id), "type": .string(finding.subject.type), "tenant": .optional(finding.subject.tenant),
                "basis": .strings(finding.basis), "remedy": .string(finding.remedy),
                "places": .strings(Set(finding.observations.map(\.place.name)).sorted()),
            ],
        ]
        if finding.occurrences > 0 { members["occurrenceCount"] = .int(finding.occurrences) }
        if let index = rules.index(finding) { members["ruleIndex"] = .int(index) }
        if let waiver = finding.waiver, finding.verdict == .waived {
            let text = "\(waiver.reason) (owner \(waiver.owner), until \(waiver.expires))"
            members["suppressions"] = [["kind": "external", "status": "accepted", "justification": .string(text)]]
        }
        if let comparison = options.comparison, !options.forCodeScanning {
            members["baselineState"] = comparison.state(of: finding) == .new ? "new" : "unchanged"
        }
        return .object(members)
    }

    /// A finding of the earlier run that is no more.
    private static func absent(_ finding: Finding, rules: SARIFRules) -> CanonicalValue {
        var members: [String: CanonicalValue] = [
            "ruleId": .string(SARIFRules.id(finding)), "kind": "fail", "level": .string(SARIFRules.level(finding.severity)),
            "message": ["text": .string(finding.message.isEmpty ? finding.subject.id : finding.message)],
            "partialFingerprints": ["findingId/v1": .string(finding.id)], "baselineState": "absent",
        ]
        if let index = rules.index(finding) { members["ruleIndex"] = .int(index) }
        return .object(members)
    }

    /// Where the finding's records are: a line where the input has lines, else the record's JSON pointer as a logical name.
    private static func locations(_ finding: Finding, run: Run, options: ReportOptions) -> [CanonicalValue] {
        finding.observations.prefix(10).compactMap { observation in
            let record = observation.record
            guard run.inputs.indices.contains(record.input) else { return nil }
            var physical: [String: CanonicalValue] = [
                "artifactLocation": ["uri": .string(URIReference.of(path: run.inputs[record.input].path)), "index": .int(record.input)]
            ]
            if let position = options.positions[record] {
                physical["region"] = ["startLine": .int(position.line), "startColumn": .int(position.column)]
            } else if let line = record.line ?? (options.forCodeScanning ? 1 : nil) {
                physical["region"] = ["startLine": .int(line)]
            }
            return [
                "physicalLocation": .object(physical), "message": ["text": .string(observation.says)],
                "logicalLocations": [
                    ["fullyQualifiedName": .string(record.pointer), "name": .string(finding.subject.id), "kind": "resource"]
                ],
            ]
        }
    }

    private static func artifact(_ input: InputSummary) -> CanonicalValue {
        [
            "location": ["uri": .string(URIReference.of(path: input.path))], "hashes": ["sha-256": .string(input.sha256)],
            "length": .int(input.bytes), "roles": ["analysisTarget"],
        ]
    }

    private static func invocation(_ run: Run) -> CanonicalValue {
        var notes = run.diagnostics.map { diagnostic -> CanonicalValue in
            ["level": .string(diagnostic.level.rawValue), "message": ["text": .string(diagnostic.headline)]]
        }
        notes += run.coverage.shortfalls.map { ["level": "warning", "message": ["text": .string($0)]] }
        notes += run.coverage.blindSpots.map { ["level": "note", "message": ["text": .string($0)]] }
        var members: [String: CanonicalValue] = ["executionSuccessful": true, "toolExecutionNotifications": .array(notes)]
        if run.now.hasSuffix("Z") { members["endTimeUtc"] = .string(run.now) }
        return .object(members)
    }

    private static func properties(_ run: Run, left: Int, options: ReportOptions) -> CanonicalValue {
        [
            "runId": .string(run.id), "outcome": .string(run.outcome.rawValue), "satisfied": .int(run.summary.satisfied),
            "violated": .int(run.summary.violated), "unresolved": .int(run.summary.unresolved), "waived": .int(run.summary.waived),
            "leftOut": .int(max(0, left)), "baseline": .optional(options.comparison?.baseline),
        ]
    }

    private static let codeScanningLimit = 25_000
}
