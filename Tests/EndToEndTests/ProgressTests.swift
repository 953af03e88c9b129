import Foundation
import Testing

/// What is told while inputs are read.
struct ProgressTests {
    @Test func `elsewhere than on a terminal each input has a line`() throws {
        let scratch = try Scratch()
        let logs = (FileManager.default.subpaths(atPath: Binary.example + "/inputs") ?? []).filter { $0.contains("CloudTrail_") && $0.hasSuffix(".gz") }.count
        let result = try Binary.run(["look", Binary.example + "/inputs"])
        let audit = try Binary.run(["audit", Binary.example + "/inputs", "--policies", Binary.example, "--now", Binary.now, "--out", scratch.path, "--no-store"])
        #expect(result.code == 0 && !audit.errors.contains("\u{1B}"))
        #expect(audit.errors.split(separator: "\n").filter { $0.contains("aws-cloudtrail, ") }.count == logs, "\(audit.errors)")
    }

    @Test(.enabled(if: CITemplateTests.program("script") != nil, "script (util-linux) is not installed"))
    func `on a terminal one line moves on and goes`() throws {
        let scratch = try Scratch()
        let command = "stty cols 90; '\(Binary.path)' audit '\(Binary.example)/inputs' --policies '\(Binary.example)' --now \(Binary.now) --out '\(scratch.path)' --no-store --quiet >/dev/null; '\(Binary.path)' audit '\(Binary.example)/inputs' --policies '\(Binary.example)' --now \(Binary.now) --out '\(scratch.path)' --no-store >/dev/null"
        let result = try Binary.execute(try #require(CITemplateTests.program("script")), ["-qec", command, "/dev/null"])
        let lines = result.output.split(whereSeparator: { $0 == "\r" || $0 == "\r\n" || $0 == "\n" })
        let bars = lines.filter { $0.contains("[####################]") }
        #expect(!bars.isEmpty && bars.allSatisfy { $0.count <= 90 + 3 }, "\(result.output)")
        #expect(result.output.contains("\u{1B}[K"))
    }
}
