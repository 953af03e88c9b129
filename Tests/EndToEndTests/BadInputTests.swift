import Foundation
import Testing

/// Hostile and broken inputs: a clear message, a place, a count; the rest of the audit goes on; nothing crashes.
struct BadInputTests {
    static let policy = """
        policy: eu-hosting
        title: Data stays in the EU
        basis: [GDPR Art. 44]
        severity: high
        applies_to: {data: [customer], tenants: {home: eu}}
        require:
          stored: {in: eu}
          processed: {in: eu}
        """
    static let event = #"{"eventVersion":"1.08","userIdentity":{"type":"IAMUser"},"eventTime":"2026-11-19T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"eu-west-1","requestParameters":{"bucketName":"b"},"recipientAccountId":"111122223333"}"#

    struct Bad: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        var code: Int32
        var malformed: ClosedRange<Int>
        /// A part of what standard error or the report's diagnostics say.
        var says: String
        var testDescription: String { name }
    }

    static func bad(_ name: String, _ text: String, code: Int32 = 2, malformed: ClosedRange<Int>, says: String = "") -> Bad {
        Bad(name: name, bytes: Array(text.utf8), code: code, malformed: malformed, says: says)
    }

    static let table: [Bad] = [
        bad("an empty file", "", malformed: 0...0, says: "empty"),
        bad("JSON cut in the middle", #"{"Records":[\#(event),{"eventVersion":"1.08","eventSo"#, malformed: 1...2),
        Bad(name: "a gzip cut in the middle", bytes: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xAB], code: 2, malformed: 1...1, says: ""),
        Bad(name: "invalid UTF-8", bytes: Array(#"{"Records":[\#(event.dropLast()),"x":""#.utf8) + [0xC3, 0x28] + Array(#""}]}"#.utf8), code: 2, malformed: 1...1, says: "UTF-8"),
        bad("10,000 levels deep", #"{"Records":["# + event.dropLast() + #","x":"# + String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000) + "}]}", malformed: 1...1, says: "deep"),
        bad("a number beyond 2^63", #"{"Records":[\#(event.dropLast()),"additionalEventData":{"n":92233720368547758089}}]}"#, malformed: 0...0),
        bad("what is no known format", "hello, world\n", malformed: 0...0, says: "format"),
    ]

    @Test(arguments: table)
    func `a bad input is told and the rest goes on`(_ bad: Bad) throws {
        let scratch = try Scratch()
        let policy = try scratch.write(Self.policy, to: "eu.yaml")
        _ = try scratch.write(#"{"Records":[\#(Self.event)]}"#, to: "inputs/good.json")
        try Data(bad.bytes).write(to: URL(filePath: scratch.path + "/inputs/bad.json"))
        let result = try Binary.run(["audit", scratch.path + "/inputs", "--policies", policy, "--out", scratch.path + "/out", "--now", Binary.now])
        #expect(result.code == bad.code, "\(result.code): \(result.errors)")
        let text = try String(contentsOfFile: scratch.path + "/out/findings.json", encoding: .utf8)
        let findings = try Findings(folder: scratch.path + "/out")
        let input = try #require(findings.run.inputs.first { $0.path.hasSuffix("bad.json") })
        #expect(bad.malformed.contains(input.malformed), "\(input)")
        #expect(findings.run.inputs.first { $0.path.hasSuffix("good.json") }?.records == 1)
        #expect(bad.says.isEmpty || (text + result.errors).contains(bad.says), "\(result.errors)")
    }

    /// Whoever keeps policies beside the inventory names one folder for both.
    @Test func `the rules are no input, and another's policy is`() throws {
        let scratch = try Scratch()
        _ = try scratch.write(Self.policy, to: "all/eu.yaml")
        _ = try scratch.write("tenants:\n  acme: eu\n", to: "all/tenants.yaml")
        _ = try scratch.write("waivers: []\n", to: "all/waivers.yaml")
        _ = try scratch.write(#"{"Records":[\#(Self.event)]}"#, to: "all/good.json")
        func audit(_ command: [String]) throws -> (Binary.Result, Findings) {
            let result = try Binary.run(command + ["--out", scratch.path + "/out", "--no-store", "--now", Binary.now])
            return (result, try Findings(folder: scratch.path + "/out"))
        }
        let folder = scratch.path + "/all"
        let (result, findings) = try audit(["audit", folder, "--policies", folder, "--waivers", folder + "/waivers.yaml"])
        #expect(findings.run.inputs.map(\.format).sorted() == ["aws-cloudtrail", "rules", "rules", "rules"], "\(findings.run.inputs)")
        #expect(!result.output.contains("in no format that is read"), "\(result.output)")
        #expect(result.errors.contains("eu.yaml: rules") && !result.errors.contains("nothing was read"), "\(result.errors)")
        // Made in parts it comes to the same.
        let part = scratch.path + "/part"
        #expect(try Binary.run(["partial", folder, "--policies", folder, "--out", part, "--quiet"]).code == 0)
        let bytes = try Data(contentsOf: URL(filePath: scratch.path + "/out/findings.json"))
        _ = try audit(["merge", part, "--policies", folder, "--waivers", folder + "/waivers.yaml"])
        #expect(try Data(contentsOf: URL(filePath: scratch.path + "/out/findings.json")) == bytes)
        // A policy that this run does not go by is in no format that is read, and what it is is told.
        _ = try scratch.write(Self.policy.replacingOccurrences(of: "eu-hosting", with: "other"), to: "all/other.yaml")
        let (second, other) = try audit(["audit", folder, "--policies", folder + "/eu.yaml"])
        #expect(other.run.inputs.first { $0.path.hasSuffix("other.yaml") }?.format == "unknown")
        #expect(second.code == 2 && second.output.contains("is a policy; nothing was read from it"), "\(second.output)")
    }

    @Test func `a name twice counts once, and is told`() throws {
        let scratch = try Scratch()
        let policy = try scratch.write(Self.policy, to: "eu.yaml")
        let file = try scratch.write(#"{"Records":[\#(Self.event.dropLast()),"awsRegion":"us-east-1"}]}"#, to: "twice.json")
        let result = try Binary.run(["audit", file, "--policies", policy, "--out", scratch.path + "/out", "--now", Binary.now])
        #expect(result.code == 2, "\(result.errors)")
    }

    @Test func `a file of a hundred megabytes on one line is read in bounded memory`() throws {
        let scratch = try Scratch()
        let policy = try scratch.write(Self.policy, to: "eu.yaml")
        let count = 100_000_000 / (Self.event.utf8.count + 1)
        let path = scratch.path + "/long.json"
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.write(contentsOf: Data(#"{"Records":["#.utf8))
        let chunk = Data(String(repeating: Self.event + ",", count: 1000).utf8)
        for _ in 0..<(count / 1000) { try handle.write(contentsOf: chunk) }
        try handle.write(contentsOf: Data((Self.event + "]}").utf8))
        try handle.close()
        let shell = "ulimit -v 3000000; exec \"$0\" \"$@\""
        let result = try Binary.execute(
            "/bin/bash", ["-c", shell, Binary.path, "audit", path, "--policies", policy, "--out", scratch.path + "/out", "--now", Binary.now, "--no-store"])
        #expect(result.code == 2, "\(result.errors)")
        #expect(try Findings(folder: scratch.path + "/out").summary.events == count / 1000 * 1000 + 1)
    }

    @Test func `a folder without permission is told, and the run is not complete`() throws {
        let scratch = try Scratch()
        let policy = try scratch.write(Self.policy, to: "eu.yaml")
        let file = try scratch.write(#"{"Records":[\#(Self.event)]}"#, to: "inputs/good.json")
        let closed = scratch.path + "/inputs/closed"
        try FileManager.default.createDirectory(atPath: closed, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o000], ofItemAtPath: closed)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: closed) }
        guard geteuid() != 0 else {
            // Permissions do not hold for root: a missing file stands for it.
            let result = try Binary.run(["audit", file, scratch.path + "/none.json", "--policies", policy, "--out", scratch.path + "/out", "--now", Binary.now])
            #expect(result.code == 3, "\(result.errors)")
            return
        }
        let result = try Binary.run(["audit", scratch.path + "/inputs", "--policies", policy, "--out", scratch.path + "/out", "--now", Binary.now])
        #expect(result.code == 3)
        #expect(result.errors.contains("closed"))
    }

    @Test(arguments: [
        ("policy: x\ntitle: t\nbasis: [b]\nseverity: high\nrequire: {stored: {in: nowhere}}\n", "nowhere", "an unknown jurisdiction"),
        ("jurisdictions:\n  - {id: a, title: A, source: s, any: [b]}\n  - {id: b, title: B, source: s, any: [a]}\n", "itself", "a cycle of jurisdictions"),
        ("policy: x\ntitel: t\nbasis: [b]\nseverity: high\nrequire: {stored: {in: eu}}\n", "did you mean `title`", "a key that is nearly right"),
    ])
    func `a wrong policy ends the run with its place`(_ text: String, _ says: String, _ why: String) throws {
        let scratch = try Scratch()
        let policy = try scratch.write(text, to: "wrong.yaml")
        let file = try scratch.write(#"{"Records":[\#(Self.event)]}"#, to: "good.json")
        let result = try Binary.run(["audit", file, "--policies", policy, "--out", scratch.path + "/out", "--now", Binary.now])
        #expect(result.code == 3, "\(why)")
        #expect(result.errors.contains("wrong.yaml:"), "\(result.errors)")
        #expect(result.errors.contains(says), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: scratch.path + "/out/findings.json"))
    }

    @Test func `a list of tenants with an unknown home ends the run`() throws {
        let scratch = try Scratch()
        let policy = try scratch.write(Self.policy, to: "eu.yaml")
        let tenants = try scratch.write("tenant,home\nacme,eur\n", to: "tenants.csv")
        let file = try scratch.write(#"{"Records":[\#(Self.event)]}"#, to: "good.json")
        let result = try Binary.run(["audit", file, "--policies", policy, "--tenants", tenants, "--out", scratch.path + "/out", "--now", Binary.now])
        #expect(result.code == 3)
        #expect(result.errors.contains("tenants.csv:2:6") && result.errors.contains("`eur`"), "\(result.errors)")
    }

    @Test func `strict ends at the first malformed record`() throws {
        let scratch = try Scratch()
        let policy = try scratch.write(Self.policy, to: "eu.yaml")
        let file = try scratch.write(#"{"Records":[\#(Self.event),{"eventVersion":]}"#, to: "cut.json")
        let result = try Binary.run(["audit", file, "--policies", policy, "--out", scratch.path + "/out", "--now", Binary.now, "--strict"])
        #expect(result.code == 3, "\(result.errors)")
        #expect(result.errors.contains("cut.json"))
    }

    @Test func `a store that is no store is left as it is`() throws {
        let scratch = try Scratch()
        let policy = try scratch.write(Self.policy, to: "eu.yaml")
        let file = try scratch.write(#"{"Records":[\#(Self.event)]}"#, to: "good.json")
        let store = try scratch.write("this is not a database, not at all, and longer than a header of one hundred bytes would be, I hope so.", to: "history.sqlite")
        let before = FileManager.default.contents(atPath: store)
        let result = try Binary.run(["audit", file, "--policies", policy, "--out", scratch.path + "/out", "--store", store, "--now", Binary.now])
        #expect(result.code == 3)
        #expect(FileManager.default.contents(atPath: store) == before)
    }
}
