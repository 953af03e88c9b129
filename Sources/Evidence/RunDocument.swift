public import Residency

extension Run {
    /// Everything of the run but its findings, as a value: what the store keeps beside the findings' lines.
    public var header: CanonicalValue {
        [
            "catalogue": ["sha256": .string(catalogueDigest), "vectors": .int(catalogueVectors)], "coverage": coverage.canonical,
            "diagnostics": .array(diagnostics.map(\.canonical)), "exceptions": .array(exceptions.map(\.canonical)), "id": .string(id),
            "inputs": .array(inputs.map(\.canonical)), "jurisdictions": ["sha256": .string(jurisdictionsDigest)], "now": .string(now),
            "outcome": .string(outcome.rawValue), "policies": .array(policies.map(\.canonical)), "schemaVersion": 1,
            "summary": summary.canonical, "tool": ["name": .string(toolName), "version": .string(toolVersion)],
        ]
    }

    /// The bytes of `inputs/manifest.json`: the inputs by digest, not the inputs.
    public var inputManifest: [UInt8] {
        let value: CanonicalValue = [
            "inputs": .array(inputs.map(\.canonical)), "now": .string(now), "run": .string(id), "schemaVersion": 1,
        ]
        return value.bytes + [0x0A]
    }
}

extension Run.Summary {
    var canonical: CanonicalValue {
        [
            "events": .int(events), "resources": .int(resources), "satisfied": .int(satisfied), "unresolved": .int(unresolved),
            "violated": .int(violated), "waived": .int(waived),
        ]
    }
}

extension Diagnostic {
    var canonical: CanonicalValue {
        [
            "byte": byte.map(CanonicalValue.int) ?? .null, "column": column.map(CanonicalValue.int) ?? .null, "hint": .optional(hint),
            "level": .string(level.rawValue), "line": line.map(CanonicalValue.int) ?? .null, "message": .string(message),
            "path": .string(path),
        ]
    }
}

extension ExceptionSummary {
    var canonical: CanonicalValue {
        [
            "covers": .string(covers), "findings": .int(findings), "kind": .string(kind.rawValue), "owner": .string(owner),
            "policy": .string(policy), "reason": .string(reason), "state": .string(state.rawValue), "until": .optional(until),
        ]
    }
}

extension Coverage {
    var canonical: CanonicalValue {
        var members: [String: CanonicalValue] = [
            "accounts": .strings(accounts), "actions": ["known": Self.counts(knownActions), "unknown": Self.counts(unknownActions)],
            "blindSpots": .strings(blindSpots),
            "logs": [
                "from": .optional(logsFrom), "to": .optional(logsTo),
                "gaps": .array(gaps.map { ["from": .string($0.from), "scope": .string($0.scope), "to": .string($0.to)] }),
            ],
            "malformed": .int(malformed), "regions": .strings(regions), "shortfalls": .strings(shortfalls),
            "types": ["known": Self.counts(knownTypes), "unknown": Self.counts(unknownTypes)], "unclassified": .int(unclassified),
            "unclassifiedSample": .strings(unclassifiedSample),
        ]
        members["integrity"] = integrity
        return .object(members)
    }

    private static func counts(_ counts: [String: Int]) -> CanonicalValue { .object(counts.mapValues(CanonicalValue.int)) }
}
