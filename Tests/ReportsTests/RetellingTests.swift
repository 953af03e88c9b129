import Foundation
import Reports
import Residency
import Testing

/// In another language than English a report tells its findings from their facts, and keeps their own words beside.
struct RetellingTests {
    static let policies = Sample.policies.map { policy in
        var policy = policy
        policy.require = [.stored: ["eu"], .copied: ["eu"], .accessed: ["eea", "eu-adequate"]]
        return policy
    }

    static func page(_ findings: [Finding], _ language: ReportLanguage) throws -> String {
        var run = Sample.make(findings: findings)
        run.policies = policies
        return String(decoding: try Reports.render(run, as: .html, options: ReportOptions(language: language)), as: UTF8.self)
    }

    static let told: [(ReportLanguage, Verdict, [Place], String)] = [
        (.german, .violated, [Sample.virginia], "gespeichert: aws:us-east-1 (US), außerhalb von <code>eu</code>"),
        (.german, .violated, [Sample.virginia, Sample.sydney], "gespeichert: aws:us-east-1 (US), außerhalb von <code>eu</code>; weitere Orte: 1"),
        (.french, .violated, [Sample.virginia], "stocké : aws:us-east-1 (US), hors de <code>eu</code>"),
        (.portuguese, .violated, [Sample.virginia], "armazenado: aws:us-east-1 (US), fora de <code>eu</code>"),
        (.german, .unresolved, [Sample.nowhere], "gespeichert: resource:acme-archive; nicht bekannt: der Ort"),
        (.french, .unresolved, [Sample.nowhere], "stocké : resource:acme-archive ; non connu : le lieu"),
    ]

    @Test(arguments: told.indices)
    func `a finding is told from its facts, its own words beside`(_ index: Int) throws {
        let (language, verdict, places, text) = Self.told[index]
        let page = try Self.page([Sample.finding("a", "stored", verdict, .high, at: places, message: "its own words")], language)
        #expect(page.contains(text))
        if verdict == .violated { #expect(page.contains("<div class=\"soft\" lang=\"en\">arn:aws:s3:::a: its own words</div>")) }
    }

    @Test func `what is not known of a subject is named`() throws {
        var finding = Sample.finding("a", "stored", .unresolved, .high, at: [Sample.ireland], message: "nothing says what class of data it holds")
        finding.subject.data = nil
        #expect(try Self.page([finding], .german).contains("gespeichert: aws:eu-west-1 (IE); nicht bekannt: die Datenklasse"))
    }

    @Test func `a promise is said in the page's language before the policy's own sentences`() throws {
        for (language, promise) in [(ReportLanguage.german, "Zugriff: nur in <code>eea</code> oder <code>eu-adequate</code>"),
            (.french, "accès : uniquement dans <code>eea</code> ou <code>eu-adequate</code>"), (.portuguese, "acesso: apenas em <code>eea</code> ou <code>eu-adequate</code>")]
        {
            let page = try Self.page(Sample.findings, language)
            let (own, quoted) = (try #require(page.firstRange(of: promise)), try #require(page.firstRange(of: "<span lang=\"en\">Customer data of tenants at home in the EU")))
            #expect(own.lowerBound < quoted.lowerBound)
        }
    }

    static let lacks: [(ReportLanguage, CoverageSentence, String)] = [
        (.german, CoverageSentence(.account, ["eu", "1111"]), "die Richtlinie <code>eu</code> verlangt das Konto <code>1111</code>, und keine Eingabe spricht davon"),
        (.german, CoverageSentence(.noLogs, ["eu", "1 h", "all inputs"]), "die Richtlinie <code>eu</code> verlangt Protokolle alle 1 h, und es gibt keine (alle Eingaben)"),
        (.french, CoverageSentence(.logGap, ["eu", "1 h", "account 1111", "1"]), "la politique <code>eu</code> demande des journaux toutes les 1 h ; compte 1111 : lacunes plus longues : 1"),
        (.portuguese, CoverageSentence(.guardrail, ["eu", "aws"]), "a política <code>eu</code> exige, em <code>aws</code>, uma barreira"),
    ]

    @Test(arguments: lacks.indices)
    func `what the inputs lack is told in the page's language`(_ index: Int) throws {
        let (language, sentence, text) = Self.lacks[index]
        let run = Sample.make(findings: [], shortfalls: [sentence.text, "a sentence of theirs"])
        let page = String(decoding: try Reports.render(run, as: .html, options: ReportOptions(language: language)), as: UTF8.self)
        // Among the reasons, and where coverage is told.
        #expect(page.ranges(of: text).count == 2)
        #expect(!page.contains(sentence.text.replacing("`", with: "")) && !page.contains("asks for"))
        #expect(page.ranges(of: "<span lang=\"en\">a sentence of theirs</span>").count == 2)
    }

    static let blind: [(ReportLanguage, String, String)] = [
        (.german, "our catalogue's own", "unseres Katalogs eigener"),
        (.french, CoverageSentence(.undigestedLogs, ["3 trail", "a.gz"]).text, "fichiers journaux qui ne figurent dans aucun fichier de synthèse (digest) fourni : 3 trail (dont <code>a.gz</code>)"),
        (.portuguese, CoverageSentence(.unjudgedActions, ["7"]).text, "tipos de ação registrada que nenhum vetor julga: 7"),
    ]

    @Test(arguments: blind.indices)
    func `what the inputs cannot show is told in the page's language`(_ index: Int) throws {
        let (language, sentence, text) = Self.blind[index]
        var run = Sample.make(findings: [])
        run.coverage.blindSpots = [sentence, "a sentence of theirs"]
        var options = ReportOptions(language: language)
        options.told = ["our catalogue's own": "unseres Katalogs eigener"]
        let page = String(decoding: try Reports.render(run, as: .html, options: options), as: UTF8.self)
        #expect(page.contains("<dd>\(text)") && !page.contains(sentence.replacing("`", with: "")))
        #expect(page.contains("<span lang=\"en\">a sentence of theirs</span>"))
    }

    static let open: [(ReportLanguage, CoverageSentence, CoverageSentence, String, String)] = [
        (.german, CoverageSentence(.unlisted, ["lake"]), CoverageSentence(.tellPlace, []), "<code>lake</code> steht nicht im Inventar", "das Inventar oder die Datei der Orte angeben"),
        (.french, CoverageSentence(.unknownHost, ["a.example"]), CoverageSentence(.tellUse, []), "aucune table ne dit où se trouve l’hôte <code>a.example</code>", "voir à quoi cela sert"),
        (.portuguese, CoverageSentence(.severalPlaces, ["q"]), CoverageSentence(.tellGround, ["`eu`"]), "vários recursos se chamam <code>q</code>", "mover para um lugar dentro de <code>eu</code>"),
    ]

    @Test(arguments: open.indices)
    func `why something is unresolved, and what would tell it, is told in the page's language`(_ index: Int) throws {
        let (language, why, remedy, reason, toDo) = Self.open[index]
        let place = Place(name: "unknown", location: .unknown(why.text))
        var finding = Sample.finding("a", "stored", .unresolved, .high, at: [place], message: "where `a` is stored cannot be told")
        finding.remedy = remedy.text
        let page = try Self.page([finding], language)
        #expect(page.contains("<td>\(reason)") && page.contains("<td>\(toDo)"), "\(page.ranges(of: reason).count) \(page.ranges(of: toDo).count)")
        #expect(!page.contains(why.text.replacing("`", with: "")) && !page.contains(remedy.text.replacing("`", with: "")))
        // What only a table knows is quoted.
        var other = finding
        other.observations[0].place = Place(name: "unknown", location: .unknown("an edge of theirs"))
        #expect(try Self.page([other], language).contains("<td><span lang=\"en\">an edge of theirs</span>"))
    }

    /// The class of data, say, stands in no sentence of a place: then the finding is told from its facts.
    @Test func `a reason that is a finding's own sentence is told anew`() throws {
        var finding = Sample.finding("a", "stored", .unresolved, .high, at: [Sample.ireland], message: "`a` is stored at x, and nothing says what class of data it holds")
        finding.subject.data = nil
        finding.remedy = CoverageSentence(.tellClass, ["`a`"]).text
        let page = try Self.page([finding], .german)
        #expect(page.contains("<td>gespeichert: aws:eu-west-1 (IE); nicht bekannt: die Datenklasse") && page.contains("<td>die Datenklasse von <code>a</code> als Tag angeben"))
    }

    @Test func `a gap in the logs is told with the account that it is of`() throws {
        var run = Sample.make(findings: [])
        run.coverage.gaps = [LogGap(from: "a", to: "b", scope: LogGap.account + "1111"), LogGap(from: "c", to: "d", scope: LogGap.everything)]
        let page = String(decoding: try Reports.render(run, as: .html, options: ReportOptions(language: .german)), as: UTF8.self)
        #expect(page.contains("a – b: Konto 1111") && page.contains("c – d: alle Eingaben"))
    }

    /// The English report says what `findings.json` says, and no other words.
    @Test func `in English nothing is told anew`() throws {
        let page = try Self.page([Sample.finding("a", "stored", .violated, .high, at: [Sample.virginia], message: "its own words")], .english)
        #expect(page.contains("its own words") && !page.contains("lang=\"en\">arn:") && !page.contains("In its own words"))
    }

    /// Whatever is English in another language's page says so: no word of a finding stands there unmarked.
    @Test(arguments: [ReportLanguage.german, .french, .portuguese])
    func `whatever is quoted is marked as English`(_ language: ReportLanguage) throws {
        let page = try Self.page(Sample.findings, language)
        let bare = page.replacing(/<(span|div)( class="soft")? lang="en">.*?<\/(span|div)>/.dotMatchesNewlines(), with: "")
        for finding in Sample.findings {
            #expect(!bare.contains(finding.message), "\(finding.message)")
            if !finding.remedy.isEmpty { #expect(!bare.contains(finding.remedy), "\(finding.remedy)") }
        }
        for policy in Sample.policies { for sentence in policy.prose { #expect(!bare.contains(sentence), "\(sentence)") } }
    }
}
