import ArgumentParser
import Audit
import Foundation
import Ingest
import Policy
import Pushdown
import Residency

struct CompileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile",
        abstract: "The compiled rules as SQL for an existing engine.",
        discussion: """
            EXAMPLES
              domicile compile --target duckdb --layout cloudtrail-json -o observe.sql
              domicile compile --target trino --layout athena-cloudtrail --table logs.cloudtrail
              domicile compile --target spark-sql --layout ocsf-api-activity

            The statement filters the events by the conditions of the catalogue's vectors, groups them by the fields that the \
            vectors read, and counts. Places and verdicts are told from its answer by the same code as ever. What is left to that \
            code is listed on standard error, with the reason. `domicile audit --engine duckdb` and \
            `--engine spark-sql` run it all.

            Targets: \(Dialect.allCases.map { $0.rawValue + ($0.executed.isEmpty ? " (not executed by us)" : "") }.joined(separator: ", ")). \
            Layouts: \(Layout.allCases.map(\.rawValue).joined(separator: ", ")).
            """)

    @Option(name: .long, help: ArgumentHelp("The engine whose SQL it is.", valueName: "name"))
    var target: String

    @Option(name: .long, help: ArgumentHelp("How the events are held.", valueName: "layout"))
    var layout: String = Layout.documents.rawValue

    @Option(name: .long, help: ArgumentHelp("The table's name (default: the layout's).", valueName: "name"))
    var table: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Where the statement goes (default: standard output).", valueName: "file"))
    var output: String?

    @OptionGroup var rules: RuleOptions

    func validate() throws {
        try Self.check(target, "target", Dialect.allCases.map(\.rawValue))
        try Self.check(layout, "layout", Layout.allCases.map(\.rawValue))
    }

    private static func check(_ name: String, _ what: String, _ known: [String]) throws {
        guard !known.contains(name) else { return }
        let near = NearMatch.best(to: name, among: known).map { "; did you mean `\($0)`?" } ?? ""
        throw ValidationError("there is no \(what) `\(name)`\(near.isEmpty ? "." : near) There are: \(known.joined(separator: " "))")
    }

    func run() throws {
        guard let target = Dialect(rawValue: target), let layout = Layout(rawValue: layout) else { return }
        let loaded = try rules.files.load(now: try rules.time())
        guard let events = EventLayouts.of(layout.format) else { return }
        let statement = Statement(loaded.rules.catalogue, events: events, dialect: target, layout: layout, table: table)
        let bytes = Array((statement.sql + "\n").utf8)
        if let output {
            do {
                try Data(bytes).write(to: URL(filePath: output), options: .atomic)
            } catch { throw AuditError.unwritable(output, error.localizedDescription) }
        } else {
            Terminal.result(bytes)
        }
        for refusal in statement.refusals {
            Terminal.say("\(refusal.vector): `\(Self.brief(refusal.expression))`: \(refusal.reason); \(refusal.instead)")
        }
        for loss in layout.losses { Terminal.say("layout \(layout.rawValue): \(loss)") }
        if !statement.isExecuted { Terminal.say("note: statements for \(target.rawValue) of the layout \(layout.rawValue) are not executed by us; their syntax is checked") }
    }

    private static func brief(_ text: String) -> String { text.count > 100 ? text.prefix(97) + "..." : text }
}
