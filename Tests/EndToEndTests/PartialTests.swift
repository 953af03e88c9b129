import Foundation
import Testing

/// Parts of an audit, made apart and put together, and what is kept from run to run: the bytes of the findings never change.
struct PartialTests {
    static let judging = ["--policies", Binary.example, "--now", Binary.now, "--quiet", "--format", "json"]
    static let inputs = ["\(Binary.example)/inputs", "\(Binary.example)/register.yaml"]

    static func run(_ arguments: [String]) throws -> Binary.Result { try Binary.run(arguments, in: Binary.root.path) }
    static func findings(_ folder: String) throws -> Data { try Data(contentsOf: URL(filePath: folder + "/findings.json")) }

    static func whole(_ folder: String, _ more: [String] = []) throws -> Data {
        let result = try run(["audit"] + inputs + judging + ["--out", folder] + more)
        #expect(result.code == 1, "\(result.errors)")
        return try findings(folder)
    }

    @Test(arguments: [1, 3, 7])
    func `shares put together are the whole`(_ count: Int) throws {
        let scratch = try Scratch()
        let whole = try Self.whole(scratch.path + "/whole", ["--no-store"])
        var parts: [String] = []
        // Counted from 0 by some, from 1 by others.
        for share in (count == 3 ? 1...count : 0...(count - 1)) {
            let part = scratch.path + "/part-\(share)"
            let result = try Self.run(["partial"] + Self.inputs + ["--policies", Binary.example, "--shard", "\(share)/\(count)", "--out", part, "--quiet"])
            #expect(result.code == 0, "\(result.errors)")
            parts.append(part)
        }
        // In the wrong order, and one of them twice, as an engine that tries again delivers them.
        let merged = try Self.run(["merge"] + parts.reversed() + [parts[0]] + Self.judging + ["--out", scratch.path + "/merged", "--no-store"])
        #expect(merged.code == 1, "\(merged.errors)")
        #expect(try Self.findings(scratch.path + "/merged") == whole)
    }

    @Test func `a part that is damaged, cut off or of another catalogue is refused`() throws {
        let scratch = try Scratch()
        let part = scratch.path + "/part"
        #expect(try Self.run(["partial"] + Self.inputs + ["--policies", Binary.example, "--out", part, "--quiet"]).code == 0)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: part)))
        var flipped = bytes
        flipped[bytes.count / 2] ^= 1
        let other = scratch.path + "/catalogue"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        for folder in ["places", "jurisdictions"] {
            try FileManager.default.copyItem(atPath: Binary.root.path + "/policies/" + folder, toPath: other + "/" + folder)
        }
        let cases: [(String, [UInt8], [String], String)] = [
            ("flipped", flipped, [], "is damaged"), ("cut", Array(bytes.dropLast(9)), [], "is cut off"), ("text", Array("hello".utf8), [], "is not what"),
            ("other", bytes, ["--catalogue", other], "another catalogue"),
        ]
        for (name, content, more, said) in cases {
            let path = scratch.path + "/" + name
            try Data(content).write(to: URL(filePath: path))
            let result = try Self.run(["merge", path] + Self.judging + ["--out", scratch.path + "/out-" + name, "--no-store"] + more)
            #expect(result.code == 3 && result.errors.contains(said), "\(name): \(result.code) \(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: scratch.path + "/out-" + name + "/findings.json"))
        }
    }

    @Test func `what is kept changes no byte, whatever becomes of it`() throws {
        let scratch = try Scratch()
        let store = ["--store", scratch.path + "/history.sqlite"]
        let whole = try Self.whole(scratch.path + "/a", ["--no-store"])
        #expect(try Self.whole(scratch.path + "/b", store) == whole)
        let cache = scratch.path + "/history.sqlite.cache"
        let entries = try #require(FileManager.default.enumerator(atPath: cache)).compactMap { $0 as? String }.filter { $0.utf8.count > 60 && !$0.hasSuffix("/") }
        #expect(entries.count > 20)
        #expect(try Self.whole(scratch.path + "/c", store) == whole)
        // Damage: every entry is changed in its middle.
        for entry in entries {
            let url = URL(filePath: cache + "/" + entry)
            guard var bytes = try? Data(contentsOf: url), !bytes.isEmpty else { continue }
            bytes[bytes.count / 2] ^= 0x40
            try bytes.write(to: url)
        }
        #expect(try Self.whole(scratch.path + "/d", store) == whole)
        #expect(try Self.whole(scratch.path + "/e", store + ["--no-cache"]) == whole)
        #expect(try Self.whole(scratch.path + "/f", store + ["--cache-limit", "1KB"]) == whole)
        let left = try #require(FileManager.default.enumerator(atPath: cache)).compactMap { $0 as? String }
        let size = left.reduce(0) { sum, name in
            let facts = try? FileManager.default.attributesOfItem(atPath: cache + "/" + name)
            return facts?[.type] as? FileAttributeType == .typeRegular ? sum + ((facts?[.size] as? NSNumber)?.intValue ?? 0) : sum
        }
        #expect(size <= 1000)
        try FileManager.default.removeItem(atPath: cache)
        #expect(try Self.whole(scratch.path + "/g", store) == whole)
    }

    @Test func `entries are found by the bytes of an input, not by its name`() throws {
        let scratch = try Scratch()
        let logs = scratch.path + "/logs"
        try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
        let event = #"{"eventVersion":"1.08","eventTime":"2026-11-19T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","sourceIPAddress":"192.0.2.1","userIdentity":{"type":"Root"},"recipientAccountId":"111122223333","requestParameters":{"bucketName":"nd-eu-attachments","key":"a"}}"#
        for index in 0..<3 {
            let record = event.replacingOccurrences(of: "\"a\"", with: "\"\(index)\"")
            try Data(#"{"Records":[\#(record)]}"#.utf8).write(to: URL(filePath: logs + "/\(index).json"))
        }
        /// By its number a file that was written anew is told from one that was read.
        func kept() throws -> [NSNumber] {
            let all = FileManager.default.enumerator(atPath: scratch.path + "/cache")?.compactMap { $0 as? String } ?? []
            return try all.sorted().compactMap { name in
                let facts = try FileManager.default.attributesOfItem(atPath: scratch.path + "/cache/" + name)
                return facts[.type] as? FileAttributeType == .typeRegular ? facts[.systemFileNumber] as? NSNumber : nil
            }
        }
        let arguments = ["audit", logs, "--cache", scratch.path + "/cache", "--no-store"] + Self.judging
        _ = try Self.run(arguments + ["--out", scratch.path + "/a"])
        #expect(try kept().count == 3)
        // Moved and named anew: the bytes count, not the name.
        try FileManager.default.moveItem(atPath: logs + "/2.json", toPath: logs + "/9.json")
        _ = try Self.run(arguments + ["--out", scratch.path + "/b"])
        #expect(try kept().count == 3)
        _ = try Self.run(["audit", logs, "--no-store"] + Self.judging + ["--out", scratch.path + "/c"])
        #expect(try Self.findings(scratch.path + "/b") == Self.findings(scratch.path + "/c"))
        try Data(#"{"Records":[\#(event)]}"#.utf8).write(to: URL(filePath: logs + "/1.json"))
        _ = try Self.run(arguments + ["--out", scratch.path + "/d"])
        #expect(try kept().count == 4)
        // A jurisdiction is the judgement's matter; what places there are is not, where the words of a call are looked through.
        let call = event.replacingOccurrences(of: "s3.amazonaws.com", with: "newservice.amazonaws.com").replacingOccurrences(of: "GetObject", with: "CreateThing")
        try Data(#"{"Records":[\#(call)]}"#.utf8).write(to: URL(filePath: logs + "/4.json"))
        _ = try Self.run(arguments + ["--out", scratch.path + "/e"])
        let before = try kept()
        #expect(before.count == 5)
        let jurisdiction = try scratch.write("jurisdictions:\n  - {id: benelux, title: Benelux, version: \"2026-01-01\", source: s, countries: [BE, NL, LU]}\n", to: "j.yaml")
        let judged = try Self.run(arguments + ["--policies", jurisdiction, "--out", scratch.path + "/f"])
        #expect(try judged.code == 1 && kept() == before, "\(judged.errors)")
        let places = try scratch.write("provider: own\nplaces:\n  - {name: \"own:cellar\", kind: region, country: BE, title: the cellar, source: s, date: 2026-11-22}\n", to: "p.yaml")
        let again = try Self.run(arguments + ["--policies", places, "--out", scratch.path + "/g"])
        #expect(try again.code == 1 && kept() != before, "\(again.errors)")
    }
}
