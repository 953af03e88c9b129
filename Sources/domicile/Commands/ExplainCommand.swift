import ArgumentParser
import Audit
import CEL
import Engine
import EvidenceStore
import Foundation
import Policy
import Residency

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Why: the clause, the observation, the expression's values, place, countries, jurisdiction.",
        discussion: """
            EXAMPLES
              domicile explain 3f2a9c1d --findings reports/latest/findings.json --policies policies
              domicile explain 3f2a9c1d2e4b --store history.sqlite --policies policies
              domicile explain 3f2a9c1d --findings out/findings.json --policies policies --inputs inventory/
              domicile explain 3f2a9c1d --findings out/findings.json --policies policies --inputs inventory/ --evidence

            A finding is named by its id or the beginning of it. With --inputs the record is read again and each expression is \
            shown with the value of each of its parts. With --evidence the record itself is printed, byte for byte, once its input has \
            the digest that the run has; exit code 1 if it has not.
            """)

    @Argument(help: ArgumentHelp("The finding's id, or its beginning.", valueName: "finding"))
    var finding: String

    @Option(name: .long, help: ArgumentHelp("A findings.json.", valueName: "file"))
    var findings: String?

    @Option(name: .long, help: ArgumentHelp("The history of runs; its latest run.", valueName: "file"))
    var store: String?

    @Option(name: .long, parsing: .upToNextOption, help: ArgumentHelp("The inputs of the run, to show the records.", valueName: "input"))
    var inputs: [String] = []

    @Flag(name: .long, help: "Print the records out of the inputs, and check the inputs' digests.")
    var evidence = false

    @OptionGroup var rules: RuleOptions

    func validate() throws {
        if findings == nil, store == nil { throw ValidationError("say where the finding is: `--findings FILE` or `--store FILE`") }
        if evidence, inputs.isEmpty { throw ValidationError("`--evidence` needs `--inputs`: the records are in them") }
    }

    func run() async throws {
        let now = try rules.time()
        let book = try rules.files.load(now: now).rules
        let (all, run) = try load()
        let found = all.filter { $0.id.hasPrefix(finding) }
        guard let first = found.first else { throw AuditError.other("there is no finding `\(finding)`") }
        guard found.count == 1 else { throw AuditError.other("`\(finding)` is the beginning of \(found.count) findings; give more of it") }
        var lines = Self.text(first, book, day: Clock.day(now))
        var holds = true
        if evidence {
            for observation in first.observations {
                let shown = try RecordEvidence.find(observation, run: run, inputs: inputs)
                lines += ["", "evidence     \(observation.says)"] + shown.lines.map { "  " + $0 }
                holds = holds && shown.holds
            }
        } else if !inputs.isEmpty {
            for observation in first.observations.prefix(3) {
                lines.append("")
                lines += try RecordLookup.explain(observation, inputs: inputs, rules: book)
            }
        }
        Terminal.result(lines.joined(separator: "\n"))
        if !holds { throw ExitCode(Exit.violated.rawValue) }
    }

    private func load() throws -> (findings: [Finding], inputs: [InputSummary]) {
        if let findings { return (try FindingsFile.read(path: findings), evidence ? try FindingsFile.inputs(path: findings) : []) }
        guard let store else { return ([], []) }
        let runs = try RunStore.existing(path: store)
        guard let id = try runs.latest()?.id, let run = try runs.run(id: id) else { throw AuditError.other("`\(store)` holds no run") }
        return (run.findings, run.inputs)
    }

    private static func text(_ finding: Finding, _ book: RuleBook, day: String) -> [String] {
        var lines = ["\(finding.verdict.rawValue.uppercased())  \(finding.message)", ""]
        lines.append("finding      \(finding.id)")
        lines.append("subject      \(finding.subject.id)")
        let facts = [("type", finding.subject.type), ("account", finding.subject.account), ("data", finding.subject.data ?? "unknown"), ("tenant", finding.subject.tenant ?? "unknown")]
        lines.append("             " + facts.filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1)" }.joined(separator: ", "))
        if let policy = book.policies.first(where: { $0.id == finding.policy }) {
            lines.append("clause       \(policy.file):\(policy.line): \(policy.id), \(finding.requirement), severity \(finding.severity.rawValue)")
            if let requirement = policy.requirements.first(where: { $0.activity.rawValue == finding.requirement }) {
                lines.append("             \(requirement.activity.rawValue) must be in \(requirement.jurisdictions.joined(separator: " or "))")
            }
            if !finding.basis.isEmpty { lines.append("basis        \(finding.basis.joined(separator: "; "))") }
        }
        lines.append("records      \(finding.occurrences)" + (finding.first.map { ", from \($0) to \(finding.last ?? $0)" } ?? ""))
        for observation in finding.observations { lines += text(observation, book, day: day) }
        if !finding.remedy.isEmpty { lines += ["", "what to do   \(finding.remedy)"] }
        return lines
    }

    private static func text(_ observation: Observation, _ book: RuleBook, day: String) -> [String] {
        var lines = ["", "observation  \(observation.says)\(observation.attempted ? " (attempted, not done)" : "")"]
        let vector = book.catalogue.vectors.first { $0.id == observation.vector }
        if let vector { lines.append("  vector     \(vector.id)  (\(vector.file):\(vector.line))") }
        if let vector { lines.append("  place      \(vector.place.source)") }
        switch observation.place.location {
        case .countries:
            lines.append("  resolves   \(observation.place.name) -> \(observation.place.location.codes.joined(separator: ", "))")
            let holding = book.jurisdictions.holding(observation.place, on: day)
            lines.append("  is in      \(holding.isEmpty ? "no jurisdiction" : holding.joined(separator: ", ")) (on \(day))")
        case .unknown(let why): lines.append("  resolves   to no country: \(why)")
        }
        lines.append("  record     input \(observation.record.input), \(observation.record.pointer), \(observation.occurrences) of them")
        return lines
    }
}
