import Residency

/// JUnit XML as Jenkins' schema has it, a suite for each policy: violated is a failure, unresolved an error, waived skipped.
///
///     <testsuite name="eu-hosting" tests="2" failures="1" errors="0" skipped="0" time="0.120">
///       <testcase classname="eu-hosting.stored" name="arn:aws:s3:::acme-exports">
///         <failure type="critical" message="stored at aws:us-east-1 (US), promised: eu">...
///
/// Names hold nothing that changes from night to night, so that servers can draw trends. A case stands for one finding as
/// long as there are not too many; beyond a limit, cases named `(all others)` stand for the rest, with the number in their text
/// and the exact counts in the suite's properties.
enum JUnitReport {
    static func render(_ run: Run, options: ReportOptions) throws(ReportError) -> [UInt8] {
        // Half the room each time until it fits; with room 0 only the groups are left.
        let overview = Overview(run)
        var room = options.maxListed
        while true {
            let suites = suites(overview, run, options: options, room: room)
            if suites.reduce(8, { $0 + $1.nodes }) <= maxNodes || room == 0 {
                let bytes = try document(suites, run)
                if bytes.count <= options.maxBytes || room == 0 { return bytes }
            }
            room /= 2
        }
    }

    /// Elements, attributes and texts: GitLab refuses a file with more than 250,000 of them.
    private static let maxNodes = 240_000

    private static func suites(_ overview: Overview, _ run: Run, options: ReportOptions, room: Int) -> [JUnitSuite] {
        var suites = overview.policies.map { JUnitSuite($0, run: run, room: room) }
        suites.append(JUnitSuite(inputsOf: run))
        shareTime(of: &suites, milliseconds: Int(((options.elapsedSeconds ?? 0) * 1000).rounded()))
        return suites
    }

    private static func document(_ suites: [JUnitSuite], _ run: Run) throws(ReportError) -> [UInt8] {
        guard var writer = XMLWriter() else { throw ReportError(.xmlWriter, format: .junit, detail: "no memory") }
        writer.begin(
            "testsuites",
            [
                ("name", run.toolName), ("tests", String(suites.reduce(0) { $0 + $1.cases.count })),
                ("failures", String(suites.reduce(0) { $0 + $1.failures })), ("errors", String(suites.reduce(0) { $0 + $1.errors })),
                ("time", seconds(suites.reduce(0) { $0 + $1.milliseconds })),
            ])
        for suite in suites { write(suite, run: run, to: &writer) }
        writer.end()
        guard let bytes = writer.finish() else { throw ReportError(.xmlWriter, format: .junit, detail: "libxml2 refused") }
        return bytes
    }

    private static func write(_ suite: JUnitSuite, run: Run, to writer: inout XMLWriter) {
        writer.begin(
            "testsuite",
            [
                ("name", suite.name), ("tests", String(suite.cases.count)), ("failures", String(suite.failures)),
                ("errors", String(suite.errors)), ("skipped", String(suite.skipped)), ("time", seconds(suite.milliseconds)),
                ("timestamp", timestamp(run.now)),
            ])
        writer.element("properties") { writer in
            for (name, value) in suite.properties { writer.element("property", [("name", name), ("value", value)]) }
        }
        for item in suite.cases {
            writer.element("testcase", [("classname", item.className), ("name", item.name), ("time", seconds(item.milliseconds))]) { writer in
                switch item.result {
                case .passed: break
                case .failure(let type): writer.element("failure", [("type", type), ("message", item.message)]) { $0.text(item.text) }
                case .error(let type): writer.element("error", [("type", type), ("message", item.message)]) { $0.text(item.text) }
                case .skipped(let type): writer.element("skipped", [("type", type), ("message", item.message)]) { $0.text(item.text) }
                }
                if item.result == .passed && !item.text.isEmpty { writer.element("system-out") { $0.text(item.text) } }
            }
        }
        writer.end()
    }

    /// The audit judges all policies in one pass, so that a case's time is its share, which some servers cannot do without. The
    /// parts add up to the whole.
    private static func shareTime(of suites: inout [JUnitSuite], milliseconds: Int) {
        let total = suites.reduce(0) { $0 + $1.cases.count }
        var before = 0
        for suite in suites.indices {
            for index in suites[suite].cases.indices {
                suites[suite].cases[index].milliseconds = milliseconds * (before + 1) / total - milliseconds * before / total
                before += 1
            }
        }
    }

    /// `1.250`: the schema allows three decimals.
    private static func seconds(_ milliseconds: Int) -> String {
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - fraction.utf8.count) + fraction
    }

    /// `2026-11-22T02:00:00`: some servers choke on a zone, and read a time without one as UTC.
    private static func timestamp(_ now: String) -> String {
        String(now.prefix { $0 != "Z" && $0 != "." && $0 != "+" })
    }
}
