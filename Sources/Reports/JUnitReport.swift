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
        var room = options.maxListed
        while true {
            let bytes = try document(run, options: options, room: room)
            if bytes.count <= options.maxBytes || room == 0 { return bytes }
            room /= 2
        }
    }

    private static func document(_ run: Run, options: ReportOptions, room: Int) throws(ReportError) -> [UInt8] {
        var suites = Overview(run).policies.map { JUnitSuite($0, run: run, room: room) }
        suites.append(JUnitSuite(inputsOf: run))
        shareTime(of: &suites, milliseconds: Int(((options.elapsedSeconds ?? 0) * 1000).rounded()))
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
            writer.element("testcase", [("classname", item.className), ("name", item.name)]) { writer in
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

    /// The audit judges all policies in one pass, so that a suite's time is its share by number of cases. The parts add up to
    /// the whole.
    private static func shareTime(of suites: inout [JUnitSuite], milliseconds: Int) {
        let total = suites.reduce(0) { $0 + $1.cases.count }
        var before = 0
        for index in suites.indices {
            let from = milliseconds * before / max(1, total)
            before += suites[index].cases.count
            suites[index].milliseconds = milliseconds * before / max(1, total) - from
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
