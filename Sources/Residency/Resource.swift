public import CEL

/// One thing that an inventory says exists.
public struct Resource: Sendable {
    /// `aws`, `gcp`, `azure`, `register`, ...: the prefix of the vectors that may speak of it.
    public var provider: String
    /// The provider's type, as the input spells it.
    public var type: String
    /// The name that findings use: an ARN where there is one, else what the input has.
    public var id: String
    /// Every other name by which a record may refer to it: its bare name, its provider id, its address in a plan.
    public var aliases: [String]
    public var account: String
    /// Where the inventory says it is; `.unknown` with the reason if it does not say.
    public var place: PlaceReference
    public var tags: [String: String]
    /// What the expressions see as `resource`: the record as the format delivers it, plus `type`, `id`, `name`, `region`,
    /// `account` and `tags`. A value that is known only after an apply is the text `unknown:known after apply`.
    public var attributes: Value
    /// The record's number in its input, from 0, and its JSON pointer there.
    public var ordinal: Int
    public var pointer: String

    public init(
        provider: String, type: String, id: String, aliases: [String], account: String, place: PlaceReference, tags: [String: String],
        attributes: Value, ordinal: Int, pointer: String
    ) {
        self.provider = provider
        self.type = type
        self.id = id
        self.aliases = aliases
        self.account = account
        self.place = place
        self.tags = tags
        self.attributes = attributes
        self.ordinal = ordinal
        self.pointer = pointer
    }
}
