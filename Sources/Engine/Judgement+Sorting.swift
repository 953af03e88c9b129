import Policy
import Residency

extension Judgement {
    /// What is said of one subject by one requirement, sorted by verdict. A sentence tells the first of each, so only of that
    /// the reason is kept.
    struct Sorted {
        var violated: ContiguousArray<Ground.Shown> = []
        var unresolved: ContiguousArray<Ground.Shown> = []
        var satisfied: ContiguousArray<Ground.Shown> = []
        var allowed: ContiguousArray<Ground.Shown> = []
        var reason: Reason?
        var note: AllowanceNote?
        var expired: AllowanceNote?
        /// Since when and until when it was seen outside, where the policy allows that for a time and the time is over.
        var stay: String?

        mutating func open(_ shown: Ground.Shown, _ why: @autoclosure () -> Reason) {
            if reason == nil { reason = why() }
            unresolved.append(shown)
        }

        mutating func allow(_ shown: Ground.Shown, _ by: AllowanceNote) {
            if note == nil { note = by }
            allowed.append(shown)
        }

        /// Forgets everything and keeps the memory.
        mutating func removeAll() {
            violated.removeAll(keepingCapacity: true)
            unresolved.removeAll(keepingCapacity: true)
            satisfied.removeAll(keepingCapacity: true)
            allowed.removeAll(keepingCapacity: true)
            (reason, note, expired, stay) = (nil, nil, nil, nil)
        }
    }

    /// Sorts what was observed of one subject.
    mutating func sort(
        _ shown: ArraySlice<Ground.Shown>, _ profile: SubjectIndex.Profile, _ match: ScopeMatch, _ requirement: CompiledPolicy.Requirement,
        _ policy: CompiledPolicy, _ number: Int, _ sorted: inout Sorted
    ) {
        for one in shown {
            if ground.kind(one).isHint {
                sortHint(one, profile, requirement, policy, number, &sorted)
                continue
            }
            if case .unclassified = match, !one.attempted {
                sorted.open(one, .unclassified)
                continue
            }
            switch membership(one.place, requirement, number) {
            case .inside: sorted.satisfied.append(one)
            case .outside:
                if one.attempted {
                    sorted.satisfied.append(one)
                } else if case .open(let why) = match {
                    sorted.open(one, .scope(why))
                } else if let (note, holds) = exceptions.allowance(
                    policy, profile.subject, ground.places[Int(one.place)], requirement.activity, rules: rules, day: day)
                {
                    if holds {
                        sorted.allow(one, note)
                    } else {
                        sorted.expired = note
                        sorted.violated.append(one)
                    }
                } else {
                    sorted.violated.append(one)
                }
            case .unknown(let why):
                if one.attempted { sorted.satisfied.append(one) } else { sorted.open(one, .place(why)) }
            }
        }
    }

    /// A hint says nothing where all is well, and is no proof where it is not.
    private mutating func sortHint(
        _ one: Ground.Shown, _ profile: SubjectIndex.Profile, _ requirement: CompiledPolicy.Requirement, _ policy: CompiledPolicy, _ number: Int,
        _ sorted: inout Sorted
    ) {
        switch membership(one.place, requirement, number) {
        case .inside: break
        case .unknown(let why): if !one.attempted { sorted.open(one, .place(why)) }
        case .outside:
            if one.attempted { return }
            let place = ground.places[Int(one.place)]
            if let (note, holds) = exceptions.allowance(policy, profile.subject, place, requirement.activity, rules: rules, day: day), holds {
                sorted.allow(one, note)
            } else {
                sorted.open(one, .hint(says(one)))
            }
        }
    }
}
