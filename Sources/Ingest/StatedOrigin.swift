/// What the user says of inputs that do not say it themselves: a template names no region, a list of networks no account.
public struct StatedOrigin: Sendable, Hashable {
    /// The region of records that name none, as their provider writes it.
    public var region: String?
    /// The account, subscription or project of records that name none.
    public var account: String?

    public init(region: String? = nil, account: String? = nil) {
        self.region = region
        self.account = account
    }
}
