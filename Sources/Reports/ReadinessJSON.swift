import Residency

/// Readiness for scripts, canonical.
enum ReadinessJSON {
    static func render(_ readiness: Readiness) -> [UInt8] {
        let value: CanonicalValue = [
            "schemaVersion": .int(1), "jurisdiction": .string(readiness.jurisdiction), "title": .string(readiness.title), "home": .optional(readiness.home),
            "run": .string(readiness.run), "now": .string(readiness.now), "state": .string(readiness.state.rawValue),
            "policies": .strings(readiness.policies.map(\.id)), "requirements": .strings(readiness.requirements), "shortfalls": .strings(readiness.shortfalls),
            "systems": .array(readiness.systems.map(system)),
        ]
        var writer = CanonicalWriter(capacity: 4096)
        writer.write(value)
        return writer.bytes + [10]
    }

    private static func system(_ system: Readiness.System) -> CanonicalValue {
        [
            "name": .string(system.name), "state": .string(system.state.rawValue),
            "requirements": .object(
                system.cells.mapValues { cell -> CanonicalValue in
                    ["violated": .int(cell.violated), "unresolved": .int(cell.unresolved), "waived": .int(cell.waived), "satisfied": .int(cell.satisfied)]
                }),
            "blockers": .array(system.blockers.map(item)), "unknown": .array(system.open.map(item)), "waived": .array(system.waived.map(item)),
            "home": counts(system.home), "here": counts(system.here), "lacking": .strings(system.lacking),
        ]
    }

    private static func counts(_ counts: [String: Int]) -> CanonicalValue { .object(counts.mapValues { .int($0) }) }

    private static func item(_ item: Finding) -> CanonicalValue {
        [
            "finding": .string(item.id), "policy": .string(item.policy), "requirement": .string(item.requirement), "severity": .string(item.severity.rawValue),
            "message": .string(item.message), "note": .string(Readiness.note(item, Wording(language: .english), nil)),
        ]
    }
}
