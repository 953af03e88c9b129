import Residency
import Testing

struct AddressTableTests {
    /// Knows addresses by their first byte.
    private struct Table: AddressTable {
        let source = "a test"
        let date = "2026-11-20"
        let digest = "0"
        func country(of address: [UInt8]) -> Country? { address.count == 16 ? Country("JP") : [8: "US", 9: "DE", 10: "FR"][address[0]].flatMap { Country($0) } }
    }

    private let gazetteer: Gazetteer = {
        var gazetteer = Gazetteer()
        gazetteer.geolocation = Table()
        gazetteer.addNetwork(cidr: "9.1.0.0/16", location: .countries([Country("AT")].compactMap { $0 }.reduce(into: Set()) { $0.insert($1) }), title: "office", source: "")
        return gazetteer
    }()

    @Test(arguments: [
        ("8.8.8.8", "ip:geo/US", "US"), ("9.9.9.9", "ip:geo/DE", "DE"), ("2600::1", "ip:geo/JP", "JP"), ("9.1.2.3", "ip:9.1.0.0/16", "AT"), ("10.1.2.3", "ip:private", ""),
        ("7.7.7.7", "ip:unlisted", ""),
    ])
    func `a network counts before the table, a private address is nowhere`(_ address: String, _ name: String, _ country: String) {
        let place = gazetteer.resolve(.address(address))
        #expect(place.name == name)
        #expect(place.location.codes.joined() == country)
        // What stands for all addresses of one country leads to the same place.
        #expect(gazetteer.place(gazetteer.canonical(.address(address))).location.codes == place.location.codes)
    }

    @Test func `addresses of one country have one class, of two two`() {
        func kind(_ text: String) -> Int32? {
            var text = text
            return text.withUTF8 { gazetteer.addressClass($0) }
        }
        #expect(kind("8.8.8.8") == kind("8.8.4.4"))
        #expect(kind("8.8.8.8") != kind("9.9.9.9"))
        #expect(kind("7.7.7.7") == -2)
        #expect(kind("10.0.0.1") == -1)
    }

    @Test func `where tells the table`() {
        let entry = gazetteer.lookup("8.8.8.8").first
        #expect(entry?.source == "a test" && entry?.date == "2026-11-20" && entry?.location.codes == ["US"])
        #expect(gazetteer.lookup("10.0.0.1").isEmpty)
    }
}
