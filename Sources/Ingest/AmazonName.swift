import Residency

/// An Amazon resource name: `arn:partition:service:region:account:resource`.
struct AmazonName {
    let service: String
    let region: String
    let account: String

    init?(_ text: String?) {
        guard let text, text.hasPrefix("arn:") else { return nil }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6 else { return nil }
        service = String(parts[2])
        region = String(parts[3])
        account = String(parts[4])
    }

    /// Services that have no region of their own.
    private static let globalServices: Set<String> = [
        "iam", "cloudfront", "route53", "organizations", "globalaccelerator", "shield", "waf", "sts", "account", "billing", "ce",
    ]

    /// The region that the name tells; `global` for a service that has none. Names of buckets and the like tell nothing.
    var place: PlaceReference? {
        if !region.isEmpty { return .region(provider: "aws", name: region) }
        return Self.globalServices.contains(service) ? .region(provider: "aws", name: "global") : nil
    }
}
