import Foundation
import Reports
import Residency
import Testing

/// Readiness in each language, as text and as a page.
struct ReadinessLanguageTests {
    static let readiness: Readiness = {
        var cell = Readiness.Cell()
        for verdict in Verdict.allCases { cell.count(verdict) }
        func items(_ verdict: Verdict) -> [Finding] { Sample.findings.filter { $0.verdict == verdict } }
        let states = Readiness.State.allCases
        let systems = states.map { state in
            Readiness.System(
                name: state == .ready ? "" : "system-\(state.rawValue)", state: state, cells: ["stored": cell], blockers: state == .blocked ? items(.violated) : [],
                open: state == .unknown ? items(.unresolved) : [], waived: state == .waived ? items(.waived) : [], home: ["AWS::S3::Bucket": 1200], here: [:])
        }
        return Readiness(
            jurisdiction: "eu", title: "European Union", home: nil, run: "r1", now: "2026-11-22T02:00:00Z", policies: Sample.policies, requirements: ["stored"],
            systems: systems, shortfalls: ["eu-hosting asks for account 444455556666"])
    }()

    /// One of the report's own words in each language; none of them may stand in another's report.
    static let words: [ReportLanguage: [String]] = [
        .english: ["Readiness of eu", "Blocked", "Could open", "What there is in", "elsewhere", "(no system named)", "owner storage team"],
        .german: ["Bereitschaft von eu", "Blockiert", "Könnten öffnen", "Was es in", "anderswo", "(kein System benannt)", "verantwortlich storage team"],
        .french: ["État de préparation de eu", "Bloqué", "Pourraient ouvrir", "Ce qui existe dans", "ailleurs", "(aucun système nommé)", "responsable storage team"],
        .portuguese: ["Prontidão de eu", "Bloqueado", "Poderiam abrir", "O que existe em", "outros lugares", "(nenhum sistema indicado)", "responsável storage team"],
    ]

    @Test(arguments: ReportLanguage.allCases)
    func `the page speaks one language`(language: ReportLanguage) throws {
        let page = try rendered(.html, language)
        #expect(page.contains("<html lang=\"\(language.rawValue)\">") && page.firstMatch(of: /\{[0-9]\}/) == nil)
        for (other, words) in Self.words { for word in words { #expect(page.contains(word) == (other == language), "\(other): \(word)") } }
        // What the run says stays English, and says so.
        #expect(page.contains("<span lang=\"en\">") == (language != .english))
    }

    @Test(arguments: ReportLanguage.allCases)
    func `the text speaks one language`(language: ReportLanguage) throws {
        let text = try rendered(.text, language)
        #expect(text.firstMatch(of: /\{[0-9]\}/) == nil)
        for (other, words) in Self.words {
            for word in words.dropFirst(3) { #expect(text.contains(word) == (other == language), "\(other): \(word)") }
            #expect(text.contains(words[1].uppercased()) == (other == language), "\(other)")
        }
    }

    @Test func `scripts read the same in every language`() throws {
        #expect(Set(try ReportLanguage.allCases.map { try rendered(.json, $0) }).count == 1)
    }

    private func rendered(_ format: ReportFormat, _ language: ReportLanguage) throws -> String {
        String(decoding: try #require(Reports.render(Self.readiness, as: format, options: ReportOptions(language: language))), as: UTF8.self)
    }
}
