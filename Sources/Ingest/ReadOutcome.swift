public import Residency

/// What became of one input.
public struct ReadOutcome: Sendable {
    /// The format that was found in it: `aws-cloudtrail`; `unknown` if none was.
    public var format = unknownFormat
    /// How many records were decoded.
    public var records = 0
    /// How many of them were handed over as resources, and as events; what tells of neither (a deleted resource, a
    /// Terraform data source, a CloudTrail Insight) is in `records` alone.
    public var resources = 0
    public var events = 0
    /// How many records could not be decoded; each has a diagnostic, up to the bound.
    public var malformed = 0
    /// The size as it lies on disk, and inflated.
    public var bytes = 0
    public var inflatedBytes = 0
    /// A bounded number, in the order of the input; the last one says how many more there were.
    public var diagnostics: [Diagnostic] = []
    /// The file's size or time changed while it was read: what was read is what the digest is of.
    public var changedWhileRead = false
    /// The input lay compressed: its content is other bytes than those on disk.
    public var isPacked = false
    /// The whole content of an input that speaks of other inputs: a digest file, a list of keys, what a storage says of an
    /// object. `nil` for all others.
    public var document: [UInt8]?
    /// Where each record stands in the input.
    public var pointers = RecordPointers()

    public init() {}

    /// The id of what no format recognises.
    public static let unknownFormat = "unknown"
}
