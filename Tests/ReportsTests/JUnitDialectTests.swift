import Foundation
import Reports
import Residency
import Testing

/// What each server that shows JUnit files asks of them. Jenkins' schema and the parser of the usual GitHub actions
/// (junitparser) are run on the file in `JUnitTests`; what no schema says is written down here, with where it was read.
struct JUnitDialectTests {
    /// A rule that a file keeps or breaks.
    struct Rule: CustomTestStringConvertible {
        var server: String
        var source: String
        var says: String
        var isKept: @Sendable (JUnitFile) -> Bool

        var testDescription: String { "\(server): \(says)" }
    }

    static let rules = [
        Rule(server: "Jenkins", source: "junit-plugin, SuiteResult", says: "each suite has a name, each case a class name and a name") { file in
            file.suites.allSatisfy { $0["name"]?.isEmpty == false } && file.cases.allSatisfy { !$0.attribute("classname").isEmpty && !$0.attribute("name").isEmpty }
        },
        Rule(server: "Jenkins", source: "junit-plugin, SuiteResult.parse", says: "time and time stamp are such as it reads, without a zone") { file in
            file.suites.allSatisfy { ($0["timestamp"] ?? "").wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}/) != nil }
                && file.cases.allSatisfy { $0.attribute("time").wholeMatch(of: /[0-9]+\.[0-9]{3}/) != nil }
        },
        Rule(server: "GitLab", source: "docs.gitlab.com/ci/testing/unit_test_reports", says: "smaller than 30 MB") { $0.bytes < 30_000_000 },
        Rule(server: "GitLab", source: "gitlab-org/gitlab issue 507482", says: "no more than 250,000 elements, attributes and texts") { $0.nodes <= 250_000 },
        Rule(server: "GitLab", source: "docs.gitlab.com/ci/testing/unit_test_reports", says: "of equal names it shows the first only, so there are none") { file in
            Set(file.cases.map { $0.attribute("classname") + "\u{0}" + $0.attribute("name") }).count == file.cases.count
        },
        Rule(server: "GitLab", source: "lib/gitlab/ci/parsers/test/junit.rb", says: "what it shows of a failure is the element's text") { file in
            file.cases.allSatisfy { item in item.outcomes.allSatisfy { !$0.text.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty } }
        },
        Rule(server: "GitHub", source: "dorny/test-reporter, java-junit-parser", says: "suites stand in `testsuites`, and every outcome has a message") { file in
            file.root == "testsuites" && file.cases.allSatisfy { item in item.outcomes.allSatisfy { !($0.attributes["message"] ?? "").isEmpty } }
        },
        Rule(server: "Azure DevOps", source: "learn.microsoft.com PublishTestResults@2, mapping of JUnit", says: "`tests`, `failures`, `errors`, `skipped` and `time` of a suite are numbers, and true") { file in
            file.suites.indices.allSatisfy { index in
                let own = file.cases.filter { $0.suite == index }
                func count(_ name: String) -> Int { own.count { item in item.outcomes.contains { $0.name == name } } }
                let suite = file.suites[index]
                return suite["tests"] == String(own.count) && suite["failures"] == String(count("failure")) && suite["errors"] == String(count("error"))
                    && suite["skipped"] == String(count("skipped")) && Double(suite["time"] ?? "") != nil
            }
        },
        Rule(server: "Azure DevOps", source: "learn.microsoft.com PublishTestResults@2, mapping of JUnit", says: "a case has one outcome at most, directly in it") { file in
            file.cases.allSatisfy { $0.outcomes.count <= 1 }
        },
        Rule(server: "CodeBuild", source: "docs.aws.amazon.com/codebuild/latest/userguide/test-report", says: "`failure` is FAILED, `error` ERROR, `skipped` SKIPPED: no other element tells an outcome") { file in
            file.cases.allSatisfy { item in item.elements.allSatisfy { ["failure", "error", "skipped", "system-out"].contains($0) } }
        },
        Rule(server: "CodeBuild", source: "docs.aws.amazon.com/codebuild/latest/userguide/test-report", says: "of more than 500 cases it keeps the failed ones: a violation is a `failure`") { file in
            file.violated == 0 || file.cases.contains { item in item.outcomes.contains { $0.name == "failure" } }
        },
    ]

    static let runs: [(name: String, run: Run)] = [
        ("the sample", Sample.run), ("hostile names", Hostile.run), ("nothing", Sample.make(findings: [])),
        ("many of each verdict", Sample.make(findings: Verdict.allCases.flatMap { verdict in
            (0..<12_000).map { Sample.finding("\(verdict)-\($0)", "stored", verdict, .high, at: [Sample.virginia], message: "outside") }
        })),
    ]

    @Test(arguments: rules)
    func `the file keeps what the server asks for`(rule: Rule) throws {
        for (name, run) in Self.runs {
            let file = try JUnitFile(Reports.render(run, as: .junit, options: ReportOptions(elapsedSeconds: 2.5, maxListed: 20_000)), violated: run.summary.violated)
            #expect(rule.isKept(file), "\(rule.server) (\(rule.source)): \(name)")
        }
    }

    @Test func `the times of the cases add up to the whole`() throws {
        let file = try JUnitFile(Reports.render(Sample.run, as: .junit, options: ReportOptions(elapsedSeconds: 2.5)), violated: 2)
        #expect(file.cases.reduce(0) { $0 + (Int($1.attribute("time").filter(\.isNumber)) ?? 0) } == 2500)
    }

    @Test func `the rules can be broken`() throws {
        let wrong = """
            <testsuite name="" tests="3" time="x" timestamp="2026-11-22T02:00:00Z"><testcase name="a"><failure/><error/></testcase><testcase name="a"/></testsuite>
            """
        let file = try JUnitFile(Array(wrong.utf8), violated: 0)
        let broken = Self.rules.filter { !$0.isKept(file) }
        #expect(broken.count == 7, "\(broken.map(\.says))")
    }
}
