import Residency
import Testing

@Suite struct GazetteerTests {
    private let table: Gazetteer = {
        var table = Gazetteer()
        func add(_ name: String, _ countries: String..., kind: Gazetteer.Kind = .region) {
            let location = Location.countries(Set(countries.compactMap { Country($0) }))
            table.add(Gazetteer.Entry(name: name, kind: kind, location: location, title: name, source: "a test", date: "2026-11-22"))
        }
        add("aws:eu-west-1", "IE")
        add("aws:us-east-1", "US")
        add("aws:us-east-1-scl-1a", "CL", kind: .zone)
        add("gcp:EU", "DE", "FR", kind: .multiRegion)
        add("gcp:europe-west1", "BE")
        add("azure:westeurope", "NL")
        for (name, country, pair) in [("a", "BR", "azure:b"), ("b", "US", "azure:c"), ("c", "US", "azure:b"), ("alone", "IT", "azure:alone")] {
            var entry = Gazetteer.Entry(
                name: "azure:\(name)", kind: .region, location: .countries([Country(country)].compactMap(\.self).set), title: name, source: "a test", date: "")
            entry.pair = pair
            table.add(entry)
        }
        table.addZonePattern(provider: "azure", pattern: "{region}-az{number}")
        table.addZonePattern(provider: "aws", pattern: "{region}{letter}")
        table.addZonePattern(provider: "gcp", pattern: "{region}-{letter}")
        table.addHost(pattern: "*-{region}.amazonaws.com", provider: "aws")
        table.addHost(pattern: "{region}-*.pkg.dev", provider: "gcp")
        table.addCustomerLabel("s3", provider: "aws")
        table.addNetwork(cidr: "203.0.113.0/24", location: .countries([Country("DE")].compactMap(\.self).set), title: "office", source: "")
        table.addNetwork(cidr: "203.0.113.128/25", location: .countries([Country("AT")].compactMap(\.self).set), title: "annex", source: "")
        table.addNetwork(cidr: "2001:db8::/32", location: .countries([Country("FR")].compactMap(\.self).set), title: "six", source: "")
        return table
    }()

    /// The reference, the place's name, its countries, and a part of the reason where it is unknown.
    static let references: [(String, String, [String], String)] = [
        ("region:aws/eu-west-1", "aws:eu-west-1", ["IE"], ""),
        ("region:aws/eu-west-1b", "aws:eu-west-1", ["IE"], ""),
        ("region:aws/us-east-1-scl-1a", "aws:us-east-1-scl-1a", ["CL"], ""),
        ("region:gcp/europe-west1-b", "gcp:europe-west1", ["BE"], ""),
        ("region:gcp/eu", "gcp:EU", ["DE", "FR"], ""),
        ("region:azure/West Europe", "azure:westeurope", ["NL"], ""),
        ("region:aws/eu-westwest-1r", "aws:eu-westwest-1r", [], "the nearest name is `eu-west-1`"),
        ("region:aws/", "aws:", [], "no place is given"),
        ("region:nowhere/eu-west-1", "nowhere:eu-west-1", [], "no place `eu-west-1` is known for nowhere"),
        ("country:DE", "country:DE", ["DE"], ""),
        ("country:ca-qc", "country:CA-QC", ["CA-QC"], ""),
        ("country:UK", "country:UK", [], "the United Kingdom is `GB`"),
        ("country:Germany", "country:Germany", [], "no country code"),
        ("ip:203.0.113.7", "ip:203.0.113.0/24", ["DE"], ""),
        ("ip:203.0.113.200", "ip:203.0.113.128/25", ["AT"], ""),
        ("ip:::ffff:203.0.113.7", "ip:203.0.113.0/24", ["DE"], ""),
        ("ip:2001:db8::1", "ip:2001:db8::/32", ["FR"], ""),
        ("ip:10.1.2.3", "ip:private", [], "private"),
        ("ip:fe80::1%eth0", "ip:private", [], "private"),
        ("ip:8.8.8.8", "ip:unlisted", [], "no network"),
        ("ip:256.1.1.1", "ip:256.1.1.1", [], "not an internet address"),
        ("host:sqs.us-east-1.amazonaws.com", "aws:us-east-1", ["US"], ""),
        ("host:SQS.US-EAST-1.amazonaws.com", "aws:us-east-1", ["US"], ""),
        ("host:s3-eu-west-1.amazonaws.com", "aws:eu-west-1", ["IE"], ""),
        ("host:us-east-1.s3.eu-west-1.amazonaws.com", "aws:eu-west-1", ["IE"], ""),
        // A bucket may be called as it pleases its owner.
        ("host:us-east-1.s3.amazonaws.com", "host:us-east-1.s3.amazonaws.com", [], "no table"),
        ("host:europe-west1-docker.pkg.dev", "gcp:europe-west1", ["BE"], ""),
        ("host:eu-west-1.example.com", "host:eu-west-1.example.com", [], "no table"),
        ("resource:acme-logs", "resource:acme-logs", [], "inventory"),
        ("unknown:known after apply", "unknown", [], "known after apply"),
        ("paired:region:azure/a", "azure:b", ["US"], ""),
        ("paired:region:azure/a-az1", "azure:b", ["US"], ""),
        // A pair need not lead back.
        ("paired:region:azure/b", "azure:c", ["US"], ""),
        ("paired:region:azure/alone", "azure:alone", ["IT"], ""),
        ("paired:region:azure/westeurope", "unknown", [], "no table says which place `azure:westeurope` is paired with"),
        ("paired:country:DE", "unknown", [], "no table says"),
        ("paired:region:azure/nowhere", "azure:nowhere", [], "no place `nowhere`"),
        ("paired:unknown:known after apply", "unknown", [], "known after apply"),
    ]

    @Test(arguments: references)
    func `a reference resolves to its countries or to a reason`(_ text: String, _ name: String, _ codes: [String], _ why: String) {
        let place = table.resolve(PlaceReference(text: text))
        #expect(place.name == name)
        #expect(place.location.codes == codes)
        if case .unknown(let reason) = place.location { #expect(reason.contains(why)) }
    }

    static let typed: [(String, [String])] = [
        ("eu-west-1", ["aws:eu-west-1"]), ("aws:EU-WEST-1", ["aws:eu-west-1"]), ("eu-west-1c", ["aws:eu-west-1"]),
        ("gcp:eu", ["gcp:EU"]), ("EU", ["gcp:EU"]), ("de", ["country:DE"]), ("CA-QC", ["country:CA-QC"]), ("country:fr", ["country:FR"]),
        ("203.0.113.9", ["ip:203.0.113.0/24"]), ("9.9.9.9", []), ("sqs.us-east-1.amazonaws.com", ["aws:us-east-1"]),
        ("west europe", ["azure:westeurope"]),
        ("nowhere", []), ("", []), ("xx", []),
    ]

    @Test(arguments: typed)
    func `what a person types is found`(_ text: String, _ names: [String]) {
        #expect(table.lookup(text).map(\.name) == names)
    }

    @Test func `a name that is nearly right is suggested`() {
        #expect(table.suggestions(for: "eu-wset-1") == ["eu-west-1"])
        #expect(table.suggestions(for: "aws:us-east1") == ["aws:us-east-1"])
        #expect(table.suggestions(for: "zzz").isEmpty)
    }

    @Test func `a later entry of the same name replaces the first`() {
        var table = table
        table.add(Gazetteer.Entry(name: "AWS:eu-west-1", kind: .region, location: .unknown("moved"), title: "", source: "", date: ""))
        #expect(table.resolve(.region(provider: "aws", name: "eu-west-1")).location == .unknown("moved"))
        #expect(table.entries.count == 10)
    }

    static let ranges: [(String, Bool)] = [
        ("203.0.113.0/24", true), ("203.0.113.1/24", false), ("203.0.113.0/33", false), ("203.0.113.0/", false), ("0.0.0.0/0", true),
        ("::/0", true),
        ("2001:db8::/32", true), ("2001:db8::1/32", false), ("2001:db8::1", true), ("1.2.3", false), ("1.2.3.04", false), ("a", false),
        ("", false),
        ("1.2.3.4/1/2", false), ("::1::", false), (":::", false), ("1:2:3:4:5:6:7:8:9/8", false),
    ]

    @Test(arguments: ranges)
    func `only ranges of addresses are taken`(_ cidr: String, _ isRange: Bool) {
        var table = Gazetteer()
        let added = table.addNetwork(cidr: cidr, location: .unknown("x"), title: "", source: "")
        #expect(added == isRange)
    }

    @Test func `the index of a network agrees with a search through all of them`() {
        var table = Gazetteer()
        var random = Numbers(state: 7)
        var ranges: [(start: UInt32, length: Int)] = []
        for _ in 0..<400 {
            let length = Int(random.next() % 25) + 8
            let start = UInt32(truncatingIfNeeded: random.next() % 4) << 24 | UInt32(truncatingIfNeeded: random.next()) & 0xFF_FFFF
            let masked = length == 32 ? start : (start >> UInt32(32 - length)) << UInt32(32 - length)
            guard !ranges.contains(where: { $0 == (masked, length) }) else { continue }
            ranges.append((masked, length))
            let added = table.addNetwork(cidr: "\(dotted(masked))/\(length)", location: .unknown(""), title: "", source: "")
            #expect(added)
        }
        for _ in 0..<4_000 {
            let address = UInt32(truncatingIfNeeded: random.next() % 4) << 24 | UInt32(truncatingIfNeeded: random.next()) & 0xFF_FFFF
            let expected = ranges.indices
                .filter {
                    ranges[$0].length == 32
                        ? ranges[$0].start == address : (ranges[$0].start ^ address) >> UInt32(32 - ranges[$0].length) == 0
                }
                .max { ranges[$0].length < ranges[$1].length }
            var text = dotted(address)
            #expect(text.withUTF8 { table.resolveAddress($0) } == expected)
        }
    }

    private func dotted(_ number: UInt32) -> String { "\(number >> 24).\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)" }
}

/// A small deterministic source of numbers.
struct Numbers {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }
}

extension [Country] {
    fileprivate var set: Set<Country> { Set(self) }
}
