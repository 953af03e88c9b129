import Residency
import Testing

struct DomainTests {
    @Test(arguments: [
        ("metrics.example", "m:us"), ("intake.metrics.example", "m:us"), ("eu.metrics.example", "m:eu"), ("a.b.eu.metrics.example", "m:eu"),
        ("notmetrics.example", "host:notmetrics.example"), ("example", "host:example"),
    ])
    func `the longest domain that holds a host counts`(_ host: String, _ place: String) throws {
        var gazetteer = Gazetteer()
        for (name, code) in [("us", "US"), ("eu", "IE")] {
            let country = try #require(Country(code))
            gazetteer.add(.init(name: "m:\(name)", kind: .region, location: .countries([country]), title: "", source: "", date: ""))
        }
        gazetteer.addDomain("metrics.example", place: "m:us")
        gazetteer.addDomain("eu.metrics.example", place: "m:eu")
        #expect(gazetteer.resolve(.host(host)).name == place)
    }
}
