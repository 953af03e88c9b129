import Foundation
import Reports
import Residency
import Testing

/// The page in a real browser, where there is one.
@Suite(.enabled(if: Browser.path != nil, "chromium"), .serialized)
struct BrowserTests {
    @Test(arguments: [Sample.run, Hostile.run])
    func `the page has no error, asks for nothing and runs no script but its own`(run: Run) throws {
        let (dom, log) = try Browser.open(Reports.render(run, as: .html, options: HTMLTests.options))
        #expect(log.filter { $0.contains("CONSOLE") || $0.contains("Refused") } == [])
        #expect(dom.contains("</footer>"))
        #expect(dom.components(separatedBy: "<script").count == 2)
    }

    @Test func `in a page of ten thousand findings the script sorts and filters, and it opens quickly`() throws {
        let many = (0..<10_000).map { Sample.finding("b-\($0)", "stored", .violated, .high, at: [Sample.virginia], message: "outside") }
        let bytes = try Reports.render(Sample.make(findings: many), as: .html, options: ReportOptions(maxListed: 20_000))
        let started = ContinuousClock.now
        let (dom, log) = try Browser.open(bytes)
        #expect(log.filter { $0.contains("CONSOLE") } == [])
        #expect(dom.contains("<button class=\"sort\" type=\"button\">"))
        #expect(!dom.contains("<div class=\"filter\" data-for=\"violated-0\" hidden"))
        #expect(ContinuousClock.now - started < .seconds(60))
        // Sections that are not looked at are not set: without it the page opens in four times the time.
        #expect(dom.contains("<section id=\"violated\" aria-labelledby=\"h-violated\" class=\"long\">"))
    }

    @Test func `a script that is put into the page does not run`() throws {
        let page = String(decoding: try Reports.render(Sample.run, as: .html), as: UTF8.self)
        let broken = page.replacing(
            "</footer>", with: "</footer><script>document.title = 'injected'</script><img src=x onerror=\"document.title='injected'\">")
        let (dom, log) = try Browser.open(Array(broken.utf8))
        #expect(!dom.contains("<title>injected"))
        #expect(log.contains { $0.contains("Content Security Policy") })
    }
}

enum Browser {
    static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// The page after its script ran, and what the browser said.
    static func open(_ bytes: [UInt8]) throws -> (dom: String, log: [Substring]) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("browser-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("report.html")
        try Data(bytes).write(to: file)
        let (dom, log) = (folder.appendingPathComponent("dom"), folder.appendingPathComponent("log"))
        let command = """
            "$0" --headless=new --no-sandbox --disable-gpu --enable-logging=stderr --user-data-dir="$1/profile" --dump-dom "file://$1/report.html" \
            > "$1/dom" 2> "$1/log"
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command, path ?? "", folder.path]
        try process.run()
        process.waitUntilExit()
        let text = try String(contentsOf: log, encoding: .utf8)
        return (try String(contentsOf: dom, encoding: .utf8), text.split(separator: "\n").filter { !$0.contains("dbus") })
    }
}
