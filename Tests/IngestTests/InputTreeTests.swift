import Foundation
import Ingest
import Residency
import Testing

@Suite struct InputTreeTests {
    private func names(_ arguments: String...) throws -> [String] { try InputTree.files(in: arguments).files.map(\.name) }

    @Test func `a folder gives everything below it by the bytes of its names`() throws {
        let scratch = Scratch()
        for name in ["b.json", "a/z.gz", "a.json", "a/b/c d.json", "A.json", "ä.json", "a-b/x", "%41.json"] { try scratch.write(name, []) }
        let root = (scratch.path as NSString).lastPathComponent
        let found = try InputTree.files(in: [scratch.path + "/"])
        let expected = ["%41.json", "A.json", "a-b/x", "a.json", "a/b/c d.json", "a/z.gz", "b.json", "ä.json"]
        #expect(found.files.map(\.name) == expected.map { "\(root)/\($0)" })
        #expect(found.files.map(\.path) == expected.map { "\(scratch.path)/\($0)" })
        #expect(found.diagnostics.isEmpty)
    }

    @Test func `hidden files are left out and that is said`() throws {
        let scratch = Scratch()
        for name in [".git/x", ".DS_Store", "a"] { try scratch.write(name, []) }
        let found = try InputTree.files(in: [scratch.path])
        #expect(found.files.count == 1)
        #expect(found.diagnostics.map(\.message) == ["2 hidden entries were left out"])
        #expect(try names(scratch.path + "/.DS_Store").count == 1, "named, it is read")
    }

    @Test func `what a run left is left out, and said`() throws {
        let scratch = Scratch()
        let run = "reports/20261120T060000Z-c4e6a1e78003"
        for name in ["\(run)/findings.json", "\(run)/evidence/x", "20261120T060000Z-c4e6a1e78003/a.json", "20261120T060000Z-nothexadecim/findings.json"] {
            try scratch.write(name, [])
        }
        let found = try InputTree.files(in: [scratch.path])
        let left = found.files.map { $0.path.dropFirst(scratch.path.count + 1) }
        // A name alone hides nothing.
        #expect(left == ["20261120T060000Z-c4e6a1e78003/a.json", "20261120T060000Z-nothexadecim/findings.json"])
        #expect(found.diagnostics.map(\.message) == ["is what a run left, and was left out"])
        #expect(try names(scratch.path + "/" + run).count == 2, "named, it is read")
    }

    @Test func `links are followed and loops end`() throws {
        let scratch = Scratch()
        try scratch.write("real/a", [])
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/real/loop", withDestinationPath: scratch.path)
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/link", withDestinationPath: scratch.path + "/real/a")
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/broken", withDestinationPath: scratch.path + "/nowhere")
        let found = try InputTree.files(in: [scratch.path])
        #expect(found.files.map { ($0.name as NSString).lastPathComponent } == ["link", "a"])
        #expect(found.diagnostics.count == 2)
    }

    @Test func `patterns are expanded, each file comes once, and standard input is an input`() throws {
        let scratch = Scratch()
        for name in ["a1.json", "a2.json", "b.json"] { try scratch.write(name, []) }
        #expect(
            try names(scratch.path + "/a*.json", scratch.path + "/a1.json", "-") == [
                "-", scratch.path + "/a1.json", scratch.path + "/a2.json",
            ])
    }

    @Test func `two stars stand for any number of folders, and follow no links`() throws {
        let scratch = Scratch()
        for name in ["a.json", "x/b.json", "x/y [1]/z/c.json", "x/y [1]/z/d.gz"] { try scratch.write(name, []) }
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/x/loop", withDestinationPath: scratch.path + "/x")
        #expect(try names(scratch.path + "/**/*.json") == ["a.json", "x/b.json", "x/y [1]/z/c.json"].map { scratch.path + "/" + $0 })
        #expect(try names(scratch.path + "/x/**/z/d.gz") == [scratch.path + "/x/y [1]/z/d.gz"])
        #expect(throws: ReadError.self) { try InputTree.files(in: [scratch.path + "/**/*.zip"]) }
    }

    @Test func `an argument that names nothing is an error`() {
        #expect(throws: ReadError.self) { try InputTree.files(in: ["/no/such/file"]) }
        #expect(throws: ReadError.self) { try InputTree.files(in: ["/no/such/*.json"]) }
    }

    @Test func `a folder cannot be read as a file, and a file that is gone is told`() {
        #expect(throws: ReadError.self) { try read(path: "/") }
        do {
            _ = try read(path: "/no/such/file")
            Issue.record("was read")
        } catch {
            #expect((error as? ReadError)?.message == "cannot be opened: no such file or directory")
        }
    }

    /// Root may read every folder, so this shows something only for other users.
    @Test(.enabled(if: getuid() != 0)) func `a folder without permission is told and the rest is read`() throws {
        let scratch = Scratch()
        for name in ["closed/a", "open/b"] { try scratch.write(name, []) }
        chmod(scratch.path + "/closed", 0)
        defer { chmod(scratch.path + "/closed", 0o700) }
        let found = try InputTree.files(in: [scratch.path])
        #expect(found.files.count == 1)
        #expect(found.diagnostics.map(\.message) == ["cannot be opened: permission denied"])
    }
}
