import Policy
import Residency
import Testing

/// Files in which providers publish the addresses of their regions.
@Suite struct RangesTests {
    static let places = """
        provider: aws
        source: a test
        date: 2026-11-20
        places: [{name: eu-west-1, country: IE}, {name: us-east-1, country: US}, {name: cloudfront, kind: edge, country: unknown, why: an edge}]
        ---
        provider: azure
        places: [{name: germanynorth, country: DE}]
        """
    static let formats = """
        ranges:
          - {title: one, provider: aws, when: has(file.prefixes), each: file.prefixes, cidr: item.ip, place: "item.?region.orValue('')"}
          - {title: two, provider: azure, when: has(file.values), each: file.values, cidr: item.all, place: "{'germanyn': 'germanynorth'}[?item.region].orValue(item.region)"}
        """

    private func load(_ json: String) -> (RuleBook, String) {
        let file = Samples.file("ranges.json", json)
        let (book, found) = RuleBookLoader.load(
            builtin: [Samples.file("places.yaml", Self.places), Samples.file("formats.yaml", Self.formats)], files: [], tenants: nil, waivers: [], ranges: [file],
            now: Samples.now, digest: Samples.digest)
        return (book, Golden.rendered(found, []))
    }

    @Test(arguments: [
        (#"{"prefixes":[{"ip":"52.94.76.0/22","region":"us-east-1"},{"ip":"52.94.0.0/16","region":"eu-west-1"}]}"#, "52.94.77.1", "US"),
        (#"{"prefixes":[{"ip":"52.94.76.0/22","region":"us-east-1"},{"ip":"52.94.0.0/16","region":"eu-west-1"}]}"#, "52.94.1.1", "IE"),
        (#"{"prefixes":[{"ip":"2600:1f00::/24","region":"eu-west-1"}]}"#, "2600:1f00::1", "IE"),
        (#"{"values":[{"region":"germanyn","all":["51.116.0.0/18","51.116.64.0/18"]}]}"#, "51.116.70.1", "DE"),
        (#"{"prefixes":[{"ip":"52.94.76.0/22"}]}"#, "52.94.77.1", ""),
        (#"{"prefixes":[{"ip":"52.94.76.0/22","region":"cloudfront"}]}"#, "52.94.77.1", ""),
    ])
    func `an address is in the region that the smallest range is of`(_ json: String, _ address: String, _ country: String) {
        let (book, said) = load(json)
        #expect(said == "")
        #expect(book.gazetteer.resolve(.address(address)).location.codes.joined() == country)
    }

    @Test(arguments: [
        ("{", "the file is not JSON"), (#"{"other":1}"#, "the file is none of `one` or `two`"),
        (#"{"prefixes":[{"ip":"1.2.3.0/24","region":"xx-1"},{"ip":"1.2.4.0/24","region":"xx-1"}]}"#, "2 entries left out: no place of aws is called `xx-1`"),
        (#"{"prefixes":[{"ip":"no","region":"eu-west-1"}]}"#, "1 entry left out: no place of aws is called `no`"),
    ])
    func `what cannot be used is said`(_ json: String, _ message: String) { #expect(load(json).1.contains(message), "\(load(json).1)") }
}
