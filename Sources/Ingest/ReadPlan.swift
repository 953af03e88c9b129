public import Residency
import Synchronization

/// What the rules want to know of the inputs: a reader decodes that and skips the rest.
public struct ReadPlan: Sendable {
    /// By provider, the event paths that its rules read. A format adds the paths that its layout names.
    public var projections: Projections
    public var limits: ReadLimits
    /// What stands in for a region or an account that a record does not name.
    public var stated: StatedOrigin
    /// How the user's own tables become resources.
    public var mappings: [InputMapping]
    /// Formats that somebody else decodes: their inputs are recognised and hashed, no more.
    public var left: Set<String> = []

    public init(
        projections: [String: Projection] = [:], limits: ReadLimits = ReadLimits(), stated: StatedOrigin = StatedOrigin(),
        mappings: [InputMapping] = []
    ) {
        self.init(projections: Projections { projections[$0] }, limits: limits, stated: stated, mappings: mappings)
    }

    public init(
        projections: Projections, limits: ReadLimits = ReadLimits(), stated: StatedOrigin = StatedOrigin(), mappings: [InputMapping] = []
    ) {
        self.projections = projections
        self.limits = limits
        self.stated = stated
        self.mappings = mappings
    }
}

/// Projections by provider, each worked out when the first log of the provider is met.
public final class Projections: Sendable {
    private let make: @Sendable (String) -> Projection?
    private let made = Mutex<[String: Projection?]>([:])

    public init(_ make: @escaping @Sendable (String) -> Projection?) { self.make = make }

    public subscript(_ provider: String) -> Projection? {
        made.withLock { made in
            if let known = made[provider] { return known }
            let new = make(provider)
            made[provider] = .some(new)
            return new
        }
    }
}
