import Policy
import Residency

extension Judgement {
    /// Where a clause lets data be outside for a time, or under a condition, what is outside is broken only if the records show
    /// that the time was over. That it was not, or that the condition holds, no record shows: it is never a pass.
    func temper(_ sorted: inout Sorted, _ requirement: CompiledPolicy.Requirement) {
        if sorted.violated.isEmpty { return }
        var reason: Reason?
        if let within = requirement.within {
            let limit = Clock.span(within)
            let times = sorted.violated.map { ground.tallies[Int($0.tally)] }
            let (from, to) = (times.map(\.earliest).min() ?? .max, times.map(\.latest).max() ?? .min)
            if from <= to, to - from > within {
                sorted.stay = "it was seen there from \(Clock.text(from)) to \(Clock.text(to)), longer than the \(limit) allowed"
                return
            }
            let seen =
                from < to
                ? "it was seen there from \(Clock.text(from)) to \(Clock.text(to))"
                : from == to ? "it was seen there once, at \(Clock.text(from))" : "an inventory does not tell since when"
            reason = .condition("it may be there for \(limit); \(seen), and nothing shows that it was gone in time")
        }
        if let unless = requirement.unless { reason = .condition("that is lawful only if \(unless), which no record shows") }
        guard let reason else { return }
        sorted.reason = reason
        sorted.unresolved = sorted.violated + sorted.unresolved
        sorted.violated.removeAll(keepingCapacity: true)
    }
}
