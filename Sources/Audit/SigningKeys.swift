public import Evidence

/// What a run is signed with and entered by.
public struct SigningKeys: Sendable {
    /// Who signs statements; the first is the main signer. Never empty.
    public var signers: [any EvidenceSigner]
    /// Signs the log's checkpoints; `nil`: runs enter no log.
    public var log: LogSigner?
    /// Salts the findings so that single tenants can be shown theirs; `nil`: none can.
    public var disclosure: DisclosureKey?

    public init(main: any EvidenceSigner, others: [any EvidenceSigner] = [], log: LogSigner? = nil, disclosure: DisclosureKey? = nil) {
        signers = [main] + others
        self.log = log
        self.disclosure = disclosure
    }

    public var main: any EvidenceSigner { signers[0] }
}
