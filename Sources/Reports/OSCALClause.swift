import Residency

/// One clause of a policy with its findings, as OSCAL sees it.
struct OSCALClause {
    let policy: String
    let requirement: String
    /// Indices into the run's findings.
    let open: [Int]
    let satisfied: [Int]

    static func clauses(of run: Run) -> [OSCALClause] {
        // Findings are in canonical order, so that a clause's stand together.
        var result: [OSCALClause] = []
        var start = 0
        for index in run.findings.indices {
            let finding = run.findings[index]
            let next = index + 1 < run.findings.count ? run.findings[index + 1] : nil
            if next?.policy == finding.policy && next?.requirement == finding.requirement { continue }
            let all = start...index
            result.append(
                OSCALClause(
                    policy: finding.policy, requirement: finding.requirement, open: all.filter { run.findings[$0].verdict != .satisfied },
                    satisfied: all.filter { run.findings[$0].verdict == .satisfied }))
            start = index + 1
        }
        return result
    }

    private var name: String { "\(policy).\(requirement)" }

    func finding(_ run: Run, names: OSCALNames) -> CanonicalValue {
        let counts = Verdict.allCases.map { verdict in
            "\(verdict.rawValue) \((open + satisfied).count { run.findings[$0].verdict == verdict })"
        }
        var related = open.map { CanonicalValue.object(["observation-uuid": .string(names.uuid("observation/\(run.findings[$0].id)"))]) }
        if !satisfied.isEmpty { related.append(["observation-uuid": .string(names.uuid("satisfied/\(name)"))]) }
        var members: [String: CanonicalValue] = [
            "uuid": .string(names.uuid("finding/\(name)")), "title": .string(OSCALNames.line(name)),
            "description": .string(counts.joined(separator: ", ")),
            "target": [
                "type": "objective-id", "target-id": .string(OSCALNames.token(name)),
                "status": ["state": open.isEmpty ? "satisfied" : "not-satisfied", "reason": .string(reason(run))],
            ],
            "related-observations": .array(related),
        ]
        let risks = open.map { CanonicalValue.object(["risk-uuid": .string(names.uuid("risk/\(run.findings[$0].id)"))]) }
        if !risks.isEmpty { members["related-risks"] = .array(risks) }
        return .object(members)
    }

    private func reason(_ run: Run) -> String {
        if open.isEmpty { return "pass" }
        return open.contains { run.findings[$0].verdict == .violated } ? "fail" : "other"
    }

    func observations(_ run: Run, names: OSCALNames, subjects: OSCALSubjects) -> [CanonicalValue] {
        var result = open.map { observation(run.findings[$0], run, names: names, subjects: subjects) }
        if !satisfied.isEmpty {
            result.append([
                "uuid": .string(names.uuid("satisfied/\(name)")), "description": .string("\(satisfied.count) subjects satisfy \(name)."),
                "methods": ["TEST"], "types": ["finding"], "collected": .string(run.now),
            ])
        }
        return result
    }

    private func observation(_ finding: Finding, _ run: Run, names: OSCALNames, subjects: OSCALSubjects) -> CanonicalValue {
        let evidence: [CanonicalValue] = finding.observations.prefix(10).compactMap { observation in
            guard run.inputs.indices.contains(observation.record.input) else { return nil }
            return [
                "href": .string("#" + names.uuid("input/\(observation.record.input)")),
                "description": .string("\(observation.says) (\(run.location(of: observation.record)))"),
            ]
        }
        var members: [String: CanonicalValue] = [
            "uuid": .string(names.uuid("observation/\(finding.id)")),
            "title": .string(OSCALNames.line("\(name): \(finding.verdict.rawValue)")),
            "description": .string(finding.message.isEmpty ? finding.subject.id : finding.message), "methods": ["TEST"],
            "types": ["finding"],
            "collected": .string(run.now),
            "props": [OSCALNames.prop("finding-id", finding.id), OSCALNames.prop("verdict", finding.verdict.rawValue)],
        ]
        if let uuid = subjects.uuids[finding.subject] {
            members["subjects"] = [
                [
                    "subject-uuid": .string(uuid), "type": "inventory-item",
                    "title": .string(OSCALNames.line(finding.subject.id, or: "unnamed")),
                ]
            ]
        }
        if !evidence.isEmpty { members["relevant-evidence"] = .array(evidence) }
        return .object(members)
    }

    func risks(_ run: Run, names: OSCALNames) -> [CanonicalValue] {
        open.map { index in
            let finding = run.findings[index]
            let message = finding.message.isEmpty ? finding.subject.id : finding.message
            var members: [String: CanonicalValue] = [
                "uuid": .string(names.uuid("risk/\(finding.id)")),
                "title": .string(OSCALNames.line("\(name): \(finding.verdict.rawValue)")),
                "description": .string(message), "statement": .string(statement(finding)),
                "props": [OSCALNames.prop("severity", finding.severity.rawValue)],
                "related-observations": [["observation-uuid": .string(names.uuid("observation/\(finding.id)"))]],
            ]
            members["status"] =
                switch finding.verdict {
                case .violated, .satisfied: "open"
                case .unresolved: "investigating"
                case .waived: "deviation-approved"
                }
            if let waiver = finding.waiver, finding.verdict == .waived, Timestamp.milliseconds(waiver.expires) != nil,
                waiver.expires.utf8.count == 10
            {
                members["deadline"] = .string(waiver.expires + "T23:59:59Z")
            }
            return .object(members)
        }
    }

    private func statement(_ finding: Finding) -> String {
        if let waiver = finding.waiver, finding.verdict == .waived {
            return "\(waiver.category.rawValue) until \(waiver.expires) by \(waiver.owner): \(waiver.reason)"
        }
        return finding.remedy.isEmpty ? "Severity \(finding.severity.rawValue)." : finding.remedy
    }
}

/// The subjects of a run that some observation names, as inventory items.
struct OSCALSubjects {
    let items: [CanonicalValue]
    let uuids: [Subject: String]

    init(_ run: Run, names: OSCALNames) {
        var items: [CanonicalValue] = []
        var uuids: [Subject: String] = [:]
        for finding in run.findings where finding.verdict != .satisfied && uuids[finding.subject] == nil {
            let subject = finding.subject
            let uuid = names.uuid("subject/\(items.count)/\(subject.provider)/\(subject.id)")
            uuids[subject] = uuid
            let props = [
                ("type", subject.type), ("provider", subject.provider), ("account", subject.account), ("data", subject.data ?? ""),
                ("tenant", subject.tenant ?? ""),
            ]
            .filter { !OSCALNames.line($0.1).isEmpty }.map { OSCALNames.prop($0.0, $0.1) }
            var item: [String: CanonicalValue] = [
                "uuid": .string(uuid), "description": .string(OSCALNames.line(subject.id, or: "unnamed")),
            ]
            if !props.isEmpty { item["props"] = .array(props) }
            items.append(.object(item))
        }
        self.items = items
        self.uuids = uuids
    }
}

/// Names in the shapes that OSCAL allows.
struct OSCALNames {
    private let run: String

    init(_ run: Run) { self.run = run.id }

    /// Unique to the run, so that results of different nights can lie in one place.
    func uuid(_ name: String) -> String { Digests.uuid("domicile/\(run)/\(name)") }

    /// One line without space at its ends.
    static func line(_ text: String, or empty: String = "") -> String {
        let words = SafeText.visible(text).split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? empty : words.joined(separator: " ")
    }

    /// A letter, then letters, digits, points, hyphens and underscores.
    static func token(_ text: String) -> String {
        let safe = String(
            text.unicodeScalars.map {
                $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "._-".unicodeScalars.contains($0))
                    ? Character($0) : "_"
            })
        return safe.unicodeScalars.first?.properties.isAlphabetic == true ? safe : "_" + safe
    }

    static func prop(_ name: String, _ value: String) -> CanonicalValue {
        ["name": .string(name), "ns": "https://domicile.dev/ns/oscal", "value": .string(line(value))]
    }
}
