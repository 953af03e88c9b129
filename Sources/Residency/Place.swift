/// An ISO 3166-1 alpha-2 country (`DE`) or an ISO 3166-2 subdivision of one (`CA-QC`).
public struct Country: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The code in capitals.
    public let code: String

    /// Creates a country from its code in any case; `nil` if the text has not the shape of ISO 3166-1 or 3166-2.
    public init?(_ text: String) {
        // Nearly every text is a code as it stands.
        let upper = Self.isCode(text) ? text : text.uppercased()
        guard Self.isCode(upper) else { return nil }
        code = upper
    }

    /// Two capitals; perhaps a hyphen and one to three capitals or digits.
    private static func isCode(_ text: String) -> Bool {
        let bytes = text.utf8
        guard bytes.count == 2 || 4...6 ~= bytes.count else { return false }
        for (index, byte) in bytes.enumerated() {
            let isRight =
                switch index {
                case 0, 1: 65...90 ~= byte
                case 2: byte == UInt8(ascii: "-")
                default: 65...90 ~= byte || 48...57 ~= byte
                }
            if !isRight { return false }
        }
        return true
    }

    /// The country itself, or the one that this subdivision belongs to.
    public var sovereign: Country { code.utf8.count == 2 ? self : Country(String(code.prefix(2))) ?? self }

    public var description: String { code }
    public static func < (left: Country, right: Country) -> Bool { left.code < right.code }
}

/// What is known of where a place is.
public enum Location: Hashable, Sendable {
    /// Every country (or subdivision) that data at the place may be in; never empty.
    case countries(Set<Country>)
    /// Not known, and why; never a pass.
    case unknown(String)

    /// Why it is not known; empty if it is.
    public var reason: String {
        guard case .unknown(let why) = self else { return "" }
        return why
    }

    /// The codes in order; empty if unknown.
    public var codes: [String] {
        guard case .countries(let set) = self else { return [] }
        // Most places are in one country.
        if set.count == 1, let only = set.first { return [only.code] }
        return set.map(\.code).sorted()
    }
}

/// Where: a provider's region, zone, multi-region or edge network, or a country, resolved as far as the facts go.
public struct Place: Hashable, Sendable {
    /// `aws:eu-west-1`, `gcp:EU`, `country:DE`, `ip:private`: provider (or kind), a colon, the provider's own name.
    public let name: String
    /// What is known of where it is.
    public let location: Location

    public init(name: String, location: Location) {
        self.name = name
        self.location = location
    }
}

/// A place as a record names it, before any table of facts was asked. It is text (`kind:value`) so that it can be
/// remembered, merged and stored apart from the tables that resolve it.
public enum PlaceReference: Hashable, Sendable {
    /// A region, zone, multi-region or edge network by the provider's name: `region:aws/eu-west-1`.
    case region(provider: String, name: String)
    /// Wherever the inventory says this resource is: `resource:acme-logs`. What the inventory lacks is unknown.
    case resource(String)
    /// An ISO country or subdivision: `country:US`.
    case country(String)
    /// An internet address, before it was looked up: `ip:192.0.2.7`.
    case address(String)
    /// A host name whose labels may name a region: `host:sqs.us-east-1.amazonaws.com`.
    case host(String)
    /// The place that the tables pair another with, where its provider copies to: `paired:region:azure/westeurope`.
    indirect case paired(PlaceReference)
    /// The record does not tell: `unknown:why`.
    case unknown(String)

    /// The canonical text, `kind:value`.
    public var text: String {
        switch self {
        case .region(let provider, let name): "region:\(provider)/\(name)"
        case .resource(let name): "resource:\(name)"
        case .country(let code): "country:\(code)"
        case .address(let address): "ip:\(address)"
        case .host(let host): "host:\(host)"
        case .paired(let other): "paired:\(other.text)"
        case .unknown(let why): "unknown:\(why)"
        }
    }

    /// Reads the canonical text; a text of another shape is an unknown place that says so.
    public init(text: String) {
        guard let colon = text.firstIndex(of: ":") else {
            self = .unknown("`\(text)` is not a place")
            return
        }
        let value = String(text[text.index(after: colon)...])
        switch text[..<colon] {
        case "region":
            guard let slash = value.firstIndex(of: "/") else {
                self = .unknown("`\(text)` names no provider")
                return
            }
            self = .region(provider: String(value[..<slash]), name: String(value[value.index(after: slash)...]))
        case "resource": self = .resource(value)
        case "country": self = .country(value)
        case "ip": self = .address(value)
        case "host": self = .host(value)
        case "paired": self = .paired(PlaceReference(text: value))
        case "unknown": self = .unknown(value)
        default: self = .unknown("`\(text)` is not a place")
        }
    }
}
