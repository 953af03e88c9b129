extension CanonicalWriter {
    /// Writes a finding as one canonical object: a line of findings.jsonl and a leaf of the findings' tree. Members stand in
    /// canonical order here by hand, because a run may have a million of them.
    public mutating func write(_ finding: Finding) {
        beginObject()
        if let allowance = finding.allowance {
            key("allowance")
            write(allowance.canonical)
        }
        key("basis")
        write(finding.basis)
        key("first")
        write(finding.first)
        key("id")
        write(finding.id)
        key("last")
        write(finding.last)
        key("message")
        write(finding.message)
        key("observations")
        beginArray()
        for observation in finding.observations { write(observation) }
        endArray()
        key("occurrences")
        write(finding.occurrences)
        key("policy")
        write(finding.policy)
        key("remedy")
        write(finding.remedy)
        key("requirement")
        write(finding.requirement)
        key("severity")
        write(finding.severity.rawValue)
        key("subject")
        write(finding.subject)
        key("verdict")
        write(finding.verdict.rawValue)
        if let waiver = finding.waiver {
            key("waiver")
            write(waiver.canonical)
        }
        endObject()
    }

    private mutating func write(_ subject: Subject) {
        beginObject()
        key("account")
        write(subject.account)
        key("data")
        write(subject.data)
        key("id")
        write(subject.id)
        key("provider")
        write(subject.provider)
        key("system")
        write(subject.system)
        key("tenant")
        write(subject.tenant)
        key("type")
        write(subject.type)
        endObject()
    }

    private mutating func write(_ location: Location) {
        guard case .countries(let set) = location, set.count == 1, let only = set.first else { return write(location.codes) }
        beginArray()
        write(only.code)
        endArray()
    }

    private mutating func write(_ observation: Observation) {
        beginObject()
        key("activity")
        write(observation.activity.rawValue)
        key("attempted")
        write(observation.attempted)
        key("countries")
        write(observation.place.location)
        key("first")
        write(observation.first)
        key("last")
        write(observation.last)
        key("lowConfidence")
        write(observation.lowConfidence)
        key("occurrences")
        write(observation.occurrences)
        key("place")
        write(observation.place.name)
        key("record")
        beginObject()
        key("input")
        write(observation.record.input)
        key("ordinal")
        write(observation.record.ordinal)
        key("pointer")
        write(observation.record.pointer)
        endObject()
        key("says")
        write(observation.says)
        if case .unknown(let why) = observation.place.location {
            key("unknown")
            write(why)
        }
        key("vector")
        write(observation.vector)
        endObject()
    }
}

extension WaiverNote {
    package var canonical: CanonicalValue {
        [
            "approver": .optional(approver), "category": .string(category.rawValue), "expires": .string(expires), "owner": .string(owner),
            "reason": .string(reason), "ticket": .optional(ticket),
        ]
    }
}

extension AllowanceNote {
    package var canonical: CanonicalValue {
        ["basis": .string(basis), "grantee": .string(grantee), "to": .string(to), "until": .optional(until)]
    }
}
