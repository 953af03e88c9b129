extension Gazetteer {
    /// Where an address is, as a small number that stands for all addresses of the same network: -1 for private ones, -2
    /// for those that no network holds, less for those whose country a table tells; `nil` if the text is no address. Allocates nothing.
    public func addressClass(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
        guard let address = InternetAddress(bytes) else { return nil }
        if let index = resolveAddress(bytes) { return Int32(truncatingIfNeeded: index) }
        if address.isPrivate { return -1 }
        guard let country = geolocation?.country(of: address.bytes) else { return -2 }
        return -3 - country.ordinal
    }

    /// The reference with an address replaced by its network (`ip:203.0.113.0/24`), `ip:private` or `ip:unlisted`, so that all
    /// callers from one network are one observation.
    public func canonical(_ reference: PlaceReference) -> PlaceReference {
        guard case .address(let text) = reference else { return reference }
        let place = resolve(reference)
        guard place.name.hasPrefix("ip:") else { return .address(text) }
        return .address(String(place.name.dropFirst(3)))
    }

    /// What the names of places begin with that only a table of addresses tells: `ip:geo/DE`.
    static let located = "geo/"

    /// Where a table of addresses, if there is one, says that an address is.
    func locate(_ address: InternetAddress) -> Entry? {
        guard let geolocation, let country = geolocation.country(of: address.bytes) else { return nil }
        return Entry(
            name: "ip:\(Self.located)\(country)", kind: .network, location: .countries([country]), title: "as an address table guesses: \(country.title)",
            source: geolocation.source, date: geolocation.date)
    }

    /// Resolves a canonical reference.
    public func place(_ reference: PlaceReference) -> Place {
        guard case .address(let text) = reference else { return resolve(reference) }
        switch text {
        case "private": return Place(name: "ip:private", location: .unknown("a private address names no place"))
        case "unlisted": return Place(name: "ip:unlisted", location: .unknown("no network in the tables of places holds the address"))
        default:
            if let network = network(named: "ip:" + text) { return network.place }
            if text.hasPrefix(Self.located), let country = Country(String(text.dropFirst(Self.located.count))) {
                return Place(name: "ip:" + text, location: .countries([country]))
            }
            return resolve(reference)
        }
    }
}
