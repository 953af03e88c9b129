extension Gazetteer {
    /// Where an address is, as a small number that stands for all addresses of the same network: -1 for private ones, -2
    /// for those that no network holds; `nil` if the text is no address. Allocates nothing.
    public func addressClass(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
        guard let address = InternetAddress(bytes) else { return nil }
        if let index = resolveAddress(bytes) { return Int32(truncatingIfNeeded: index) }
        return address.isPrivate ? -1 : -2
    }

    /// The reference with an address replaced by its network (`ip:203.0.113.0/24`), `ip:private` or `ip:unlisted`, so that all
    /// callers from one network are one observation.
    public func canonical(_ reference: PlaceReference) -> PlaceReference {
        guard case .address(let text) = reference else { return reference }
        let place = resolve(reference)
        guard place.name.hasPrefix("ip:") else { return .address(text) }
        return .address(String(place.name.dropFirst(3)))
    }

    /// Resolves a canonical reference.
    public func place(_ reference: PlaceReference) -> Place {
        guard case .address(let text) = reference else { return resolve(reference) }
        switch text {
        case "private": return Place(name: "ip:private", location: .unknown("a private address names no place"))
        case "unlisted": return Place(name: "ip:unlisted", location: .unknown("no network in the tables of places holds the address"))
        default:
            if let network = networks.first(where: { $0.name == "ip:" + text }) { return network.place }
            return resolve(reference)
        }
    }
}
