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
        let judgements = entries.filter { $0.hasPrefix("judgements-") }
        #expect(judgements.count == 1)
        // From the judgement, from what the inputs showed, and again from the judgement.
        #expect(try Self.whole(scratch.path + "/c", store) == whole)
        try FileManager.default.removeItem(atPath: cache + "/" + judgements[0])
        #expect(try Self.whole(scratch.path + "/c2", store) == whole)
        #expect(try Self.whole(scratch.path + "/c3", store) == whole)
        // Damage: every entry is changed at its beginning, in its middle, at its end; at last it is cut off.
        for (round, place) in ["first", "middle", "last", "cut"].enumerated() {
            for entry in entries {
                let url = URL(filePath: cache + "/" + entry)
                guard var bytes = try? Data(contentsOf: url), !bytes.isEmpty else { continue }
                switch place {
                case "cut": bytes = bytes.prefix(bytes.count / 2)
                default: bytes[place == "first" ? 0 : place == "last" ? bytes.count - 1 : bytes.count / 2] ^= 0x40
                }
                try bytes.write(to: url)
            }
            #expect(try Self.whole(scratch.path + "/d\(round)", store) == whole)
        }
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
            return try all.sorted().filter { !$0.hasPrefix("judgements-") }.compactMap { name in
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

    @Test func `a judgement is taken from the cache only where all that it depends on is the same`() throws {
        let scratch = try Scratch()
        let bucket = { (region: String) in #"{"configurationItems":[{"resourceType":"AWS::S3::Bucket","resourceId":"a","resourceName":"a","ARN":"arn:aws:s3:::a","awsRegion":"\#(region)","awsAccountId":"111122223333","tags":{"data":"customer"},"configuration":{}}]}"# }
        try FileManager.default.createDirectory(atPath: scratch.path + "/in", withIntermediateDirectories: true)
        let input = try scratch.write(bucket("us-east-1"), to: "in/a.json")
        let policy = { (severity: String, allow: String) in
            """
            policy: p
            title: P
            basis: [b]
            applies_to: {data: [customer]}
            require: {stored: {in: [eu], severity: \(severity)}}
            allow: [\(allow)]

            """
        }
        let allow = "{resource: b, activity: stored, to: [US], basis: a reason, until: 2026-12-24}"
        let rules = try scratch.write(policy("high", allow), to: "p.yaml")
        let waiver = { (expires: String) in "waivers:\n  - {policy: p, requirement: stored, subject: b, reason: a reason, owner: o@p.example, granted: 2026-10-01, expires: \(expires), category: waived}\n" }
        let waivers = try scratch.write(waiver("2027-03-01"), to: "w.yaml")
        var count = 0
        func audit(_ more: [String]) throws -> Data {
            count += 1
            let result = try Binary.run(["audit", "in", "--policies", rules, "--waivers", waivers, "--quiet", "--no-store", "--format", "json", "--out", "\(scratch.path)/o\(count)"] + more, in: scratch.path)
            #expect(result.code == 1, "\(result.errors)")
            return try Self.findings("\(scratch.path)/o\(count)")
        }
        func judgements() -> Int {
            (FileManager.default.enumerator(atPath: scratch.path + "/cache")?.compactMap { $0 as? String } ?? []).filter { $0.hasPrefix("judgements-") && $0.contains("/") }.count
        }
        let kept = ["--cache", scratch.path + "/cache"]
        /// Audits with and without the cache; whether the judgement was a new one.
        func isNew(_ more: [String], _ what: Comment) throws -> Bool {
            let before = judgements()
            let cached = try audit(more + kept)
            #expect(try cached == audit(more), what)
            return judgements() > before
        }
        let now = ["--now", "2026-11-22T06:00:00Z"]
        #expect(try isNew(now, "the first"))
        #expect(try !isNew(now, "the same"))
        #expect(try !isNew(["--now", "2026-11-23T06:00:00Z"], "a day later nothing began or ended"))
        #expect(try !isNew(["--now", "2026-11-23T06:00:00Z", "--jobs", "3"], "threads change nothing"))
        #expect(try isNew(["--now", "2026-11-26T06:00:00Z"], "the allowance ends in less than 30 days"))
        #expect(try isNew(["--now", "2026-12-26T06:00:00Z"], "the allowance has ended"))
        #expect(try isNew(["--now", "2027-02-10T06:00:00Z"], "the waiver ends in less than 30 days"))
        #expect(try isNew(["--now", "2027-03-03T06:00:00Z"], "the waiver has ended"))
        #expect(try isNew(["--now", "2015-01-01T06:00:00Z"], "countries come and go"))
        #expect(try isNew(now + ["--strict"], "asked otherwise"))
        #expect(try isNew(now + ["--account", "444455556666"], "stated otherwise"))
        _ = try scratch.write(policy("low", allow), to: "p.yaml")
        #expect(try isNew(now, "another severity"))
        _ = try scratch.write(waiver("2027-04-01"), to: "w.yaml")
        #expect(try isNew(now, "another waiver"))
        let tenants = try scratch.write("tenants:\n  - {tenant: acme, home: eu, names: [a]}\n", to: "t.yaml")
        #expect(try isNew(now + ["--tenants", tenants], "tenants"))
        _ = try scratch.write(bucket("us-west-2"), to: "in/a.json")
        #expect(try isNew(now, "another input"))
        try FileManager.default.moveItem(atPath: input, toPath: scratch.path + "/in/b.json")
        #expect(try isNew(now, "another name of an input"))
        #expect(try !isNew(now, "the same"))
    }

    @Test func `what reports say is the same whoever judged`() throws {
        let scratch = try Scratch()
        let formats = ["json", "junit", "html", "sarif", "oscal", "ocsf", "csv", "markdown"]
        func reports(_ name: String, _ more: [String]) throws -> [String: Data] {
            let folder = scratch.path + "/" + name
            let asked = formats.flatMap { ["--format", "\($0)=\(folder)/\($0)"] }
            let result = try Self.run(["audit"] + Self.inputs + ["--policies", Binary.example, "--now", Binary.now, "--quiet", "--out", folder, "--no-store"] + asked + more)
            #expect(result.code == 1, "\(result.errors)")
            return try Dictionary(uniqueKeysWithValues: formats.map { ($0, try Data(contentsOf: URL(filePath: "\(folder)/\($0)"))) })
        }
        let cache = ["--cache", scratch.path + "/cache"]
        let first = try reports("a", cache)
        let second = try reports("b", cache)
        for format in formats where format != "junit" { #expect(first[format] == second[format], "\(format)") }
        // JUnit tells how long it took.
        func untimed(_ data: Data?) -> String { String(decoding: data ?? Data(), as: UTF8.self).replacing(#/ time="[0-9.]*"/#, with: "") }
        #expect(untimed(first["junit"]) == untimed(second["junit"]))
    }
}
