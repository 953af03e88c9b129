import Foundation
import Testing

/// The clouds' own evidence of their logs, as the audit reports it.
struct CloudEvidenceTests {
    struct Report: Decodable {
        struct Run: Decodable {
            struct Input: Decodable { var path: String, format: String, records: Int, sha256: String, first: String?, last: String?, object: String? }
            var inputs: [Input]
        }
        struct Coverage: Decodable {
            struct Integrity: Decodable {
                struct Trail: Decodable {
                    struct Problems: Decodable {
                        struct Problem: Decodable { var kind: String, path: String, detail: String }
                        var count: Int
                        var first: [Problem]
                    }
                    struct Names: Decodable { var count: Int }
                    var digests: Int, logs: Int, holds: Bool, problems: Problems, uncovered: Names
                }
                struct Storage: Decodable { var checked: Int, absent: Int, changed: [String], holds: Bool, by: [String: Int] }
                var cloudtrail: Trail?
                var storage: Storage?
            }
            var integrity: Integrity?
            var shortfalls: [String], blindSpots: [String]
        }
        var run: Run
        var coverage: Coverage
    }

    /// Audits files by a policy that asks for nothing they could violate.
    static func audit(_ inputs: [String], _ scratch: Scratch, more: [String] = [], in folder: String? = nil) throws -> (code: Int32, report: Report, errors: String) {
        let policy = try scratch.write("policy: stored\ntitle: t\nseverity: low\napplies_to: {data: [customer]}\nrequire: {stored: {in: eu}}\n", to: "p.yaml")
        let out = scratch.path + "/out"
        let result = try Binary.run(["audit"] + inputs + ["--policies", policy, "--now", Binary.now, "--out", out, "--no-store", "--format", "json"] + more, in: folder)
        return (result.code, try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(filePath: out + "/findings.json"))), result.errors)
    }

    private static let digest = "$(find . -name '*Digest*T020000Z.json.gz')"
    private static let changes: [(name: String, command: String, kinds: Set<String>)] = [
        ("nothing", "true", []),
        ("a log compressed anew", "f=$(find . -name '*abc0.json.gz'); gzip -dc $f | gzip -1n > x; mv x $f", []),
        ("a log changed", "f=$(find . -name '*abc1.json.gz'); gzip -dc $f | sed 's/GetObject/PutObject/' | gzip -n > x; mv x $f", ["changed"]),
        ("a log deleted", "rm $(find . -name '*abc2.json.gz')", ["missing"]),
        ("a log cut", "f=$(find . -name '*abc2.json.gz'); head -c 60 $f > x; mv x $f", ["changed"]),
        ("a log moved", "f=$(find . -name '*abc2.json.gz'); mkdir -p $(dirname $f)/../18; mv $f $(dirname $f)/../18/", ["moved"]),
        ("a log renamed", "f=$(find . -name '*abc2.json.gz'); mv $f ${f%abc2.json.gz}abc7.json.gz", ["moved"]),
        ("two logs swapped", "a=$(find . -name '*abc0.json.gz'); b=$(find . -name '*abc1.json.gz'); mv $a x; mv $b $a; mv x $b", ["changed"]),
        ("a digest deleted", "rm \(digest)", ["chain", "gap"]),
        ("a digest changed", "f=\(digest); gzip -dc $f | sed 's/abc1/abc9/' | gzip -n > x; mv x $f", ["signature", "chain", "moved"]),
        ("a digest moved", "f=\(digest); mv $f ${f%020000Z.json.gz}025900Z.json.gz; mv $f.meta.json ${f%020000Z.json.gz}025900Z.json.gz.meta.json", ["moved", "chain", "gap"]),
        ("a digest that is no JSON", "f=\(digest); echo no | gzip -n > $f", ["unreadable", "chain", "gap"]),
        ("a signature changed", "f=$(find . -name '*T010000Z*meta.json'); sed -i 's/\"signature\": \"0/\"signature\": \"1/; t; s/\"signature\": \"./\"signature\": \"0/' $f", ["signature", "chain"]),
        ("another key", "sed -i 's/\"Fingerprint\": \"../\"Fingerprint\": \"zz/' public-keys.json", ["key"]),
        ("no keys", "rm public-keys.json", ["key"]),
    ]
    /// What awscli's validator, which works in the bucket, has no notion of.
    private static let ours: Set = ["no keys"]

    @Test(.enabled(if: SignedTrail.isPossible, "openssl or gzip is not installed"), arguments: changes.indices)
    func `the chain of digests is checked in the pass that judges the logs`(index: Int) throws {
        let change = Self.changes[index]
        let trail = try SignedTrail()
        try trail.change(change.command)
        let (code, report, errors) = try Self.audit([trail.path], trail.scratch)
        let verdict = try #require(report.coverage.integrity?.cloudtrail, "\(errors)")
        #expect(Set(verdict.problems.first.map(\.kind)) == change.kinds, "\(change.name): \(verdict.problems.first)")
        #expect(verdict.holds == change.kinds.isEmpty && report.coverage.shortfalls.count(where: { $0.hasPrefix("CloudTrail's digest files:") }) == change.kinds.count)
        // What does not hold is not proven.
        #expect(change.kinds.isEmpty || code == 2, "\(change.name): \(code)")
        if change.kinds.isEmpty { #expect(verdict.digests == 3 && verdict.logs == 3 && report.run.inputs.count { $0.format == "aws-cloudtrail" && $0.records == 1 } == 3) }
        guard Shared.has("verify/bin/verify_cloudtrail.py"), !Self.ours.contains(change.name) else { return }
        let theirs = try Binary.execute("/usr/bin/python3", [Shared.root + "/verify/bin/verify_cloudtrail.py", trail.path])
        #expect((theirs.code == 0) == verdict.holds, "\(change.name): \(theirs.output)\(theirs.errors)")
    }

    @Test(.enabled(if: SignedTrail.isPossible, "openssl or gzip is not installed"))
    func `copies that lost their folders, their metadata or their compression are still told`() throws {
        // In one flat folder, without the metadata: the next digest repeats each signature but the last.
        let flat = try SignedTrail()
        try flat.change("mkdir flat; find trail-bucket -name '*.gz' -exec cp {} flat \\;; rm -r trail-bucket")
        let lost = try #require(try Self.audit([flat.path], flat.scratch).report.coverage.integrity?.cloudtrail)
        #expect(lost.logs == 3 && lost.problems.first.map(\.kind) == ["signature"], "\(lost.problems)")
        #expect(lost.problems.first.first?.detail.contains("was not given") == true)
        // Inflated, in the folders below the bucket.
        let inflated = try SignedTrail()
        try inflated.change("for f in $(find trail-bucket -name '*.gz'); do gunzip -k $f; [ -e $f.meta.json ] && mv $f.meta.json ${f%.gz}.meta.json; rm $f; done; mv trail-bucket/AWSLogs . ; rmdir trail-bucket")
        let whole = try #require(try Self.audit([inflated.path], inflated.scratch).report.coverage.integrity?.cloudtrail)
        #expect(whole.holds && whole.logs == 3, "\(whole.problems)")
        // What head-object prints beside the file.
        let head = try SignedTrail()
        try head.change("for f in $(find . -name '*.gz.meta.json'); do s=$(sed 's/.*\"signature\": \"\\([0-9a-f]*\\)\".*/\\1/' $f); echo \"{\\\"ContentLength\\\": $(stat -c %s ${f%.meta.json}), \\\"ETag\\\": \\\"x\\\", \\\"Metadata\\\": {\\\"signature\\\": \\\"$s\\\"}}\" > $f; done")
        let printed = try Self.audit([head.path], head.scratch).report.coverage.integrity
        #expect(printed?.cloudtrail?.holds == true && printed?.storage?.checked == 3, "\(String(describing: printed))")
    }

    @Test(.enabled(if: SignedTrail.isPossible, "openssl or gzip is not installed"))
    func `a log that no digest names, and logs without digests, are told`() throws {
        let trail = try SignedTrail()
        try trail.change("f=$(find . -name '*abc1.json.gz'); gzip -dc $f | sed 's/GetObject/GetObjekt/' | gzip -n > ${f%abc1.json.gz}zzz9.json.gz")
        let extra = try Self.audit([trail.path], trail.scratch).report.coverage
        #expect(extra.integrity?.cloudtrail?.holds == true && extra.integrity?.cloudtrail?.uncovered.count == 1)
        #expect(extra.blindSpots.contains { $0.hasPrefix("1 CloudTrail log file is in no digest file") }, "\(extra.blindSpots)")
        try trail.change("rm -r $(find . -name CloudTrail-Digest)")
        let none = try Self.audit([trail.path], trail.scratch).report.coverage
        #expect(none.integrity == nil && none.blindSpots.contains { $0.hasPrefix("no CloudTrail digest files were given") }, "\(none.blindSpots)")
    }

    @Test(.enabled(if: SignedTrail.isPossible, "openssl or gzip is not installed")) func `the verdict is signed`() throws {
        let trail = try SignedTrail()
        _ = try Binary.run(["keys", "generate", "--out", trail.scratch.path + "/keys"])
        _ = try Self.audit([trail.path], trail.scratch, more: ["--key", trail.scratch.path + "/keys/p256.pem", "--collected-by", "aws s3 sync, j.doe"])
        let statement = try String(contentsOfFile: trail.scratch.path + "/out/evidence/evidence.pae", encoding: .utf8)
        #expect(statement.contains("\"logIntegrity\":{\"cloudtrail\":{\"digests\":3,\"from\":\"2026-11-19T00:00:00Z\",\"holds\":true,\"logs\":3"))
        #expect(statement.contains("\"collectedBy\":\"aws s3 sync, j.doe\""))
    }

    @Test func `each input has its first and last record, and what its storage calls it`() throws {
        let scratch = try Scratch()
        func event(_ time: String) -> String {
            "{\"eventVersion\":\"1.08\",\"eventTime\":\"\(time)\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"GetObject\",\"awsRegion\":\"eu-west-1\",\"recipientAccountId\":\"1\",\"eventID\":\"e\",\"userIdentity\":{}}"
        }
        let log = "{\"Records\":[\(event("2026-11-19T05:00:00Z")),\(event("2026-11-19T01:00:00Z")),\(event("2026-11-19T03:00:00Z"))]}"
        _ = try scratch.write(log, to: "in/logs/a.json")
        _ = try scratch.write(log + "\n", to: "in/logs/b.json")
        let sum = try Binary.execute("/bin/bash", ["-c", "openssl dgst -md5 -binary in/logs/a.json | base64"], in: scratch.path).output.dropLast()
        let size = log.utf8.count
        func list(_ entries: String) throws { _ = try scratch.write("[\(entries)]", to: "in/objects.json") }
        let good = "{\"bucket\":\"logs\",\"name\":\"a.json\",\"generation\":\"1731\",\"size\":\"\(size)\",\"md5Hash\":\"\(sum)\"}"
        try list(good)
        let first = try Self.audit([scratch.path + "/in"], scratch)
        let input = try #require(first.report.run.inputs.first { $0.path.hasSuffix("a.json") })
        #expect(input.first == "2026-11-19T01:00:00Z" && input.last == "2026-11-19T05:00:00Z" && input.object == "gs://logs/a.json#1731")
        #expect(first.report.coverage.integrity?.storage?.checked == 1 && first.report.coverage.integrity?.storage?.holds == true)
        // S3's own checksum, in a file beside the copy.
        let sha = try Binary.execute("/bin/bash", ["-c", "openssl dgst -sha256 -binary in/logs/a.json | base64"], in: scratch.path).output.dropLast()
        try FileManager.default.removeItem(atPath: scratch.path + "/in/objects.json")
        for (checksum, holds) in [(String(sha), true), ("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", false)] {
            _ = try scratch.write("{\"ContentLength\": \(size), \"ETag\": \"x\", \"ChecksumSHA256\": \"\(checksum)\"}", to: "in/logs/a.json.meta.json")
            let storage = try #require(try Self.audit([scratch.path + "/in"], scratch).report.coverage.integrity?.storage)
            #expect(storage.checked == 1 && storage.holds == holds, "\(checksum)")
        }
        try FileManager.default.removeItem(atPath: scratch.path + "/in/logs/a.json.meta.json")
        // Another content under the same size, another size, an object that was not given.
        for (entries, changed, absent) in [
            (good.replacing(sum, with: "AAAAAAAAAAAAAAAAAAAAAA=="), 1, 0), (good.replacing("\"\(size)\"", with: "\"\(size + 1)\""), 1, 0),
            (good + "," + good.replacing("a.json", with: "c.json"), 0, 1),
            ("{\"name\":\"logs/b.json\",\"container\":\"c\",\"properties\":{\"contentLength\":\(size + 1),\"contentSettings\":{\"contentMd5\":\"\(sum)\"}}}", 1, 0),
        ] {
            try list(entries)
            let (code, report, _) = try Self.audit([scratch.path + "/in"], scratch)
            let storage = try #require(report.coverage.integrity?.storage)
            #expect(storage.changed.count == changed && storage.absent == absent, "\(entries)")
            #expect(changed == 0 || code == 2)
            #expect(absent == 0 || report.coverage.blindSpots.contains { $0.contains("gs://logs/c.json#1731") })
        }
    }

    /// Checksums of `123456789`, as S3 names them.
    static let checksums: [(field: String, value: String)] = [
        ("SHA256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="), ("SHA1", "98O8HYCOBHMq32eZZczDTKeuNEE="), ("CRC64NVME", "rosUhgp5mIg="),
        ("CRC32C", "4waSgw=="), ("CRC32", "y/Q5Jg=="),
    ]

    @Test(arguments: checksums.indices) func `every checksum that S3 keeps of a whole object is checked`(index: Int) throws {
        let (field, value) = Self.checksums[index]
        let scratch = try Scratch()
        _ = try scratch.write("123456789", to: "in/a.txt")
        func check(_ value: String, type: String = "FULL_OBJECT") throws -> Report.Coverage.Integrity.Storage? {
            _ = try scratch.write(
                "{\"ContentLength\": 9, \"ETag\": \"x\", \"Checksum\(field)\": \"\(value)\", \"ChecksumType\": \"\(type)\"}", to: "in/a.txt.meta.json")
            return try Self.audit([scratch.path + "/in"], scratch).report.coverage.integrity?.storage
        }
        let good = try check(value)
        #expect(good?.holds == true && good?.by == [field.lowercased(): 1], "\(String(describing: good))")
        let other = (value.first == "A" ? "B" : "A") + value.dropFirst()
        #expect(try check(other)?.holds == false)
        // Those of uploads in parts say nothing of the file.
        #expect(try check(other, type: "COMPOSITE")?.by == ["size": 1])
        #expect(try check(other + "-3")?.by == ["size": 1])
    }

    @Test func `an object that Google composed has a CRC-32C alone, and it is checked`() throws {
        let scratch = try Scratch()
        _ = try scratch.write("123456789", to: "in/logs/a.txt")
        for (said, holds) in [("\"crc32c\":\"4waSgw==\"", true), ("\"crc32c_hash\":\"4waSgw==\"", true), ("\"crc32c\":\"4waSgg==\"", false)] {
            _ = try scratch.write("[{\"bucket\":\"logs\",\"name\":\"a.txt\",\"generation\":\"1\",\"size\":\"9\",\(said)}]", to: "in/objects.json")
            let storage = try Self.audit([scratch.path + "/in"], scratch).report.coverage.integrity?.storage
            #expect(storage?.holds == holds && storage?.by == ["crc32c": 1], "\(said)")
        }
    }
}
