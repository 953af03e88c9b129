import CEL
import Residency

/// A managed resource of Terraform, whichever file it is in.
struct TerraformResource {
    /// What stands for a value that is known only after an apply.
    static let unknownText = "unknown:known after apply"

    let address: String
    let module: String
    let type: String
    let name: String
    /// As the file names the provider: `registry.terraform.io/hashicorp/aws`.
    let providerName: String
    /// `aws`, `gcp`, `azure`, or the provider's own name.
    let provider: String
    /// The region that the provider is configured with, where the file tells.
    let providerRegion: String?
    /// The account, project or subscription that the provider is configured with.
    let providerAccount: String?
    /// The region is the provider's, since the configuration sets none; then it is known before the provider has said so.
    let inheritsRegion: Bool
    let index: Value?
    let values: Value

    init(
        address: String, module: String, type: String, name: String, providerName: String, providerRegion: String? = nil,
        providerAccount: String? = nil, inheritsRegion: Bool = false, index: Value? = nil, values: Value
    ) {
        self.address = address
        self.module = module
        self.type = type
        self.name = name
        self.providerName = providerName
        self.providerRegion = providerRegion
        self.providerAccount = providerAccount
        self.inheritsRegion = inheritsRegion
        self.index = index
        self.values = values
        provider = Self.provider(providerName, type)
    }

    private static func provider(_ name: String, _ type: String) -> String {
        let own = lastPart(name)
        switch own {
        case "aws", "awscc": return "aws"
        case "google", "google-beta": return "gcp"
        case "azurerm", "azuread", "azapi", "azurestack": return "azure"
        case "":
            let prefix = kind(of: type)
            return ["google": "gcp", "azurerm": "azure", "azapi": "azure", "awscc": "aws"][prefix] ?? prefix
        default: return own
        }
    }

    /// What stands before the first `_` of a type: `aws`.
    static func kind(of type: String) -> String {
        type.utf8.firstIndex(of: UInt8(ascii: "_")).map { String(type[..<$0]) } ?? type
    }

    /// What stands after the last `/`.
    private static func lastPart(_ text: String) -> String {
        text.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(text[text.utf8.index(after: $0)...]) } ?? text
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
        let type = managerType ?? type
        let attributes: [(String, Value)] = [
            ("type", .string(type)), ("id", .string(id)), ("name", .string(shownName)), ("address", .string(address)),
            ("module", .string(module)), ("index", index ?? .null), ("region", .string(region)), ("account", .string(account)),
            ("provider", .string(provider)), ("provider_name", .string(providerName)),
            ("provider_region", .string(providerRegion ?? "")), ("tags", .texts(tags)), ("values", values),
        ]
        return Resource(
            provider: provider, type: type, id: id, aliases: aliases([address] + Self.naming.map(known), besides: id), account: account,
            place: place, tags: tags, attributes: .object(attributes + managerMembers(region)), ordinal: ordinal, pointer: pointer)
    }

    /// What `azapi_resource` makes: a type of Azure Resource Manager, `Microsoft.DocumentDB/databaseAccounts@2023-04-15` without its version.
    private var managerType: String? {
        guard type == "azapi_resource" || type == "azapi_update_resource", let text = known("type"), text.contains("/") else { return nil }
        return text.prefix { $0 != "@" }.lowercased()
    }

    /// Its members as Azure itself writes them, so that the same vectors see them: the body is all that is set.
    private func managerMembers(_ region: String) -> [(String, Value)] {
        guard managerType != nil else { return [] }
        var body = (values.member("body") ?? .object([])).decodingText(maxDepth: Self.maxBodyDepth)
        // A state keeps a value of any type beside its type.
        if let value = body.member("value"), body.member("type") != nil { body = value.decodingText(maxDepth: Self.maxBodyDepth) }
        guard body.keys != nil else { return [] }
        let own = ["properties", "sku", "kind", "zones"].compactMap { name in body.member(name).map { (name, $0) } }
        let isWhole = type == "azapi_resource" && body.member("properties") == nil
        return [("location", .string(region))] + (isWhole ? [("properties", .object([]))] : []) + own
    }

    private static let maxBodyDepth = 64

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
            guard let id = known("id") else { return providerAccount }
            let parts = id.split(separator: "/")
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
        let last = provider == "gcp" ? Self.lastPart(text) : text
        return .region(provider: provider, name: provider == "azure" ? Self.azureName(last) : last)
    }

    private static func regionOfZone(_ zone: String) -> String {
        let name = lastPart(zone)
        let parts = name.split(separator: "-")
        return parts.count == 3 && parts[2].count == 1 ? parts[0...1].joined(separator: "-") : name
    }

    /// Azure writes `West Europe` and `westeurope` for the same place.
    private static func azureName(_ text: String) -> String { text.lowercased().filter { $0 != " " } }
}
