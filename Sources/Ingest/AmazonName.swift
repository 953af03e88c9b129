import Residency

/// An Amazon resource name: `arn:partition:service:region:account:resource`.
struct AmazonName {
    let service: String
    let region: String
    let account: String
    /// `function:pay`, `table/orders`.
    let resource: String

    init?(_ text: String?) {
        guard let text, text.hasPrefix("arn:") else { return nil }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6 else { return nil }
        service = String(parts[2])
        region = String(parts[3])
        account = String(parts[4])
        resource = String(parts[5])
    }

    /// Services that have no region of their own.
    static let globalServices: Set<String> = [
        "iam", "cloudfront", "route53", "organizations", "globalaccelerator", "shield", "waf", "sts", "account", "billing", "ce",
    ]

    /// The region that the name tells; `global` for a service that has none. Names of buckets and the like tell nothing.
    var place: PlaceReference? {
        if !region.isEmpty { return .region(provider: "aws", name: region) }
        return Self.globalServices.contains(service) ? .region(provider: "aws", name: "global") : nil
    }

    /// The service and the first part of the resource, `lambda:function`; `sqs:` where the resource is a name alone.
    var kind: String {
        let parts = resource.split(whereSeparator: { $0 == ":" || $0 == "/" })
        return parts.count > 1 || resource.hasPrefix("/") ? "\(service):\(parts.first ?? "")" : "\(service):"
    }

    /// The last part of the resource.
    var name: String { resource.split(whereSeparator: { $0 == ":" || $0 == "/" }).last.map(String.init) ?? resource }

    /// `eu-west-1` of `eu-west-1a`. A zone elsewhere in the region's name (`us-east-1-bos-1a`) stays as it is: it may be in another
    /// country, and the places know it by itself.
    static func region(ofZone zone: String) -> String {
        guard zone.last?.isLetter == true, zone.split(separator: "-").count == 3 else { return zone }
        return String(zone.dropLast())
    }

    /// The region that a label of a host names: `sqs.eu-west-1.amazonaws.com`.
    static func region(inHost text: String) -> String? {
        guard let start = text.firstRange(of: "://"), text.contains(".amazonaws.com") else { return nil }
        let host = text[start.upperBound...].prefix { $0 != "/" }
        return host.split(separator: ".").map(String.init).first { label in
            let parts = label.split(separator: "-")
            return parts.count >= 3 && parts[0].count == 2 && parts.last?.allSatisfy(\.isNumber) == true
        }
    }
}
