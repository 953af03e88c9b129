import CEL
import Residency

/// A managed resource of Terraform, whichever file it is in.
struct TerraformResource {
    /// What stands for a value that is known only after an apply.
    static let unknownText = "unknown:known after apply"

    var address: String
    var module: String
    var type: String
    var name: String
    /// As the file names the provider: `registry.terraform.io/hashicorp/aws`.
    var providerName: String
    /// The region that the provider is configured with, where the file tells.
    var providerRegion: String?
    /// The account, project or subscription that the provider is configured with.
    var providerAccount: String?
    /// The region is the provider's, since the configuration sets none; then it is known before the provider has said so.
    var inheritsRegion = false
    var index: Value?
    var values: Value

    /// `aws`, `gcp`, `azure`, or the provider's own name.
    var provider: String {
        let own = providerName.split(separator: "/").last.map(String.init) ?? ""
        switch own {
        case "aws", "awscc": return "aws"
        case "google", "google-beta": return "gcp"
        case "azurerm", "azuread", "azapi", "azurestack": return "azure"
        case "":
            let prefix = type.split(separator: "_").first.map(String.init) ?? type
            return ["google": "gcp", "azurerm": "azure", "azapi": "azure", "awscc": "aws"][prefix] ?? prefix
        default: return own
        }
    }

    func resource(ordinal: Int, pointer: String) -> Resource {
        let arn = known("arn")
        let id = arn ?? known("id") ?? address
        let tags = tags
        let account = account(arn) ?? ""
        let place = place(arn)
        let region =
            switch place {
            case .region(_, let region): region
            case .unknown(let why): "unknown:" + why
            default: ""
            }
        let shownName = known("name") ?? known("bucket") ?? known("identifier") ?? name
        let attributes: [(String, Value)] = [
            ("type", .string(type)), ("id", .string(id)), ("name", .string(shownName)), ("address", .string(address)),
            ("module", .string(module)), ("index", index ?? .null), ("region", .string(region)), ("account", .string(account)),
            ("provider", .string(provider)), ("provider_name", .string(providerName)),
            ("provider_region", .string(providerRegion ?? "")), ("tags", .texts(tags)), ("values", values),
        ]
        return Resource(
            provider: provider, type: type, id: id, aliases: aliases([address] + Self.naming.map(known), besides: id), account: account,
            place: place, tags: tags, attributes: .object(attributes), ordinal: ordinal, pointer: pointer)
    }

    /// Attributes by which other records may refer to the resource.
    private static let naming = [
        "arn", "id", "name", "bucket", "self_link", "identifier", "cluster_identifier", "function_name", "key_id", "queue_url", "url",
    ]

    private func known(_ name: String) -> String? {
        guard let text = values.text(name), text != Self.unknownText else { return nil }
        return text
    }

    private var tags: [String: String] {
        for name in ["tags_all", "tags", "effective_labels", "labels"] {
            if let tags = values.member(name)?.tagTexts, !tags.isEmpty { return tags.filter { $0.value != Self.unknownText } }
        }
        return [:]
    }

    private func account(_ arn: String?) -> String? {
        if let account = AmazonName(arn)?.account, !account.isEmpty { return account }
        switch provider {
        case "aws": return known("owner_id") ?? providerAccount
        case "gcp": return known("project") ?? providerAccount
        case "azure":
            let parts = (known("id") ?? "").split(separator: "/")
            guard let at = parts.firstIndex(of: "subscriptions"), at + 1 < parts.count else { return providerAccount }
            return String(parts[at + 1])
        default: return providerAccount
        }
    }

    private func place(_ arn: String?) -> PlaceReference {
        let own: String?
        switch provider {
        case "aws":
            if let named = region("region"), !(inheritsRegion && values.text("region") == Self.unknownText && providerRegion != nil) { return named }
            if let place = AmazonName(arn)?.place ?? AmazonName(known("id"))?.place { return place }
            own = known("availability_zone").map { $0.last?.isLetter == true ? String($0.dropLast()) : $0 }
        case "gcp":
            if let named = region("region") ?? region("location") { return named }
            own = known("zone").map(Self.regionOfZone)
        case "azure":
            if let named = region("location") { return named }
            own = nil
        default:
            if let named = region("region") ?? region("location") { return named }
            own = nil
        }
        if let found = own ?? providerRegion { return .region(provider: provider, name: found) }
        return .unknown("neither the resource nor its provider names a region")
    }

    private func region(_ name: String) -> PlaceReference? {
        guard let text = values.text(name) else { return nil }
        if text == Self.unknownText { return .unknown("known after apply") }
        // A link, as in `https://www.googleapis.com/.../regions/europe-west1`.
        let last = provider == "gcp" ? text.split(separator: "/").last.map(String.init) ?? text : text
        return .region(provider: provider, name: provider == "azure" ? Self.azureName(last) : last)
    }

    private static func regionOfZone(_ zone: String) -> String {
        let name = zone.split(separator: "/").last.map(String.init) ?? zone
        let parts = name.split(separator: "-")
        return parts.count == 3 && parts[2].count == 1 ? parts[0...1].joined(separator: "-") : name
    }

    /// Azure writes `West Europe` and `westeurope` for the same place.
    private static func azureName(_ text: String) -> String { text.lowercased().filter { $0 != " " } }
}
