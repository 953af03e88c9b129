import Policy
import Residency

/// Draws up what was looked at, and what was not.
struct CoverageAccount {
    private(set) var coverage = Coverage()

    /// At most so many unclassified resources are named; their number is exact.
    static let sampleLimit = 20

    init(_ partial: Partial, _ rules: RuleBook, inputs: [InputSummary], index: SubjectIndex) {
        var accounts: Set<String> = []
        var regions: Set<String> = []
        var types: [TypeName: TypeCount] = [:]
        var places: Set<PlaceReference> = []
        for (number, resource) in index.all.enumerated() {
            accounts.insert(resource.account)
            if case .region = resource.place { places.insert(resource.place) }
            let type = TypeName(provider: resource.provider, type: resource.type)
            let isHolder = types[type, default: TypeCount(isHolder: Self.isHolder(resource, rules.catalogue))].count(resource)
            if isHolder, resource.isKnown, !resource.isDataless, index.isUnclassified(number) {
                coverage.unclassified += 1
                coverage.unclassifiedSample.append(resource.id)
            }
        }
        accounts.remove("")
        for case .region(let provider, let name) in places { regions.insert("\(provider):\(name)") }
        for (type, count) in types {
            let name = "\(type.provider)/\(type.type)"
            if count.known > 0 { coverage.knownTypes[name, default: 0] += count.known }
            if count.unknown > 0 { coverage.unknownTypes[name, default: 0] += count.unknown }
        }
        coverage.unclassifiedSample = Array(coverage.unclassifiedSample.sorted().prefix(Self.sampleLimit))
        for scope in partial.activity.minutes.keys {
            if !scope.account.isEmpty { accounts.insert(scope.account) }
            if !scope.region.isEmpty { regions.insert(scope.region) }
        }
        coverage.accounts = accounts.sorted()
        coverage.regions = Set(regions.map { $0.split(separator: ":").last.map(String.init) ?? $0 }).sorted()
        // What a vector saw in one input is known in all.
        coverage.knownActions = partial.knownActions
        for (action, count) in partial.unknownActions {
            if coverage.knownActions[action] != nil { coverage.knownActions[action, default: 0] += count } else { coverage.unknownActions[action] = count }
        }
        coverage.logsFrom = partial.activity.first.map(Clock.text)
        coverage.logsTo = partial.activity.last.map(Clock.text)
        coverage.malformed = inputs.reduce(0) { $0 + $1.malformed }
        let spoke = Set(Set(partial.tallies.entries.map(\.key.vector)).map { partial.names[$0] })
        for policy in rules.policies {
            demand(policy, partial.activity, accounts, regions)
            for provider in policy.coverage.guardrails where !Self.hasGuardrail(provider, rules.catalogue, spoke) {
                lack(.guardrail, policy.id, provider)
            }
        }
        for input in inputs where input.format == "unknown" {
            lack(.format, input.path)
        }
        coverage.shortfalls = Array(Set(coverage.shortfalls)).sorted()
        coverage.gaps = Array(Set(coverage.gaps)).sorted { ($0.from, $0.scope) < ($1.from, $1.scope) }
        coverage.blindSpots = blindSpots(rules, inputs, index, spoke)
    }

    /// How many resources of a type there are, of which some vector knows or none.
    private struct TypeCount {
        let isHolder: Bool
        var known = 0
        var unknown = 0

        init(isHolder: Bool) { self.isHolder = isHolder }

        /// - Returns: whether the type holds data.
        mutating func count(_ resource: ResourceFacts) -> Bool {
            if resource.isKnown { known += 1 } else { unknown += 1 }
            return isHolder
        }
    }

    private mutating func lack(_ form: CoverageSentence.Form, _ parts: String...) { coverage.shortfalls.append(CoverageSentence(form, parts).text) }

    private mutating func demand(_ policy: CompiledPolicy, _ activity: LogActivity, _ accounts: Set<String>, _ regions: Set<String>) {
        for account in policy.coverage.accounts where !accounts.contains(account) {
            lack(.account, policy.id, account)
        }
        for region in policy.coverage.regions where !regions.contains(where: { $0 == region || $0.hasSuffix(":" + region) }) {
            lack(.region, policy.id, region)
        }
        guard let every = policy.coverage.logsEvery else { return }
        let scopes: [String?] = policy.coverage.accounts.isEmpty ? [nil] : policy.coverage.accounts.map { $0 }
        for account in scopes {
            let minutes = activity.minutes.filter { account == nil || $0.key.account == account }.values.reduce(into: Set<Int32>()) { $0.formUnion($1) }.sorted()
            let scope = account.map { LogGap.account + $0 } ?? LogGap.everything
            if minutes.isEmpty {
                lack(.noLogs, policy.id, Clock.span(every), scope)
            }
            var gaps = 0
            for (left, right) in zip(minutes, minutes.dropFirst()) where Int64(right - left) * 60 > every {
                gaps += 1
                coverage.gaps.append(LogGap(from: Clock.text(Int64(left) * 60), to: Clock.text(Int64(right) * 60), scope: scope))
            }
            if gaps > 0 {
                lack(gaps == 1 ? .logGap : .logGaps, policy.id, Clock.span(every), scope, "\(gaps)")
            }
        }
    }

    /// Whether some vector says of a resource's type where its data is; of the others (a guardrail, an account's setting) there are
    /// hints at most, and no class of data is missing.
    private static func isHolder(_ resource: ResourceFacts, _ catalogue: Catalogue) -> Bool {
        catalogue.vectors(of: resource.type, provider: resource.provider).named.contains { !$0.isHint }
    }

    private static func hasGuardrail(_ provider: String, _ catalogue: Catalogue, _ spoke: Set<String>) -> Bool {
        let own = spoke.filter { $0.hasPrefix(provider + ".") }
        return catalogue.safeguards.contains { $0.isSeen(own) }
    }

    private func blindSpots(_ rules: RuleBook, _ inputs: [InputSummary], _ index: SubjectIndex, _ spoke: Set<String>) -> [String] {
        var types: [Int: Set<String>] = [:]
        for resource in index.all where inputs.indices.contains(resource.record.input) { types[resource.record.input, default: []].insert(resource.type) }
        let seen = Set(types.flatMap { input, types in types.map { inputs[input].format + "/" + $0 } })
        func isSeen(_ source: String, _ types: [String]) -> Bool {
            types.contains { type in
                let pattern = source + "/" + type
                return seen.contains(pattern) || (pattern.contains("*") && seen.contains { Glob.matches(pattern, $0) })
            }
        }
        let blind = rules.catalogue.blindSpots.filter { isSeen($0.source, $0.types) }.map(\.says)
        let due = rules.catalogue.safeguards.filter { isSeen($0.source, $0.types) }
        let lacking = due.filter { !$0.isSeen(spoke) }.map(\.says)
        return (blind + lacking).sorted()
    }
}

extension Catalogue.Safeguard {
    /// Whether one of its vectors is among those that saw something.
    fileprivate func isSeen(_ spoke: Set<String>) -> Bool { spoke.contains { id in vectors.contains { Glob.matches($0, id) } } }
}
