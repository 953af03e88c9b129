import Policy
import Residency
import Testing

/// Each `.rules` in the folder Golden is a set of files without errors; beside it stands what lint, analysis and prose say.
@Suite struct AdviceGoldenTests {
    static let names = Golden.names(".rules")

    static func load(_ name: String) throws -> (RuleBook, [SourceFile]) {
        let (book, found, files) = Golden.load(name + ".rules")
        #expect(found.filter { $0.level == .error } == [])
        return (book, files)
    }

    @Test(arguments: names)
    func `lint says what the author has probably not meant`(_ name: String) throws {
        let (book, files) = try Self.load(name)
        let subjects = [
            Subject(id: "acme-data", type: "AWS::S3::Bucket", provider: "aws"),
            Subject(id: "billing", type: "processor", provider: "register"),
        ]
        let actual = Golden.rendered(PolicyLint.check(book, subjects: subjects, now: Samples.now), files)
        #expect(actual == Golden.expected(name + ".lint.txt", actual))
    }

    @Test(arguments: names)
    func `analysis says what follows from the policies alone`(_ name: String) throws {
        let (book, _) = try Self.load(name)
        let actual = PolicyAnalysis.conclusions(book, now: Samples.now).map { $0.rendered + "\n" }.joined(separator: "\n")
        #expect(actual == Golden.expected(name + ".analysis.txt", actual))
    }

    @Test(arguments: names)
    func `a policy reads as prose`(_ name: String) throws {
        let (book, _) = try Self.load(name)
        let prose = PolicyProse(book.jurisdictions, on: CalendarDay(containing: Samples.now).description)
        let actual = book.policies.map { prose.page($0, waivers: book.waivers) }.joined(separator: "\n\n")
        #expect(actual == Golden.expected(name + ".prose.txt", actual))
    }

    @Test func `a clean set of rules gives no warning`() throws {
        let (book, _) = try Self.load("clean")
        #expect(PolicyLint.check(book, now: Samples.now) == [])
        #expect(PolicyAnalysis.conclusions(book, now: Samples.now) == [])
    }
}
