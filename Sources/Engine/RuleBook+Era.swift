public import Policy
import Residency

extension RuleBook {
    /// Names the stretch of time around an instant in which the rules hold alike: no waiver or allowance ends or is about to, no
    /// country comes or goes. A judgement of the same observations comes to the same at each instant of it.
    public func era(at now: Int64) -> String {
        let day = Clock.day(now)
        var passed = 0
        func end(_ until: Int64?) {
            guard let until else { return }
            if now >= until { passed += 1 }
            if now >= until - ExceptionLedger.warning { passed += 1 }
        }
        for waiver in waivers { end(waiver.expires) }
        for policy in policies { for allowance in policy.allowances { end(allowance.until) } }
        var hasBegun = true
        for definition in jurisdictions.all {
            if definition.version <= day { passed += 1 } else if jurisdictions.definition(of: definition.id, on: day) == nil { hasBegun = false }
            for set in definition.members.sets {
                for country in set.countries {
                    if country.from <= day { passed += 1 }
                    if country.until < day, !country.until.isEmpty { passed += 1 }
                }
            }
        }
        // Of a jurisdiction that does not hold yet, the day is told.
        return hasBegun ? "\(passed)" : "\(passed) \(day)"
    }
}

extension Jurisdictions.PlaceSet {
    /// Itself, and the sets that it is made of.
    fileprivate var sets: [Self] {
        [self]
            + (any + all + except).flatMap { operand -> [Self] in
                guard case .set(let set) = operand else { return [] }
                return set.sets
            }
    }
}
