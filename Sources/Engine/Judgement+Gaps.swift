import Policy
import Residency

extension Judgement {
    // MARK: what no vector knows

    func unknownTypes(_ policy: CompiledPolicy) -> [Finding] {
        let found: [Finding] = ground.index.all.filter { !$0.isKnown }.compactMap { resource in
            let profile = ground.index.subject(resource.id, provider: resource.provider)
            if ScopeMatch(policy.scope, profile) == .excluded { return nil }
            let place = rules.gazetteer.place(resource.place)
            return Finding(
                id: Self.identity(policy.id, "coverage", profile), policy: policy.id, requirement: "coverage", verdict: .unresolved,
                severity: policy.severity, basis: policy.basis,
                message: "no vector of the catalogue knows the type `\(resource.type)` of `\(rules.gazetteer.nameForms.short(resource.id))`, so what it does with data is not judged",
                remedy: CoverageSentence(.tellVector, [resource.type]).text,
                subject: profile.subject, occurrences: 1,
                observations: [
                    Observation(vector: "", activity: .stored, place: place, says: "a resource of an unknown type at \(Wording.place(place))", record: resource.record)
                ])
        }
        // Several entries that are parts of one thing are one subject, and one finding.
        var findings: [Finding] = []
        for finding in found.sorted(by: Finding.canonicalOrder) {
            guard let last = findings.indices.last, findings[last].id == finding.id else {
                findings.append(finding)
                continue
            }
            findings[last].occurrences += 1
            if findings[last].observations.count < Self.observationLimit { findings[last].observations += finding.observations }
        }
        return findings
    }

    // MARK: where records contradict each other

    /// A finding for each contradiction that a policy cares for: one finding for each subject, whatever it has of them.
    mutating func contradictions(_ policy: CompiledPolicy, _ number: Int) -> [Finding] {
        var findings: [Finding] = []
        for contradiction in crossCheck where concerns(contradiction, policy) {
            let profile = ground.groups[contradiction.group].profile
            let isOpen = contradiction.seen.isEmpty || contradiction.seen.contains { breaks($0.shown, policy, number) }
            var finding = Finding(
                id: Self.identity(policy.id, CrossCheck.word, profile), policy: policy.id, requirement: CrossCheck.word,
                verdict: isOpen ? .unresolved : .satisfied, severity: policy.severity, basis: policy.basis, message: contradiction.says,
                remedy: isOpen ? contradiction.remedy : "", subject: profile.subject, occurrences: 0, observations: [])
            fill(&finding, (contradiction.against.prefix(3) + contradiction.seen.map(\.shown))[...], limit: Self.observationLimit)
            if let record = contradiction.record {
                let says = "the inventory's own word: at \(Wording.place(record.place))"
                finding.observations.insert(Observation(vector: "", activity: .stored, place: record.place, says: says, record: record.reference), at: 0)
                finding.occurrences += 1
            }
            if let last = findings.last, last.id == finding.id {
                findings[findings.count - 1].absorb(finding)
            } else {
                findings.append(finding)
            }
        }
        return findings
    }

    /// Whether what was seen would break a clause of the policy if it were so.
    private mutating func breaks(_ shown: Ground.Shown, _ policy: CompiledPolicy, _ number: Int) -> Bool {
        let activity = ground.kind(shown).activity
        guard let requirement = policy.requirements.first(where: { $0.activity == activity }) else { return false }
        if case .inside = membership(shown.place, requirement, number) { return false }
        return true
    }

    /// A policy cares for a contradiction about a subject that it speaks of, or may speak of, whichever of the two is right.
    private func concerns(_ contradiction: CrossCheck.Contradiction, _ policy: CompiledPolicy) -> Bool {
        var profile = ground.groups[contradiction.group].profile
        switch contradiction.matter {
        case .data: profile.subject.data = nil
        case .tenant, .home:
            profile.subject.tenant = nil
            profile.homes = []
        case .system: profile.subject.system = nil
        case nil:
            guard policy.requirements.contains(where: { clause in
                contradiction.seen.contains { ground.kind($0.shown).activity == clause.activity }
            }) else { return false }
            // What a declaration is held against must be in the policy's scope too.
            let others = Set(contradiction.seen.map(\.group)).subtracting([contradiction.group])
            if !others.isEmpty, others.allSatisfy({ ScopeMatch(policy.scope, ground.groups[$0].profile) == .excluded }) { return false }
        }
        return ScopeMatch(policy.scope, profile) != .excluded
    }
}

extension Finding {
    /// Several contradictions about one subject are one finding.
    fileprivate mutating func absorb(_ other: Finding) {
        message += "; " + other.message
        if other.verdict == .unresolved {
            verdict = .unresolved
            if remedy.isEmpty { remedy = other.remedy }
        }
        for observation in other.observations where !observations.contains(observation) { observations.append(observation) }
        occurrences = max(occurrences, other.occurrences)
        first = [first, other.first].compactMap { $0 }.min()
        last = [last, other.last].compactMap { $0 }.max()
    }
}
