import Residency
import Testing

struct CountryCodeTests {
    @Test func `every country has one code of three letters`() {
        let letters = (65...90).map { String(UnicodeScalar($0)) }
        var codes: [String: [String]] = [:]
        for first in letters {
            for second in letters {
                for third in letters {
                    let text = first + second + third
                    if let country = Country.of(alpha3: text) { codes[country.code, default: []].append(text) }
                }
            }
        }
        #expect(Set(codes.keys) == Set(Country.titles.keys))
        #expect(codes.values.allSatisfy { $0.count == 1 })
    }

    @Test(arguments: [("usa", "US"), ("GBR", "GB"), ("Aut", "AT"), ("AUS", "AU"), ("CHE", "CH"), ("CHN", "CN"), ("PRK", "KP"), ("KOR", "KR"), ("IRL", "IE"), ("ISL", "IS")])
    func `a code in any case`(_ code: String, _ country: String) { #expect(Country.of(alpha3: code)?.code == country) }

    @Test(arguments: ["", "US", "USAA", "ZZZ", "U-A", "éire"]) func `no code`(_ text: String) { #expect(Country.of(alpha3: text) == nil) }
}
