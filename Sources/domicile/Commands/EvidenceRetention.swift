import ArgumentParser
import Audit
import EvidenceStore
import Foundation

extension EvidenceCommand {
    struct Prune: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "prune",
            abstract: "Erase the findings of old runs; digests, statements and the log stay, so that every proof stays good.",
            discussion: """
                EXAMPLES
                  domicile evidence prune --store history.sqlite --key keys/p256.pem --before 2019-11-01 --reason "retention, 7 years" --approver j.doe

                Who, why and which runs is an entry of the log. A legal hold over any of the runs stops the whole of it.
                """)

        @OptionGroup var history: HistoryOption

        @OptionGroup var keys: KeyOptions

        @Option(name: .long, help: ArgumentHelp("Runs judged before this day.", valueName: "day"))
        var before: String

        @Option(name: .long, help: ArgumentHelp("Why they are erased.", valueName: "text"))
        var reason: String

        @Option(name: .long, help: ArgumentHelp("Who approved it.", valueName: "name"))
        var approver: String

        @OptionGroup var clock: ClockOption

        func run() throws {
            let store = try history.open()
            let runs = try store.prune(before: before, reason: reason, approver: approver, signer: try keys.requiredLog(), at: Int(try clock.time()))
            for run in runs { Terminal.result(run) }
            Terminal.say("\(runs.count) \(runs.count == 1 ? "run" : "runs") erased, judged before \(before)")
        }
    }

    struct Hold: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "hold",
            abstract: "Legal holds: runs that must be kept whatever their age.",
            discussion: """
                EXAMPLES
                  domicile evidence hold place --store history.sqlite --key keys/p256.pem --id case-17 --matter "ACME v. us" --first 2026-01-01 --last 2026-12-31 --by j.doe
                  domicile evidence hold list --store history.sqlite
                  domicile evidence hold release --store history.sqlite --key keys/p256.pem --id case-17 --by j.doe
                """,
            subcommands: [Place.self, List.self, Release.self], defaultSubcommand: List.self)

        struct Place: ParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "place",
                abstract: "Forbid erasing the runs judged on these days.",
                discussion: """
                    EXAMPLES
                      domicile evidence hold place --store history.sqlite --key keys/p256.pem --id case-17 --matter "ACME v. us" --first 2026-01-01 --last 2026-12-31 --by j.doe

                    The log has an entry of it, with the matter's SHA-256 in place of the matter.
                    """)

            @OptionGroup var history: HistoryOption

            @OptionGroup var keys: KeyOptions

            @Option(name: .long, help: ArgumentHelp("The hold's name, such as a case's number.", valueName: "id"))
            var id: String

            @Option(name: .long, help: ArgumentHelp("What it is about.", valueName: "text"))
            var matter: String

            @Option(name: .long, help: ArgumentHelp("The first day it covers.", valueName: "day"))
            var first: String

            @Option(name: .long, help: ArgumentHelp("The last day it covers.", valueName: "day"))
            var last: String

            @Option(name: .long, help: ArgumentHelp("Who places it.", valueName: "name"))
            var by: String

            @OptionGroup var clock: ClockOption

            func run() throws {
                try history.open().place(
                    .init(id: id, matter: matter, first: first, last: last, placedBy: by), signer: try keys.requiredLog(), at: Int(try clock.time()))
                Terminal.result("hold \(id) from \(first) to \(last)")
            }
        }

        struct List: ParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "list",
                abstract: "One line for each hold.", discussion: "EXAMPLES\n  domicile evidence hold list --store history.sqlite")

            @OptionGroup var history: HistoryOption

            func run() throws {
                for hold in try history.open().holds() {
                    Terminal.result("\(hold.id)  \(hold.first) to \(hold.last)  \(hold.isReleased ? "released" : "in force")  \(hold.matter) (\(hold.placedBy))")
                }
            }
        }

        struct Release: ParsableCommand {
            static let configuration = CommandConfiguration(
                commandName: "release",
                abstract: "End a hold; the log has an entry of it.",
                discussion: "EXAMPLES\n  domicile evidence hold release --store history.sqlite --key keys/p256.pem --id case-17 --by j.doe")

            @OptionGroup var history: HistoryOption

            @OptionGroup var keys: KeyOptions

            @Option(name: .long, help: ArgumentHelp("The hold's name.", valueName: "id"))
            var id: String

            @Option(name: .long, help: ArgumentHelp("Who releases it.", valueName: "name"))
            var by: String

            @OptionGroup var clock: ClockOption

            func run() throws {
                try history.open().release(hold: id, by: by, signer: try keys.requiredLog(), at: Int(try clock.time()))
                Terminal.result("hold \(id) released")
            }
        }
    }
}
