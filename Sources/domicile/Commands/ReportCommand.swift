import ArgumentParser
import Audit
import Engine
import EvidenceStore
import Foundation
import Policy
import Reports
import Residency

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Reports from the history of runs.",
        discussion: """
            EXAMPLES
              domicile report --store history.sqlite --format html=report.html
              domicile report --store history.sqlite --tenant acme --from 2026-10-01 --to 2026-10-31 --format html,pdf --out acme
              domicile report --store history.sqlite --run 20261120T060000Z-3f2a9c1d2e4b --format text
              domicile report --store history.sqlite --policies policies --readiness eu --home us --format html=readiness.html

            A report of a period shows its last run, and counts as violated what any run of the period found so. The last run is the \
            first one judged after the period's end, or else the latest.
            --readiness shows what holds the opening of a jurisdiction back: systems by requirements, blockers, and what the home \
            has that the new one lacks; as text, html or json. It exits with 1 if something is violated, 2 if something is \
            unknown, else 0: what is absent does not hold a launch back.
            """)

    @OptionGroup var history: HistoryOption

    @Option(name: .customLong("run"), help: ArgumentHelp("A run's id (default: the latest).", valueName: "id"))
    var runID: String?

    @Option(name: .long, help: ArgumentHelp("Only what concerns this tenant.", valueName: "name"))
    var tenant: String?

    @Option(name: .long, help: ArgumentHelp("From this day or time on.", valueName: "time"))
    var from: String?

    @Option(name: .long, help: ArgumentHelp("Up to this day or time.", valueName: "time"))
    var to: String?

    @OptionGroup var formats: FormatOptions

    @Option(name: .long, help: ArgumentHelp("The folder for reports without a path (default: standard output, and of several reports/<run id>, with the customer's name behind).", valueName: "dir"))
    var out: String?

    @Option(name: .long, help: ArgumentHelp("A jurisdiction about to open: what holds it back?", valueName: "jurisdiction"))
    var readiness: String?

    @Option(name: .long, help: ArgumentHelp("With --readiness: the jurisdiction whose systems it is compared with (default: everywhere else).", valueName: "jurisdiction"))
    var home: String?

    @Option(name: .long, help: ArgumentHelp("With --readiness: the run's policies, a file or folder; repeatable.", valueName: "path"))
    var policies: [String] = []

    @Option(name: .long, help: ArgumentHelp("With --readiness: a folder that replaces the built-in catalogue, places and jurisdictions.", valueName: "dir"))
    var catalogue: String?

    @OptionGroup var look: LookOptions

    func validate() throws {
        for time in [from, to].compactMap(\.self) { _ = try ClockOption.time(time) }
        if let from, let to, try ClockOption.time(from) > ClockOption.time(to) { throw ValidationError("the period ends (`\(to)`) before it begins (`\(from)`)") }
        if readiness != nil, let other = try requests().first(where: { !Reports.readinessFormats.contains($0.format) }) {
            throw ValidationError("readiness has no format `\(other.format.rawValue)`; it has text, html and json")
        }
        if readiness == nil, home != nil { throw ValidationError("`--home` goes with `--readiness`") }
    }

    func run() throws {
        let runs = try history.open()
        let ids = try runID.map { [$0] } ?? PeriodRuns.select(runs.runs().map { ($0.id, $0.now) }, from: from, to: to)
        guard let id = ids.last, var shown = try runs.run(id: id) else {
            throw AuditError.other(runID.map { "there is no run `\($0)` in `\(history.store)`" } ?? "`\(history.store)` holds no run")
        }
        var options = ReportOptions(width: Terminal.width, language: look.language, paper: look.paper)
        if look.language != .english { options.told = try RuleFiles(catalogue: catalogue).load(now: 0).rules.catalogue.told[look.language.rawValue] ?? [:] }
        if tenant != nil || from != nil || to != nil {
            shown = shown.restricted(toTenant: tenant, from: from, to: to)
            options.scope = ReportScope(tenant: tenant, from: from, to: to)
            var period = PeriodHistory()
            for id in ids.dropLast() {
                if let run = try runs.run(id: id) { period.add(run.restricted(toTenant: tenant, from: from, to: to)) }
            }
            period.add(shown)
            shown = period.joined(to: shown)
            options.history = period.moments
        }
        if let readiness { return try show(readiness, of: shown, options: options) }
        let requests = try requests()
        if requests.contains(where: { $0.format == .html || $0.format == .pdf }) { options.findingsDigest = try Publication.digest(of: shown) }
        for request in requests {
            try FormatOptions.put(try Reports.render(shown, as: request.format, options: options), of: request, folder: folder(requests, id))
        }
    }

    private func requests() throws -> [ReportRequest] {
        let requests = try formats.requests()
        return requests.isEmpty ? [ReportRequest(format: .text)] : requests
    }

    /// Where reports without a path go; `nil` for standard output, which holds no more than one.
    private func folder(_ requests: [ReportRequest], _ name: String) -> String? {
        if let out { return out }
        guard requests.count(where: { $0.path == nil }) > 1 else { return nil }
        let customer = tenant.map { "-" + $0.unicodeScalars.map { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0)) ? String($0) : "_" }.joined() }
        return "reports/\(name)\(customer ?? "")"
    }

    private func show(_ jurisdiction: String, of run: Run, options: ReportOptions) throws {
        let fallback = FileManager.default.fileExists(atPath: "policies") ? ["policies"] : []
        // The day of the run decides which versions of jurisdictions count.
        guard let now = Clock.seconds(run.now) else { throw AuditError.other("run `\(run.id)` has no time") }
        let book = try RuleFiles(policies: policies.isEmpty ? fallback : policies, catalogue: catalogue).load(now: now).rules
        guard !book.policies.isEmpty else { throw AuditError.other("no policy was given: name the run's policies with `--policies`") }
        let readiness = try Readiness(of: run, jurisdiction: jurisdiction, home: home, rules: book)
        var options = options
        options.color = Terminal.color(.auto, stream: STDOUT_FILENO)
        let requests = try requests()
        for request in requests {
            guard let bytes = Reports.render(readiness, as: request.format, options: options) else { continue }
            try FormatOptions.put(bytes, of: request, folder: folder(requests, run.id + "-readiness"))
        }
        switch readiness.state {
        case .blocked: throw ExitCode(Exit.violated.rawValue)
        case .unknown: throw ExitCode(Exit.notProven.rawValue)
        case .absent, .waived, .ready: return
        }
    }
}
