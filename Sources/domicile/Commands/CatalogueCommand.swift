import ArgumentParser
import Audit
import Engine
import Ingest
import Policy
import Residency

struct CatalogueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue",
        abstract: "What the catalogue knows: list, show and test its vectors.",
        discussion: """
            EXAMPLES
              domicile catalogue list
              domicile catalogue show aws.kms.replicate-key
              domicile catalogue test
            """,
        subcommands: [List.self, Show.self, Test.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "One line for each vector.", discussion: "EXAMPLES\n  domicile catalogue list\n  domicile catalogue list --provider aws")

        @OptionGroup var rules: RuleOptions

        @Option(name: .long, help: ArgumentHelp("Only this provider.", valueName: "name"))
        var provider: String?

        func run() throws {
            let book = try rules.files.load(now: try rules.time()).rules
            let vectors = book.catalogue.vectors.filter { provider == nil || $0.provider == provider }
            // What a vector looks at may be a hundred types, so it stands last; `show` has all of it.
            let rows = vectors.map { [$0.id, $0.activity.rawValue, $0.isHint ? "hint" : $0.lowConfidence ? "low" : "", $0.trigger.text.shortened(to: 72)] }
            Terminal.result(LookCommand.table(["vector", "activity", "confidence", "looks at"], rows).joined(separator: "\n"))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "One vector whole.", discussion: "EXAMPLES\n  domicile catalogue show aws.kms.replicate-key")

        @Argument(help: ArgumentHelp("The vector's id.", valueName: "id"))
        var id: String

        @OptionGroup var rules: RuleOptions

        func run() throws {
            let book = try rules.files.load(now: try rules.time()).rules
            guard let vector = book.catalogue.vectors.first(where: { $0.id == id }) else {
                let near = NearMatch.best(to: id, among: book.catalogue.vectors.map(\.id)).map { "; did you mean `\($0)`?" } ?? ""
                throw AuditError.other("there is no vector `\(id)`\(near)")
            }
            var lines = ["\(vector.id)  (\(vector.file):\(vector.line))", "  says       \(vector.says)", "  activity   \(vector.activity.rawValue)"]
            lines.append("  looks at   \(vector.trigger.text)")
            if !vector.sweeps.isEmpty { lines.append("  words of   \(vector.sweeps.map { "event." + $0.joined(separator: ".") }.joined(separator: " "))") }
            for (name, expression) in [("when", vector.when), ("each", vector.each), ("subject", vector.subject), ("place", vector.place)] {
                if let expression { lines.append("  \(name)\(String(repeating: " ", count: 11 - name.count))\(expression.source)") }
            }
            if !vector.form.isEmpty { lines.append("  form       \(vector.form)") }
            lines.append("  reference  \(vector.reference)")
            if vector.lowConfidence { lines.append("  confidence \(vector.isHint ? "hint" : "low")") }
            Terminal.result(lines.joined(separator: "\n"))
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test",
            abstract: "Run the cases that stand beside the vectors.", discussion: "EXAMPLES\n  domicile catalogue test\n  domicile catalogue test --policies my-vectors.yaml")

        @OptionGroup var rules: RuleOptions

        func run() throws {
            let book = try rules.files.load(now: try rules.time()).rules
            let results = Cases.run(book.catalogue, layouts: EventLayouts.all)
            let untested = Cases.untested(book.catalogue)
            for vector in untested {
                Terminal.result("\(vector.file):\(vector.line): error: `\(vector.id)` needs a case that observes something and one that observes nothing")
            }
            try PolicyCommand.print(results, also: untested.count)
        }
    }
}

extension String {
    fileprivate func shortened(to count: Int) -> String { self.count <= count ? self : prefix(count - 1) + "…" }
}

extension Vector.Trigger {
    /// What a vector looks at, for people.
    var text: String {
        switch self {
        case .resource(let types): types.joined(separator: " ")
        case .event(let service, let actions): "\(service)/\(actions.joined(separator: ","))"
        case .words(let marks): "words with \(marks.map { "`\($0)`" }.joined(separator: " or "))"
        }
    }
}
