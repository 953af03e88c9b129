import Engine
import Policy
import Residency
import Testing

/// What a kept judgement is called by: the stretch of time in which the rules hold alike.
struct EraTests {
    /// Countries that come and go: in a list, in a part of a part, in what is excepted, in a version.
    static var rules: RuleBook {
        func set(_ countries: (String, String, String)...) -> Jurisdictions.PlaceSet {
            var set = Jurisdictions.PlaceSet()
            set.countries = countries.compactMap { code, from, until in Country(code).map { .init($0, from: from, until: until) } }
            return set
        }
        var outer = set(("DE", "", ""), ("FR", "2020-03-01", "2021-05-05"))
        outer.any = [.reference("inner")]
        outer.except = [.set(set(("IT", "2022-01-01", "2022-06-30")))]
        var inner = set(("IT", "", ""))
        inner.any = [.set(set(("ES", "2020-02-02", "")))]
        var rules = RuleBook()
        rules.jurisdictions.add(.init(id: "outer", members: outer))
        rules.jurisdictions.add(.init(id: "inner", members: inner))
        rules.jurisdictions.add(.init(id: "versions", version: "2019-01-01", members: set(("JP", "", "2019-07-07"), ("KR", "", ""))))
        rules.jurisdictions.add(.init(id: "versions", version: "2021-01-01", members: set(("JP", "", ""))))
        return rules
    }

    /// All that judging and its sentences say of every country on a day.
    static func said(_ rules: RuleBook, _ now: Int64) -> [String] {
        let day = Clock.day(now)
        return ["DE", "FR", "IT", "ES", "JP", "KR"].compactMap(Country.init).flatMap { country in
            rules.jurisdictions.ids.map { id in
                let membership = rules.jurisdictions.judge(Place(name: "country:\(country)", location: .countries([country])), in: [id], on: day)
                return "\(country) \(id) \(membership) \(rules.jurisdictions.lapse(of: country, in: [id], on: day) ?? "")"
            }
        }
    }

    @Test func `in one era the same is said whatever the day, and there are no more eras than needed`() throws {
        let rules = Self.rules
        let from = try #require(Clock.seconds("2018-12-01T12:00:00Z"))
        let days = (0..<(5 * 365)).map { from + Int64($0) * 86_400 }
        var known: [String: [String]] = [:]
        for day in days {
            let (era, said) = (rules.era(at: day), Self.said(rules, day))
            #expect(known[era, default: said] == said, "\(Clock.day(day)), era \(era)")
            known[era] = said
        }
        // A month of days before the first version; then that begins, and on seven days something comes or goes.
        #expect(known.count == 31 + 1 + 7)
    }

    @Test func `an allowance and a waiver part the time where they end, and where their end comes near`() throws {
        var rules = RuleBook()
        let end = try #require(Clock.seconds("2026-12-25T00:00:00Z"))
        rules.waivers = [
            Waiver(
                policy: "*", requirements: [], subject: "a", match: nil,
                note: WaiverNote(category: .waived, reason: "r", owner: "o", approver: nil, ticket: nil, expires: "2026-12-24"), expires: end, file: "w.yaml", line: 1)
        ]
        let month: Int64 = 30 * 86_400
        let times = [end - month - 1, end - month, end - 1, end, end + month]
        let eras = times.map { rules.era(at: $0) }
        #expect(eras[0] != eras[1] && eras[1] == eras[2] && eras[2] != eras[3] && eras[3] == eras[4])
    }
}
