public import Residency

/// What the rules want to know of the inputs: a reader decodes that and skips the rest.
public struct ReadPlan: Sendable {
    /// By provider, the event paths that its rules read. A format adds the paths that its layout names.
    public var projections: [String: Projection]
    public var limits: ReadLimits

    public init(projections: [String: Projection] = [:], limits: ReadLimits = ReadLimits()) {
        self.projections = projections
        self.limits = limits
    }
}
