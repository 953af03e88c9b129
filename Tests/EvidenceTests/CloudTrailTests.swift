import Evidence
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import Residency
import Testing

@Suite(.enabled(if: Checkers.python != nil, Checkers.skipped)) struct CloudTrailTests {
    private static let mutations: [(name: String, command: String, kinds: Set<String>)] = [
        ("nothing", "true", []),
        (
            "a log changed", "f=$(find . -name '*abc1.json.gz'); gzip -dc $f | sed 's/GetObject/PutObject/' | gzip -n > x; mv x $f",
            ["changed"]
        ),
        ("a log deleted", "rm $(find . -name '*abc2.json.gz')", ["missing"]),
        ("a log compressed anew", "f=$(find . -name '*abc0.json.gz'); gzip -dc $f | gzip -1n > x; mv x $f", []),
        ("a digest deleted", "rm $(find . -name '*T020000Z.json.gz')", ["chain", "gap"]),
        (
            "a digest changed", "f=$(find . -name '*T020000Z.json.gz'); gzip -dc $f | sed 's/abc1/abc9/' | gzip -n > x; mv x $f",
            ["signature", "chain", "missing"]
        ),
        (
            "a digest moved",
            "f=$(find . -name '*T020000Z.json.gz'); mv $f ${f%020000Z.json.gz}025900Z.json.gz; mv $f.meta.json ${f%020000Z.json.gz}025900Z.json.gz.meta.json",
            ["moved", "chain", "gap"]
        ),
        (
            "a signature changed",
            "f=$(find . -name '*T010000Z*meta.json'); sed -i 's/\"signature\": \"0/\"signature\": \"1/; t; s/\"signature\": \"./\"signature\": \"0/' $f",
            ["signature", "chain"]
        ),
        ("another key", "sed -i 's/\"Fingerprint\": \"../\"Fingerprint\": \"zz/' public-keys.json", ["key"]),
        (
            "two logs swapped", "a=$(find . -name '*abc0.json.gz'); b=$(find . -name '*abc1.json.gz'); mv $a x; mv $b $a; mv x $b",
            ["changed"]
        ),
        ("a digest that is no JSON", "f=$(find . -name '*T030000Z.json.gz'); echo no | gzip -n > $f", ["unreadable"]),
    ]

    @Test(arguments: mutations.indices) func `the verdict is that of awscli's validator`(index: Int) throws {
        let mutation = Self.mutations[index]
        let scratch = try Scratch()
        let bin = "\(Checkers.folder ?? "")/bin"
        #expect(try Checkers.shell("\(Checkers.python ?? "") \(bin)/make_cloudtrail.py t", in: scratch.path).code == 0)
        let made = try Checkers.shell("set -e; \(mutation.command)", in: "\(scratch.path)/t")
        #expect(made.code == 0, "\(made.output)")
        let result = try Self.verify("\(scratch.path)/t")
        #expect(Set(result.problems.map(\.kind.rawValue)) == mutation.kinds, "\(mutation.name): \(result.problems)")
        #expect(result.digests == (mutation.name == "a digest deleted" ? 2 : 3))
        // With the AWS CLI's own class where it is installed, with openssl else.
        let theirs = try Checkers.shell("python3 \(bin)/verify_cloudtrail.py t", in: scratch.path)
        #expect((theirs.code == 0) == result.holds, "\(mutation.name): \(theirs.output)")
    }

    @Test func `a log that no digest names is listed`() throws {
        let scratch = try Scratch()
        #expect(
            try Checkers.shell("\(Checkers.python ?? "") \(Checkers.folder ?? "")/bin/make_cloudtrail.py t", in: scratch.path).code == 0)
        #expect(try Checkers.shell("f=$(find t -name '*abc1.json.gz'); cp $f ${f%abc1.json.gz}zzz9.json.gz", in: scratch.path).code == 0)
        let result = try Self.verify("\(scratch.path)/t")
        #expect(result.holds && result.logs == 3 && result.uncovered.count == 1)
    }

    /// The files as they lie on disk; inflated by gzip, which is not ours.
    private static func verify(_ folder: String) throws -> LogIntegrity {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json.gz") }
        func inflated(_ name: String) throws -> [UInt8] {
            let output = try Checkers.shell("gzip -dc '\(name)' > inflated", in: folder)
            return output.code == 0 ? Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/inflated"))) : []
        }
        func split(_ name: String) -> (bucket: String, key: String) {
            let slash = name.firstIndex(of: "/") ?? name.endIndex
            return (String(name[..<slash]), String(name[slash...].dropFirst()))
        }
        let digests = try names.filter { $0.contains("CloudTrail-Digest") }.map { name in
            let meta = try StrictJSON.parse(Array(Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).meta.json"))))
            return CloudTrailDigests.Digest(
                bucket: split(name).bucket, key: split(name).key, json: try inflated(name), signature: meta["signature"]?.text ?? "")
        }
        let logs = names.filter { !$0.contains("CloudTrail-Digest") }
        let hashes = try Dictionary(uniqueKeysWithValues: logs.map { ($0, SHA256Digest(of: try inflated($0)).hex) })
        let keys = try CloudTrailDigests(publicKeys: [Array(Data(contentsOf: URL(fileURLWithPath: "\(folder)/public-keys.json")))])
        return keys.verify(digests, present: logs) { hashes["\($0)/\($1)"] }
    }
}
