/// The table of places: which provider's region, zone or edge network is in which country, and whose network an internet
/// address belongs to. Every entry has a source and a date.
public struct Gazetteer: Sendable {
    /// One row of the table.
    public struct Entry: Sendable, Hashable {
        /// `aws:eu-west-1`, `country:DE`, `ip:203.0.113.0/24`.
        public var name: String
        public var kind: Kind
        public var location: Location
        /// The name for people: `Europe (Ireland)`.
        public var title: String
        /// Where the fact was read.
        public var source: String
        /// The day on which it was read, `2026-11-22`; empty if the table does not say.
        public var date: String
        /// It was read somewhere and not checked against what the provider says.
        public var isUnchecked = false
        /// The name of the place that the provider's own copies go to from here; its own if they stay, `nil` if no table says.
        public var pair: String?

        public init(name: String, kind: Kind, location: Location, title: String, source: String, date: String) {
            self.name = name
            self.kind = kind
            self.location = location
            self.title = title
            self.source = source
            self.date = date
        }

        /// The part before the colon: `aws`.
        public var provider: String { String(name[..<(colon ?? name.endIndex)]) }
        /// The provider's own name: `eu-west-1`.
        public var bareName: String { colon.map { String(name[name.utf8.index(after: $0)...]) } ?? "" }
        private var colon: String.Index? { name.utf8.firstIndex(of: UInt8(ascii: ":")) }
        /// What the table says, as a place.
        public var place: Place { Place(name: name, location: location) }
    }

    /// What sort of place a row is.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case region, zone, edge, partition, global, network, country
        case multiRegion = "multi-region"
    }

    /// The rows, in the order in which they were added; a later row replaces an earlier one of the same name.
    public private(set) var entries: [Entry] = []
    /// The networks that `resolveAddress(_:)` gives indexes of.
    public private(set) var networks: [Entry] = []

    private var rows: [String: Int] = [:]
    private var networkRows: [String: Int] = [:]
    /// How the providers make the names of things.
    public var nameForms = NameForms()
    /// Tells the country of addresses that no network holds.
    public var geolocation: (any AddressTable)?
    private var addresses = NetworkIndex()
    private var zones: [String: [ZonePattern]] = [:]
    private var hosts: [HostSuffix] = []
    private var customerLabels: [String: Set<String>] = [:]
    /// The row of all hosts at and below a domain.
    private var domains: [String: String] = [:]

    /// An empty table; it knows countries and private addresses only.
    public init() {}

    /// Adds a row, or replaces the one of the same name (names are compared without case and spaces).
    public mutating func add(_ entry: Entry) {
        let key = Self.key(entry.name)
        if let row = rows[key] {
            entries[row] = entry
            return
        }
        rows[key] = entries.count
        entries.append(entry)
    }

    /// Adds a range of addresses (`203.0.113.0/24`, `2001:db8::/32`); false, and nothing added, if it is not one.
    @discardableResult
    public mutating func addNetwork(cidr: String, location: Location, title: String, source: String) -> Bool {
        addNetwork(cidr: cidr, location: location, title: title, source: source, date: "")
    }

    /// As above, with the day on which the fact was read.
    @discardableResult
    public mutating func addNetwork(cidr: String, location: Location, title: String, source: String, date: String) -> Bool {
        guard let range = AddressRange(cidr) else { return false }
        let entry = Entry(name: "ip:\(cidr)", kind: .network, location: location, title: title, source: source, date: date)
        let index = addresses.insert(range, networks.count)
        if index == networks.count { networks.append(entry) } else { networks[index] = entry }
        networkRows[entry.name] = index
        return true
    }

    /// Says how a provider makes the names of zones from those of regions: `{region}{letter}`, `{region}-{number}`.
    /// False, and nothing added, if the pattern is not of that form.
    @discardableResult
    public mutating func addZonePattern(provider: String, pattern: String) -> Bool {
        guard let zone = ZonePattern(pattern) else { return false }
        zones[provider, default: []].append(zone)
        return true
    }

    /// Says that hosts below a domain belong to a provider and carry its regions in their labels: `{region}.amazonaws.com`,
    /// `*-{region}.amazonaws.com`, `{region}-*.pkg.dev`, or the bare domain. False, and nothing added, if it is not of that
    /// form.
    @discardableResult
    public mutating func addHost(pattern: String, provider: String) -> Bool {
        guard let host = HostSuffix(pattern, provider) else { return false }
        hosts.append(host)
        return true
    }

    /// Says that a domain and all hosts below it are at one place, whose row is named in full (`datadog:us1`). Of several domains
    /// that hold a host the longest counts.
    public mutating func addDomain(_ domain: String, place: String) { domains[domain.lowercased()] = place }

    /// Says that what stands before this label in a provider's host names was chosen by customers, so it names no region.
    public mutating func addCustomerLabel(_ label: String, provider: String) {
        customerLabels[provider, default: []].insert(label.lowercased())
    }

    /// The network of exactly this name: `ip:203.0.113.0/24`.
    func network(named name: String) -> Entry? { networkRows[name].map { networks[$0] } }

    /// Whether any place of a provider is known.
    public func hasPlaces(of provider: String) -> Bool { entries.contains { $0.provider == provider } }

    /// The row of exactly this name (without regard to case and spaces): `aws:eu-west-1`.
    public func entry(named name: String) -> Entry? { rows[Self.key(name)].map { entries[$0] } }
}

// MARK: - Resolving

extension Gazetteer {
    /// Resolves what a record says to a place. A resource has to be looked up in the inventory first: it is unknown here.
    public func resolve(_ reference: PlaceReference) -> Place {
        switch reference {
        case .region(let provider, let name): resolveRegion(provider, name)
        case .resource(let name): .unknown("resource:\(name)", "`\(name)` was not looked up in the inventory")
        case .country(let code): Self.resolveCountry(code)
        case .address(let text): resolveAddress(text)
        case .host(let host): resolveHost(host)
        case .paired(let other): pair(of: resolve(other))
        case .unknown(let why): .unknown("unknown", why.isEmpty ? "the record does not say where" : why)
        }
    }

    /// The index in `networks` of the smallest network that holds this address, given as text (`192.0.2.7`, `2001:db8::1`);
    /// `nil` if none does or it is not an address. Allocates nothing.
    public func resolveAddress(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let address = InternetAddress(bytes) else { return nil }
        return addresses.match(address)
    }

    /// Whether a text is an IPv4 or IPv6 address.
    public static func isAddress(_ text: String) -> Bool { InternetAddress(text) != nil }

    private func resolveRegion(_ provider: String, _ name: String) -> Place {
        if let entry = regionEntry(provider, name) { return entry.place }
        if name.isEmpty { return .unknown("\(provider):", "no place is given") }
        var why = "no place `\(name)` is known for \(provider)"
        if let near = nearest(name, provider: provider).first { why += "; the nearest name is `\(near)`" }
        return .unknown("\(provider):\(name)", why)
    }

    /// What a place is paired with; of a place that is unknown the place itself.
    public func pair(of place: Place) -> Place {
        if let pair = entry(named: place.name)?.pair.flatMap({ entry(named: $0) }) { return pair.place }
        if case .unknown = place.location { return place }
        return .unknown("unknown", "no table says which place `\(place.name)` is paired with")
    }

    /// The row of a region, or of the region that a zone's name is made from.
    func regionEntry(_ provider: String, _ name: String) -> Entry? {
        if let row = rows[Self.key("\(provider):\(name)")] { return entries[row] }
        for pattern in zones[provider] ?? [] {
            if let region = pattern.region(of: name), let row = rows[Self.key("\(provider):\(region)")] { return entries[row] }
        }
        return nil
    }

    private static func resolveCountry(_ code: String) -> Place {
        guard let country = Country(code) else { return .unknown("country:\(code)", "`\(code)` is no country code of ISO 3166") }
        guard country.isAssigned else {
            let hint = country.code == "UK" ? "; the United Kingdom is `GB`" : ""
            return .unknown("country:\(country)", "ISO 3166 assigns `\(country)` to no country\(hint)")
        }
        return Place(name: "country:\(country)", location: .countries([country]))
    }

    private func resolveAddress(_ text: String) -> Place {
        guard let address = InternetAddress(text) else { return .unknown("ip:\(text)", "`\(text)` is not an internet address") }
        let network = addresses.match(address).map { networks[$0] }
        if let network, case .countries = network.location { return network.place }
        if address.isPrivate { return .unknown("ip:private", "a private address: it names no place") }
        if let network { return network.place }
        if let entry = locate(address) { return entry.place }
        return .unknown("ip:unlisted", "no network in the tables of places holds this address")
    }

    private func resolveHost(_ host: String) -> Place {
        if InternetAddress(host) != nil { return resolveAddress(host) }
        let labels = host.lowercased().split(separator: ".").map(String.init)
        for start in labels.indices {
            guard let name = domains[labels[start...].joined(separator: ".")], let entry = entry(named: name) else { continue }
            return entry.place
        }
        for suffix in hosts {
            guard let rest = suffix.labels(before: labels) else { continue }
            for candidate in suffix.candidates(rest, stops: customerLabels[suffix.provider] ?? []) {
                if let row = rows[Self.key("\(suffix.provider):\(candidate)")] { return entries[row].place }
            }
        }
        return .unknown("host:\(host)", CoverageSentence(.unknownHost, [host]).text)
    }
}

// MARK: - Looking up

extension Gazetteer {
    /// What a person may mean: `eu-west-1`, `gcp:EU`, `52.94.76.5`, `francecentral`, `de`, `sqs.us-east-1.amazonaws.com`.
    /// Empty if nothing is known of it; see `suggestions(for:)`.
    public func lookup(_ text: String) -> [Entry] {
        let text = text.trimmingSpaces
        if let address = InternetAddress(text) {
            if let match = addresses.match(address) { return [networks[match]] }
            return address.isPrivate ? [] : locate(address).map { [$0] } ?? []
        }
        if text.lowercased().hasPrefix("country:") { return Self.countryEntry(String(text.dropFirst(8))).map { [$0] } ?? [] }
        if let entry = entry(named: text) { return [entry] }
        if let colon = text.firstIndex(of: ":") {
            let name = String(text[text.index(after: colon)...])
            return regionEntry(text[..<colon].lowercased(), name).map { [$0] } ?? []
        }
        let key = Self.key(text)
        var found = entries.filter { Self.key($0.bareName) == key }
        if found.isEmpty { found = zones.keys.sorted().compactMap { regionEntry($0, text) } }
        if let country = Self.countryEntry(text) { found.append(country) }
        if found.isEmpty, text.contains("."), let entry = entry(named: resolveHost(text).name) { found.append(entry) }
        return found
    }

    /// Names that resemble what `lookup(_:)` did not find, best first.
    public func suggestions(for text: String) -> [String] {
        if let colon = text.firstIndex(of: ":") {
            let provider = text[..<colon].lowercased()
            return nearest(String(text[text.index(after: colon)...]), provider: provider).map { "\(provider):\($0)" }
        }
        return NearMatch.all(to: text, among: entries.map(\.bareName))
    }

    private func nearest(_ name: String, provider: String) -> [String] {
        NearMatch.all(to: name, among: entries.filter { $0.provider == provider }.map(\.bareName))
    }

    private static func countryEntry(_ text: String) -> Entry? {
        guard let country = Country(text), country.isAssigned else { return nil }
        return Entry(
            name: "country:\(country)", kind: .country, location: .countries([country]), title: country.title, source: "ISO 3166", date: "")
    }

    /// Providers spell a name in several ways (`West Europe`, `westeurope`; `EU`, `eu`).
    private static func key(_ name: String) -> String {
        let isKey = name.utf8.allSatisfy { $0 > 32 && $0 < 128 && !(65...90 ~= $0) }
        return isKey ? name : name.lowercased().filter { $0 != " " }
    }
}

extension Place {
    static func unknown(_ name: String, _ why: String) -> Place { Place(name: name, location: .unknown(why)) }
}

extension String {
    var trimmingSpaces: String {
        let head = drop { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" }
        guard let last = head.lastIndex(where: { !($0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r") }) else { return "" }
        return String(head[...last])
    }
}
