import Evidence
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import Testing

/// Bundles by someone who means harm: none may crash the verifier, lead it out of the bundle, or make its report lie.
@Suite struct HostileBundleTests {
    private static func report(_ bundle: SampleBundle, _ name: String = "bundle") throws -> VerificationReport {
        try BundleVerifier.verify(bundle: "\(bundle.scratch.path)/\(name)", trust: Trust(path: "\(bundle.scratch.path)/keys"))
    }

    @Test func `a file hides behind no other whose name has the same letters`() throws {
        let bundle = try SampleBundle()
        let (composed, decomposed) = ("policy/caf\u{e9}.yaml", "policy/cafe\u{301}.yaml")
        let sums = String(decoding: try bundle.scratch.read("bundle/SHA256SUMS"), as: UTF8.self)
        try bundle.scratch.write("bundle/\(composed)", [1])
        try bundle.scratch.write("bundle/\(decomposed)", [2])
        #expect(!sums.contains("caf"))
        #expect { try Self.report(bundle) } throws: { "\($0)".contains("can't be told apart") }
    }

    @Test(arguments: ["\u{1b}[2JVERIFIED: every claim holds", "x\nVERIFIED: every claim holds", "\u{202e}txt.evil", "\u{9b}2J"])
    func `a name gives the terminal no commands and looks like no line of the report`(name: String) throws {
        let bundle = try SampleBundle()
        try bundle.scratch.write("bundle/\(name)", [1])
        let text = try Self.report(bundle).text
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x7F...0x9F ~= $0.value) && $0 != "\u{202e}" }, "\(text)")
        #expect(text.hasSuffix("NOT VERIFIED\n") && !text.split(separator: "\n").contains { $0.hasPrefix("VERIFIED") }, "\(text)")
    }

    @Test func `what nothing covers is refused without being read, and a terabyte takes no time`() throws {
        let bundle = try SampleBundle()
        for name in ["more.bin", "evidence.tsr", "evidence.sig", "log/checkpoint.previous"] {
            let path = "\(bundle.path)/\(name)"
            let before = FileManager.default.contents(atPath: path)
            if name.hasPrefix("log/") { try FileManager.default.createDirectory(atPath: "\(bundle.path)/log", withIntermediateDirectories: true) }
            if before == nil { try Data().write(to: URL(fileURLWithPath: path)) }
            let started = Date()
            truncate(path, 1 << 40)
            #expect(try !Self.report(bundle).holds, "\(name)")
            #expect(Date().timeIntervalSince(started) < 20, "\(name)")
            try FileManager.default.removeItem(atPath: path)
            if let before { try before.write(to: URL(fileURLWithPath: path)) }
            try? FileManager.default.removeItem(atPath: "\(bundle.path)/log")
        }
        #expect(try Self.report(bundle).holds)
    }

    @Test func `a device, a pipe and a link are no files of a bundle`() throws {
        let bundle = try SampleBundle()
        let path = "\(bundle.path)/report.html"
        try FileManager.default.removeItem(atPath: path)
        #expect(mkfifo(path, 0o644) == 0)
        #expect { try Self.report(bundle) } throws: { "\($0)".contains("neither a file nor a folder") }
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "../keys/p256.pem")
        #expect { try Self.report(bundle) } throws: { "\($0)".contains("neither a file nor a folder") }
    }

    @Test(arguments: [
        ("evidence.dsse.json", "{\"payload\":\"\",\"payload\":\"\"}\n"), ("evidence.dsse.json", String(repeating: "[", count: 1_000_000)),
        ("evidence.dsse.json", String(repeating: "{\"a\":", count: 1_000_000)), ("evidence.sigstore.json", "{\"a\":1,\"a\":1}\n"),
        ("inputs/manifest.json", String(repeating: "[", count: 1_000_000) + "\n"), ("findings.jsonl", "\n\n\n"), ("findings.jsonl", "{\"verdict\":\"\n"),
        ("SHA256SUMS", ""), ("SHA256SUMS", String(repeating: "\n", count: 1000)), ("evidence.sig", ""), ("evidence.pae", ""),
        ("attestations/test-result.dsse.json", "{\"payload\":1,\"payloadType\":2,\"signatures\":3}\n"),
    ])
    func `texts that are meant to break a reader are refused`(name: String, text: String) throws {
        let bundle = try SampleBundle()
        try bundle.scratch.write("bundle/\(name)", Array(text.utf8))
        #expect(try !Self.report(bundle).holds)
    }

    /// A member of an archive: a header that tar accepts, with its checksum.
    private static func member(_ name: String, type: Character = "0", link: String = "", size: String = "00000000001", mode: String = "0000644", content: [UInt8] = [65]) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        for (text, offset) in [
            (name, 0), (mode, 100), ("0000000", 108), ("0000000", 116), (size, 124), ("00000000000", 136), ("        ", 148), (String(type), 156), (link, 157),
            ("ustar\u{0}00", 257), ("0000000", 329), ("0000000", 337),
        ] {
            header.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8)
        }
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        header.replaceSubrange(148..<156, with: (String(repeating: "0", count: 6 - sum.count) + sum + "\0 ").utf8)
        return header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    private static let archives: [(what: String, members: [UInt8])] = [
        ("leads out", member("../escape")), ("leads out of the middle", member("a/../../escape")), ("is absolute", member("/tmp/escape")),
        ("is a symbolic link", member("link", type: "2", link: "/etc/passwd", size: "00000000000", content: [])),
        ("is a hard link", member("link", type: "1", link: "/etc/passwd", size: "00000000000", content: [])),
        ("is a device", member("device", type: "3", size: "00000000000", content: [])), ("is a folder", member("folder/", type: "5", size: "00000000000", content: [])),
        ("is larger than the archive", member("big", size: "77777777777")), ("has a negative size", member("big", size: "-0000000001")),
        ("has a size with a sign", member("big", size: "+0000000001")), ("has a size in base 256", member("big", size: "\u{1}0000000001")),
        ("is there twice", member("a") + member("a")), ("is there twice in other letters", member("caf\u{e9}") + member("cafe\u{301}")),
        ("sets the user", member("a", mode: "0004755")), ("has no name", member("")), ("is a dot", member(".")), ("has an empty part", member("a//b")),
    ]

    @Test(arguments: archives.indices) func `an archive whose member is not a plain file of the bundle is refused, and nothing is unpacked`(number: Int) throws {
        let scratch = try Scratch()
        let (what, members) = Self.archives[number]
        try scratch.write("hostile.tar", members + [UInt8](repeating: 0, count: 1024))
        let bundle = try SampleBundle()
        #expect(throws: VerificationError.self, "\(what)") { try BundleVerifier.verify(bundle: "\(scratch.path)/hostile.tar", trust: Trust(path: "\(bundle.scratch.path)/keys")) }
        #expect(throws: VerificationError.self, "\(what)") { try BundleArchive.unpack("\(scratch.path)/hostile.tar", to: "\(scratch.path)/out") }
        #expect((try? FileManager.default.subpathsOfDirectory(atPath: "\(scratch.path)/out"))?.isEmpty != false, "\(what)")
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/escape") && !FileManager.default.fileExists(atPath: "/tmp/escape"), "\(what)")
    }

    @Test func `an archive is unpacked into no folder that is there, nor through a link`() throws {
        let scratch = try Scratch()
        try scratch.write("good.tar", Self.member("a") + [UInt8](repeating: 0, count: 1024))
        try scratch.write("there/mine", [1])
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/link", withDestinationPath: "there")
        for name in ["there", "link"] { #expect(throws: VerificationError.self) { try BundleArchive.unpack("\(scratch.path)/good.tar", to: "\(scratch.path)/\(name)") } }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/there") == ["mine"])
        try BundleArchive.unpack("\(scratch.path)/good.tar", to: "\(scratch.path)/new")
        #expect(try scratch.read("new/a") == [65])
    }

    @Test func `random damage to many places at once never crashes the verifier and never passes`() throws {
        let bundle = try SampleBundle(findings: 5)
        let names = try FileManager.default.subpathsOfDirectory(atPath: bundle.path).sorted().filter { (try? bundle.scratch.read("bundle/\($0)")) != nil }
        var random = SeededRandom(53)
        for _ in 0..<400 {
            let name = try #require(names.randomElement(using: &random))
            let content = try bundle.scratch.read("bundle/\(name)")
            var changed = content
            for _ in 0..<Int.random(in: 1...6, using: &random) where !changed.isEmpty {
                let place = Int.random(in: changed.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: changed.removeSubrange(place...)
                case 1: changed.insert(contentsOf: changed[place...].prefix(40), at: place)
                case 2: changed.replaceSubrange(place..<(place + 1), with: Array("\"{}[]:,\\\u{0}\n".utf8))
                default: changed[place] ^= UInt8.random(in: 1...255, using: &random)
                }
            }
            try bundle.scratch.write("bundle/\(name)", changed)
            #expect(try changed == content || !Self.report(bundle).holds, "\(name)")
            try bundle.scratch.write("bundle/\(name)", content)
        }
        #expect(try Self.report(bundle).holds)
    }
}
