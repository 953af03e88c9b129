import ArgumentParser
import Audit
import Engine
import Policy
import Residency

struct WhereCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "where",
        abstract: "Which countries and jurisdictions a place is in, with source and date.",
        discussion: """
            EXAMPLES
              domicile where eu-west-2
              domicile where gcp:EU
              domicile where 52.94.76.5 --policies networks.yaml
              domicile where francecentral --now 2026-01-01
            """)

    @Argument(help: ArgumentHelp("A region, zone, multi-region, country or address.", valueName: "place"))
    var places: [String]

    @OptionGroup var rules: RuleOptions

    func run() throws {
        let now = try rules.time()
        let book = try rules.files.load(now: now).rules
        var unknown = false
        for place in places {
            let entries = book.gazetteer.lookup(place)
            if entries.isEmpty {
                unknown = true
                Terminal.result("\(place): unknown")
                let near = book.gazetteer.suggestions(for: place)
                if let best = near.first {
                    Terminal.say("hint: did you mean `\(best)`?")
                } else if place.allSatisfy({ $0.isHexDigit || ".:/".contains($0) }), place.contains(where: { ".:".contains($0) }) {
                    Terminal.say("hint: give a table of addresses, `--addresses ip-ranges.json`: clouds publish theirs, and a MaxMind database (.mmdb) has the others")
                }
            }
            for entry in entries { Terminal.result(Self.text(entry, book, day: Clock.day(now))) }
        }
        if unknown { throw ExitCode(Exit.notProven.rawValue) }
    }

    private static func text(_ entry: Gazetteer.Entry, _ book: RuleBook, day: String) -> String {
        var lines = ["\(entry.name)  \(entry.title)"]
        switch entry.location {
        case .countries: lines.append("  countries      \(entry.location.codes.joined(separator: ", "))")
        case .unknown(let why): lines.append("  countries      unknown: \(why)")
        }
        if let pair = entry.pair { lines.append("  paired with    \(pair == entry.name ? "none: copies stay" : pair)") }
        let holding = book.jurisdictions.holding(entry.place, on: day)
        lines.append("  jurisdictions  \(holding.isEmpty ? "none" : holding.joined(separator: ", "))  (on \(day))")
        lines.append("  source         \(entry.source)\(entry.date.isEmpty ? "" : ", \(entry.date)")")
        if entry.isUnchecked { lines.append("  confidence     low: not checked against what the provider says") }
        return lines.joined(separator: "\n")
    }
}
