public import Residency

/// Says in sentences what a policy demands, for people who sign policies and do not read YAML.
public struct PolicyProse: Sendable {
    private let jurisdictions: Jurisdictions
    private let day: String

    /// - Parameter day: the day on which ids without a version are read, `2026-11-22`.
    public init(_ jurisdictions: Jurisdictions, on day: String) {
        self.jurisdictions = jurisdictions
        self.day = day
    }

    /// Who, what and where, exceptions, what must have been looked at, legal basis, gravity; a sentence each.
    public func sentences(_ policy: CompiledPolicy) -> [String] {
        var all = ["This policy speaks of \(scope(policy.scope))."]
        all += requirements(policy)
        all += policy.allowances.map(allowance)
        all += coverage(policy.coverage)
        all.append(policy.basis.isEmpty ? "It names no legal basis." : "Its legal basis: \(policy.basis.joined(separator: "; ")).")
        if !policy.requirements.isEmpty { all.append("The severity of a breach is \(policy.severity.rawValue).") }
        return all
    }

    // MARK: Who

    private func scope(_ scope: CompiledPolicy.Scope) -> String {
        var text = scope.data.isEmpty ? "all data" : "\(Self.words(scope.data)) data"
        if !scope.tenants.isEmpty {
            text += " of the \(scope.tenants.count == 1 ? "tenant" : "tenants") \(Self.words(scope.tenants))"
        }
        if !scope.homes.isEmpty {
            text += (scope.tenants.isEmpty ? " of tenants" : ",") + " whose data is at home in \(places(scope.homes))"
        }
        if !scope.systems.isEmpty { text += ", in the \(scope.systems.count == 1 ? "system" : "systems") \(Self.words(scope.systems))" }
        if !scope.accounts.isEmpty {
            text += ", in the \(scope.accounts.count == 1 ? "account" : "accounts") \(Self.words(scope.accounts))"
        }
        if !scope.providers.isEmpty {
            text += ", at the \(scope.providers.count == 1 ? "provider" : "providers") \(Self.words(scope.providers))"
        }
        return text
    }

    // MARK: What and where

    /// How an activity is said: `may be stored only in …`.
    private enum Form: Int { case within, to, from, key }

    private static func phrase(_ activity: Activity) -> (form: Form, word: String) {
        switch activity {
        case .stored: (.within, "stored")
        case .processed: (.within, "processed")
        case .backedUp: (.within, "backed up")
        case .logged: (.within, "written to logs")
        case .copied: (.to, "copied")
        case .transferred: (.to, "transferred")
        case .accessed: (.from, "accessed")
        case .keyHeld: (.key, "held")
        }
    }

    private struct Group {
        let first: CompiledPolicy.Requirement
        let form: Form
        var words: [String]
    }

    /// Clauses that differ only in their verbs become one sentence.
    private func requirements(_ policy: CompiledPolicy) -> [String] {
        var groups: [Group] = []
        for requirement in policy.requirements {
            let (form, word) = Self.phrase(requirement.activity)
            let index = groups.firstIndex {
                $0.form == form && $0.first.jurisdictions == requirement.jurisdictions && $0.first.severity == requirement.severity
                    && $0.first.basis == requirement.basis && $0.first.within == requirement.within && $0.first.unless == requirement.unless
            }
            if let index { groups[index].words.append(word) } else { groups.append(Group(first: requirement, form: form, words: [word])) }
        }
        return groups.enumerated().sorted { ($0.element.form.rawValue, $0.offset) < ($1.element.form.rawValue, $1.offset) }
            .map { sentence($0.element, policy) }
    }

    private func sentence(_ group: Group, _ policy: CompiledPolicy) -> String {
        let verbs = Self.words(group.words)
        let place = places(group.first.jurisdictions)
        var text =
            switch group.form {
            case .within: "It may be \(verbs) only in \(place)"
            case .to: "It may be \(verbs) only to \(place)"
            case .from: "It may be \(verbs) only from \(place)"
            case .key: "The keys that protect it may be held only in \(place)"
            }
        if let within = group.first.within { text += ", and elsewhere for \(Self.length(within)) at most" }
        if let unless = group.first.unless { text += ", unless \(unless), which somebody else must show" }
        if group.first.basis != policy.basis { text += ", on the basis of \(group.first.basis.joined(separator: "; "))" }
        if group.first.severity != policy.severity { text += "; a breach of this is \(group.first.severity.rawValue)" }
        return text + "."
    }

    // MARK: Exceptions and coverage

    private func allowance(_ allowance: CompiledPolicy.Allowance) -> String {
        let (form, word) = Self.phrase(allowance.activity)
        let grantee = allowance.processor.map { "the processor `\($0)`" } ?? "the resource `\(allowance.resource ?? "*")`"
        let place = places(allowance.to)
        let what =
            switch form {
            case .within: "it may be \(word) in \(place)"
            case .to: "it may be \(word) to \(place)"
            case .from: "it may be \(word) from \(place)"
            case .key: "its keys may be held in \(place)"
            }
        let end = allowance.untilText.map(until) ?? "without an end"
        return "As an exception, for \(grantee), \(what), on the basis of \(allowance.basis), \(end)."
    }

    private func coverage(_ demand: CompiledPolicy.CoverageDemand) -> [String] {
        var parts: [String] = []
        if !demand.accounts.isEmpty {
            parts.append("the \(demand.accounts.count == 1 ? "account" : "accounts") \(Self.words(demand.accounts))")
        }
        if !demand.regions.isEmpty { parts.append("the \(demand.regions.count == 1 ? "region" : "regions") \(Self.words(demand.regions))") }
        if let every = demand.logsEvery { parts.append("logs without a gap of more than \(Self.length(every))") }
        if !demand.guardrails.isEmpty { parts.append("a guardrail that keeps data in its regions on \(Self.words(demand.guardrails))") }
        return parts.isEmpty ? [] : ["An audit is complete only if it has seen \(Self.words(parts))."]
    }

    /// The places by the names of their jurisdictions: `the European Union (eu)`.
    private func places(_ ids: [String]) -> String { Self.words(ids.map(place), "or") }

    private func place(_ id: String) -> String {
        guard let definition = jurisdictions.definition(of: id, on: day) else { return Country(id).map { Self.article($0.title) } ?? id }
        return definition.title.lowercased() == id ? Self.article(definition.title) : "\(Self.article(definition.title)) (\(id))"
    }

    /// `the European Union`, `countries that …`, `Germany`.
    private static func article(_ title: String) -> String {
        if title.hasPrefix("Countries") { return "c" + title.dropFirst() }
        let wanting = ["European ", "United ", "Netherlands", "Philippines", "Bahamas", "Maldives", "Seychelles", "Crown "]
        return wanting.contains { title.hasPrefix($0) } || title.contains(" European ") ? "the " + title : title
    }

    /// `until the end of 30 June 2027 (UTC)`, and whether that is past.
    private func until(_ text: String) -> String {
        let end = CalendarDay(text)?.inWords ?? text
        return "until the end of \(end) (UTC)" + (text < day ? ", which is past" : "")
    }

    static func words(_ words: [String], _ last: String = "and") -> String {
        guard let end = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " \(last) " + end
    }

    private static func length(_ seconds: Int64) -> String {
        for (unit, name) in [(86_400, "day"), (3600, "hour"), (60, "minute")] as [(Int64, String)] where seconds % unit == 0 {
            return "\(seconds / unit) \(name)\(seconds == unit ? "" : "s")"
        }
        return "\(seconds) seconds"
    }
}

extension PolicyProse {
    /// A policy as a page of text: its sentences, its exceptions and waivers with their dates, and what each jurisdiction that
    /// it names means on the day, with the source of that.
    public func page(_ policy: CompiledPolicy, waivers: [Waiver] = []) -> String {
        var lines = [policy.title, String(repeating: "=", count: policy.title.count), ""]
        lines += policy.prose.isEmpty ? sentences(policy).flatMap(Self.item) : policy.prose.flatMap(Self.item)
        let own = waivers.filter { $0.policy == policy.id || $0.policy == "*" }
        if !own.isEmpty { lines += ["", "Waivers", ""] + own.flatMap { Self.item(waiver($0)) } }
        let meanings = used(policy).compactMap(meaning)
        if !meanings.isEmpty { lines += ["", "What the names mean on \(day)", ""] + meanings.flatMap(Self.item) }
        lines += ["", "What is not known is reported as not proven, never as kept."]
        lines += ["Policy `\(policy.id)`, \(policy.file), line \(policy.line), SHA-256 \(policy.digest)"]
        return lines.joined(separator: "\n") + "\n"
    }

    private func waiver(_ waiver: Waiver) -> String {
        let who = waiver.subject ?? waiver.match.map { "whatever fits `\($0.source)`" } ?? "*"
        let what = waiver.requirements.isEmpty ? "every clause" : Self.words(waiver.requirements)
        let approver = waiver.note.approver.map { ", approved by \($0)" } ?? ""
        let ticket = waiver.note.ticket.map { ", \($0)" } ?? ""
        return "\(who): \(what) \(waiver.note.category.rawValue) \(until(waiver.note.expires)). Reason: \(waiver.note.reason). "
            + "Owner: \(waiver.note.owner)\(approver)\(ticket)."
    }

    private func used(_ policy: CompiledPolicy) -> [String] {
        let all = policy.requirements.flatMap(\.jurisdictions) + policy.allowances.flatMap(\.to) + policy.scope.homes
        return Set(all).sorted()
    }

    private func meaning(_ id: String) -> String? {
        guard let definition = jurisdictions.definition(of: id, on: day), let members = jurisdictions.members(of: id, on: day) else {
            return nil
        }
        let version =
            definition.version.isEmpty ? "" : ", in the version of \(CalendarDay(definition.version)?.inWords ?? definition.version)"
        let named = members.countries.map(\.title) + members.places
        let holds = named.isEmpty ? "nothing" : Self.words(named)
        let source = definition.source.isEmpty ? "" : " Source: \(definition.source)."
        return "\(id), \(definition.title)\(version): \(holds).\(source)"
    }

    /// A paragraph with a dash before it, in lines of at most 100 characters.
    private static func item(_ text: String) -> [String] {
        var lines: [String] = []
        var line = "-"
        for word in text.split(separator: " ") {
            if line.count + word.count + 1 > 100 {
                lines.append(line)
                line = " "
            }
            line += " " + word
        }
        return lines + [line]
    }
}
