import Residency

/// OSCAL 1.2.1 assessment results, for auditors' tools.
///
/// A clause of a policy is an objective, and has one finding: satisfied only if every subject is. Each subject that is not
/// satisfied has an observation, and those that are have one together. Violated, waived and unresolved clauses have risks: open,
/// deviation approved (with the day on which it ends), investigating.
enum OSCALReport {
    static func render(_ run: Run, options: ReportOptions) -> [UInt8] {
        let names = OSCALNames(run)
        let clauses = OSCALClause.clauses(of: run)
        let document: CanonicalValue = [
            "assessment-results": [
                "uuid": .string(names.uuid("document")),
                "metadata": [
                    "title": "Data residency audit", "last-modified": .string(run.now),
                    "version": .string(OSCALNames.line(run.toolVersion)),
                    "oscal-version": "1.2.1",
                ],
                "import-ap": ["href": .string("#" + names.uuid("plan"))], "results": [result(run, clauses: clauses, names: names)],
                "back-matter": ["resources": .array(resources(run, names: names))],
            ]
        ]
        return document.bytes
    }

    private static func result(_ run: Run, clauses: [OSCALClause], names: OSCALNames) -> CanonicalValue {
        var members: [String: CanonicalValue] = [
            "uuid": .string(names.uuid("result")), "title": .string("Data residency: \(run.outcome.rawValue)"),
            "description": .string(description(run)), "start": .string(run.now), "end": .string(run.now),
            "props": .array(props(run, names)),
            "reviewed-controls": [
                "description": "The clauses of the policies in the back matter, each as an objective of its own.",
                "control-selections": [["include-all": [:]]],
            ],
        ]
        let subjects = OSCALSubjects(run, names: names)
        if !subjects.items.isEmpty { members["local-definitions"] = ["inventory-items": .array(subjects.items)] }
        let observations = clauses.flatMap { $0.observations(run, names: names, subjects: subjects) }
        if !observations.isEmpty { members["observations"] = .array(observations) }
        let risks = clauses.flatMap { $0.risks(run, names: names) }
        if !risks.isEmpty { members["risks"] = .array(risks) }
        if !clauses.isEmpty { members["findings"] = .array(clauses.map { $0.finding(run, names: names) }) }
        return .object(members)
    }

    private static func description(_ run: Run) -> String {
        let coverage = run.coverage
        var sentences = [
            "Violated \(run.summary.violated), unresolved \(run.summary.unresolved), waived \(run.summary.waived), satisfied \(run.summary.satisfied).",
            "Looked at \(run.summary.resources) resources and \(run.summary.events) log events of \(coverage.accounts.count) accounts.",
            "Not known: \(coverage.unclassified) resources without a data class, \(coverage.unknownTypes.count) types of resource, "
                + "\(coverage.malformed) malformed records, \(coverage.gaps.count) gaps in the logs.",
        ]
        sentences += coverage.shortfalls + coverage.blindSpots
        return sentences.joined(separator: " ")
    }

    private static func props(_ run: Run, _ names: OSCALNames) -> [CanonicalValue] {
        let values = [
            ("run-id", run.id), ("tool", "\(run.toolName) \(run.toolVersion)"), ("catalogue-sha256", run.catalogueDigest),
            ("jurisdictions-sha256", run.jurisdictionsDigest), ("violated", String(run.summary.violated)),
            ("unresolved", String(run.summary.unresolved)), ("waived", String(run.summary.waived)),
            ("satisfied", String(run.summary.satisfied)),
        ]
        return values.filter { !OSCALNames.line($0.1).isEmpty }.map { OSCALNames.prop($0.0, $0.1) }
    }

    private static func resources(_ run: Run, names: OSCALNames) -> [CanonicalValue] {
        var plan: [CanonicalValue] = run.policies.map { policy in
            ["href": .string("policies/" + URIReference.of(path: policy.id)), "hashes": [hash(policy.sha256)]]
        }
        if plan.isEmpty { plan = [["href": "policies"]] }
        let policies: CanonicalValue = [
            "uuid": .string(names.uuid("plan")), "title": "The policies that were judged", "rlinks": .array(plan),
        ]
        return [policies]
            + run.inputs.enumerated().map { index, input in
                [
                    "uuid": .string(names.uuid("input/\(index)")), "title": .string(OSCALNames.line("Input: \(input.path)")),
                    "description": .string("\(input.format), \(input.bytes) bytes, \(input.records) records, \(input.malformed) malformed"),
                    "rlinks": [["href": .string(URIReference.of(path: input.path)), "hashes": [hash(input.sha256)]]],
                ]
            }
    }

    private static func hash(_ sha256: String) -> CanonicalValue { ["algorithm": "SHA-256", "value": .string(sha256)] }
}
