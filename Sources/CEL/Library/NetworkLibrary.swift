/// `ip()`, `cidr()` and what can be asked of addresses and networks.
enum NetworkLibrary {
    static let definitions: [Definition] = [
        Definition("ip", [.global(.string, returns: .ip)]) { value, frame in
            guard case .string(let text) = value else { return frame.failNoOverload(value) }
            return parse(text, "an IP address", &frame) { text throws(NetworkValue.Failure) in try NetworkValue.address(text) }
        },
        Definition("ip", [.member(.cidr, returns: .ip)]) { value, frame in
            guard case .network(let network) = value, network.isNetwork else { return frame.failNoOverload(value) }
            return .network(network.address)
        },
        Definition("cidr", [.global(.string, returns: .cidr)]) { value, frame in
            guard case .string(let text) = value else { return frame.failNoOverload(value) }
            return parse(text, "a network", &frame) { text throws(NetworkValue.Failure) in try NetworkValue.network(text) }
        },
        Definition("isIP", [.global(.string, returns: .bool)]) { value, frame in
            guard case .string(let text) = value else { return frame.failNoOverload(value) }
            return .bool((try? NetworkValue.address(text)) != nil)
        },
        Definition("isCIDR", [.global(.string, returns: .bool)]) { value, frame in
            guard case .string(let text) = value else { return frame.failNoOverload(value) }
            return .bool((try? NetworkValue.network(text)) != nil)
        },
        Definition("ip.isCanonical", [.global(.string, returns: .bool)]) { value, frame in
            guard case .string(let text) = value else { return frame.failNoOverload(value) }
            let parsed = parse(text, "an IP address", &frame) { text throws(NetworkValue.Failure) in
                try NetworkValue.address(text)
            }
            guard case .network(let address)? = parsed else { return nil }
            return .bool(sameText(address.description, text))
        },
        Definition("string", [.global(.ip, returns: .string), .global(.cidr, returns: .string)], StandardLibrary.toString),
        Definition("family", [.member(.ip, returns: .int)]) { value, frame in
            guard case .network(let address) = value, !address.isNetwork else { return frame.failNoOverload(value) }
            return .int(address.isV6 ? 6 : 4)
        },
        question("isUnspecified") { $0.isUnspecified },
        question("isLoopback") { $0.isLoopback },
        question("isGlobalUnicast") { $0.isGlobalUnicast },
        question("isLinkLocalMulticast") { $0.isLinkLocalMulticast },
        question("isLinkLocalUnicast") { $0.isLinkLocalUnicast },
        Definition("containsIP", [.member(.cidr, .ip, returns: .bool), .member(.cidr, .string, returns: .bool)]) {
            network, other, frame in
            contains(network, other, &frame, "an IP address") { text throws(NetworkValue.Failure) in
                try NetworkValue.address(text)
            }
        },
        Definition("containsCIDR", [.member(.cidr, .cidr, returns: .bool), .member(.cidr, .string, returns: .bool)]) {
            network, other, frame in
            contains(network, other, &frame, "a network") { text throws(NetworkValue.Failure) in
                try NetworkValue.network(text)
            }
        },
        Definition("masked", [.member(.cidr, returns: .cidr)]) { value, frame in
            guard case .network(let network) = value, network.isNetwork else { return frame.failNoOverload(value) }
            return .network(network.masked)
        },
        Definition("prefixLength", [.member(.cidr, returns: .int)]) { value, frame in
            guard case .network(let network) = value, let bits = network.prefix else { return frame.failNoOverload(value) }
            return .int(Int64(bits))
        },
    ]

    private static func question(_ name: String, _ holds: @escaping @Sendable (NetworkValue) -> Bool) -> Definition {
        Definition(name, [.member(.ip, returns: .bool)]) { value, frame in
            guard case .network(let address) = value, !address.isNetwork else { return frame.failNoOverload(value) }
            return .bool(holds(address))
        }
    }

    private static func parse(
        _ text: String, _ kind: String, _ frame: inout Frame,
        _ read: (String) throws(NetworkValue.Failure) -> NetworkValue
    ) -> Value? {
        do throws(NetworkValue.Failure) {
            return .network(try read(text))
        } catch {
            switch error {
            case .malformed: return frame.fail(.conversion, "`\(text)` is not \(kind)")
            case .mapped: return frame.fail(.conversion, "`\(text)` is an address of version 4 in one of version 6")
            case .zone: return frame.fail(.conversion, "`\(text)` has a zone")
            }
        }
    }

    private static func contains(
        _ network: Value, _ other: Value, _ frame: inout Frame, _ kind: String,
        _ read: (String) throws(NetworkValue.Failure) -> NetworkValue
    ) -> Value? {
        guard case .network(let network) = network, network.isNetwork else { return frame.failNoOverload(network, other) }
        var other = other
        if case .string(let text) = other {
            guard let parsed = parse(text, kind, &frame, read) else { return nil }
            other = parsed
        }
        guard case .network(let inner) = other, inner.isNetwork == (kind == "a network") else {
            return frame.failNoOverload(.network(network), other)
        }
        return .bool(network.contains(inner))
    }
}
