import Residency
import Testing

@Suite struct JurisdictionTests {
    private static func set(_ codes: String..., any: [Jurisdictions.Operand] = []) -> Jurisdictions.PlaceSet {
        var set = Jurisdictions.PlaceSet()
        set.countries = codes.compactMap { Country($0) }.map { Jurisdictions.DatedCountry($0) }
        set.any = any
        return set
    }

    private let laws: Jurisdictions = {
        var laws = Jurisdictions()
        func add(_ id: String, _ version: String = "", _ members: Jurisdictions.PlaceSet) {
            laws.add(Jurisdictions.Definition(id: id, version: version, members: members))
        }
        add("eu", "", set("DE", "FR", "IE"))
        add("eea", "", set("NO", any: [.reference("eu")]))
        add("uk", "", set("GB"))
        add("quebec", "", set("CA-QC"))
        add("canada", "", set("CA"))
        var adequate = set("CH")
        adequate.countries.append(
            Jurisdictions.DatedCountry(Country("GB") ?? adequate.countries[0].country, from: "2021-06-28", until: "2025-12-27"))
        add("adequate", "2021-01-01", adequate)
        add("adequate", "2026-01-01", set("CH", "BR"))
        var cloud = Jurisdictions.PlaceSet()
        cloud.places = ["aws:eusc-de-east-1"]
        add("sovereign", "", cloud)
        var both = Jurisdictions.PlaceSet()
        both.all = [.reference("eea"), .set(set("DE", "NO", "GB"))]
        add("both", "", both)
        var less = set(any: [.reference("eea")])
        less.except = [.set(set("FR"))]
        add("less", "", less)
        var exceptPart = set("CA")
        exceptPart.except = [.reference("quebec")]
        add("rest-of-canada", "", exceptPart)
        add("circle", "", set(any: [.reference("circle")]))
        return laws
    }()

    /// The place's countries (or its name), the jurisdictions, the day, and what is said.
    static let rows: [(String, [String], String, String)] = [
        ("DE", ["eu"], "2026-11-22", "inside eu"),
        ("US", ["eu"], "2026-11-22", "outside US"),
        // A place that straddles a border is inside only if all of it is.
        ("DE FR", ["eu"], "2026-11-22", "inside eu"),
        ("DE FR", ["DE"], "2026-11-22", "outside FR"),
        ("DE GB US", ["eu"], "2026-11-22", "outside GB US"),
        // The union of the listed ones may cover it.
        ("DE GB", ["eu", "uk"], "2026-11-22", "inside eu + uk"),
        ("DE GB", ["eu", "uk", "adequate"], "2022-01-01", "inside eu + uk + adequate"),
        ("DE", ["uk", "eu"], "2026-11-22", "inside eu"),
        ("NO", ["eea"], "2026-11-22", "inside eea"),
        // Subdivisions.
        ("CA-QC", ["canada"], "2026-11-22", "inside canada"),
        ("CA", ["quebec"], "2026-11-22", "unknown only a part of Canada is in quebec"),
        ("CA-ON", ["quebec"], "2026-11-22", "outside CA-ON"),
        ("CA-ON", ["rest-of-canada"], "2026-11-22", "inside rest-of-canada"),
        ("CA-QC", ["rest-of-canada"], "2026-11-22", "outside CA-QC"),
        ("CA", ["rest-of-canada"], "2026-11-22", "unknown only a part of Canada is in rest-of-canada"),
        ("CA US", ["quebec"], "2026-11-22", "outside US"),
        // Versions and dates: the day named last still counts.
        ("GB", ["adequate"], "2021-06-27", "outside GB"),
        ("GB", ["adequate"], "2021-06-28", "inside adequate"),
        ("GB", ["adequate"], "2025-12-27", "inside adequate"),
        ("GB", ["adequate"], "2025-12-28", "outside GB"),
        ("BR", ["adequate"], "2025-12-31", "outside BR"),
        ("BR", ["adequate"], "2026-01-01", "inside adequate"),
        ("BR", ["adequate@2021-01-01"], "2026-11-22", "outside BR"),
        ("CH", ["adequate"], "2020-12-31", "unknown no version of the jurisdiction `adequate` holds on 2020-12-31"),
        ("DE", ["adequate@2020-01-01"], "2026-11-22", "unknown no version of the jurisdiction `adequate@2020-01-01` holds on 2026-11-22"),
        ("DE", ["nonsense"], "2026-11-22", "unknown no jurisdiction is called `nonsense`"),
        // Set algebra.
        ("DE", ["both"], "2026-11-22", "inside both"),
        ("NO", ["both"], "2026-11-22", "inside both"),
        ("GB", ["both"], "2026-11-22", "outside GB"),
        ("FR", ["less"], "2026-11-22", "outside FR"),
        ("IE NO", ["less"], "2026-11-22", "inside less"),
        // Places by name, and literals.
        ("aws:eusc-de-east-1", ["sovereign"], "2026-11-22", "inside sovereign"),
        ("aws:eu-west-1", ["sovereign"], "2026-11-22", "unknown nobody knows"),
        ("DE", ["sovereign"], "2026-11-22", "outside DE"),
        ("aws:eu-west-1", ["aws:eu-west-1"], "2026-11-22", "inside aws:eu-west-1"),
        ("CA-QC", ["CA"], "2026-11-22", "inside CA"),
        ("DE", ["country:DE"], "2026-11-22", "inside country:DE"),
        ("DE", ["circle"], "2026-11-22", "outside DE"),
        ("DE", [], "2026-11-22", "outside DE"),
    ]

    @Test(arguments: rows)
    func `a place is judged by all its countries on a day`(_ place: String, _ ids: [String], _ day: String, _ expected: String) {
        let countries = Set(place.split(separator: " ").compactMap { Country(String($0)) })
        let place =
            place.contains(":")
            ? Place(name: place, location: .unknown("nobody knows")) : Place(name: "test", location: .countries(countries))
        let text =
            switch laws.judge(place, in: ids, on: day) {
            case .inside(let id): "inside \(id)"
            case .outside(let countries): "outside " + countries.map(\.code).joined(separator: " ")
            case .unknown(let why): "unknown \(why)"
            }
        #expect(text == expected)
    }

    static let lapses: [(String, [String], String, String?)] = [
        ("GB", ["adequate@2021-01-01"], "2026-11-22", "United Kingdom was in `adequate@2021-01-01` until 2025-12-27"),
        ("GB", ["eu", "adequate"], "2025-12-31", "United Kingdom was in `adequate` until 2025-12-27"),
        ("GB", ["adequate"], "2025-12-27", nil),
        ("GB", ["adequate"], "2021-01-02", nil),
        ("US", ["adequate"], "2026-11-22", nil),
        ("CH", ["adequate"], "2026-11-22", nil),
        ("JP", ["shrinking"], "2026-11-22", "Japan was in `shrinking@2020-01-01`, and is not in the version of 2025-01-01"),
        ("GB", ["wider"], "2025-12-31", "United Kingdom was in `wider` until 2025-12-27"),
    ]

    @Test(arguments: lapses)
    func `that a decision has run out is said`(_ code: String, _ ids: [String], _ day: String, _ expected: String?) throws {
        var laws = laws
        laws.add(Jurisdictions.Definition(id: "shrinking", version: "2020-01-01", members: Self.set("JP", "CH")))
        laws.add(Jurisdictions.Definition(id: "shrinking", version: "2025-01-01", members: Self.set("CH")))
        laws.add(Jurisdictions.Definition(id: "wider", members: Self.set("DE", any: [.reference("adequate")])))
        #expect(laws.lapse(of: try #require(Country(code)), in: ids, on: day) == expected)
    }

    @Test(arguments: [
        ("cloud:edge", ["grounded"], "outside"), ("cloud:elsewhere", ["grounded"], "unknown"), ("unknown", ["grounded"], "unknown"),
        ("cloud:edge", ["grounded", "eu"], "unknown"), ("cloud:edge", ["eu"], "unknown"),
    ])
    func `a place that is excepted by name is outside, wherever it is`(_ name: String, _ ids: [String], _ expected: String) {
        var laws = laws
        var grounded = Self.set("DE", "FR")
        var edge = Jurisdictions.PlaceSet()
        edge.places = ["cloud:edge"]
        grounded.except = [.set(edge)]
        laws.add(Jurisdictions.Definition(id: "grounded", version: "", members: grounded))
        let answer =
            switch laws.judge(Place(name: name, location: .unknown("it does not say")), in: ids, on: "2026-11-20") {
            case .inside: "inside"
            case .outside: "outside"
            case .unknown: "unknown"
            }
        #expect(answer == expected)
    }

    @Test func `members are listed with the algebra worked out`() {
        #expect(laws.members(of: "less", on: "2026-11-22")?.countries.map(\.code) == ["DE", "IE", "NO"])
        #expect(laws.members(of: "both", on: "2026-11-22")?.countries.map(\.code) == ["DE", "NO"])
        #expect(laws.members(of: "sovereign", on: "2026-11-22")?.places == ["aws:eusc-de-east-1"])
        #expect(laws.members(of: "adequate", on: "2024-01-01")?.countries.map(\.code) == ["CH", "GB"])
        #expect(laws.members(of: "nonsense", on: "2026-11-22") == nil)
    }

    @Test func `the jurisdictions that hold a place are listed`() {
        let place = Place(name: "test", location: .countries(Set([Country("DE")].compactMap(\.self))))
        #expect(laws.holding(place, on: "2026-11-22") == ["both", "eea", "eu", "less"])
    }

    @Test func `a definition of the same id and version replaces the first`() {
        var laws = laws
        laws.add(Jurisdictions.Definition(id: "uk", members: Self.set("IE")))
        #expect(laws.members(of: "uk", on: "2026-11-22")?.countries.map(\.code) == ["IE"])
        #expect(laws.all.filter { $0.id == "uk" }.count == 1)
    }

    @Test func `an id is defined with its versions`() {
        #expect(laws.isDefined("adequate") && laws.isDefined("adequate@2021-01-01"))
        #expect(!laws.isDefined("adequate@2020-01-01") && !laws.isDefined("DE") && !laws.isDefined("nonsense"))
    }
}
