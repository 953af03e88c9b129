import Evidence
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import Testing

@Suite struct TarTests {
    @Test func `an archive is the same whoever writes it when, tar reads it, and the verifier too`() throws {
        let bundle = try SampleBundle()
        try TarArchive.write(folder: bundle.path, to: "\(bundle.scratch.path)/one.tar")
        let first = try bundle.scratch.read("one.tar")
        let touched = try Checkers.shell(
            "cp -r bundle copy && find copy -exec touch -d 2001-01-01 {} + && mkdir out && tar -xf one.tar -C out && diff -r bundle out",
            in: bundle.scratch.path)
        #expect(touched.code == 0, "\(touched.output)")
        try TarArchive.write(folder: "\(bundle.scratch.path)/copy", to: "\(bundle.scratch.path)/two.tar")
        #expect(try bundle.scratch.read("two.tar") == first)
        let trust = try Trust(path: "\(bundle.scratch.path)/keys")
        #expect(try BundleVerifier.verify(bundle: "\(bundle.scratch.path)/one.tar", trust: trust).holds)
    }

    @Test func `an archive with any one byte changed is refused`() throws {
        let bundle = try SampleBundle(findings: 3)
        try TarArchive.write(folder: bundle.path, to: "\(bundle.scratch.path)/one.tar")
        let content = try bundle.scratch.read("one.tar")
        let trust = try Trust(path: "\(bundle.scratch.path)/keys")
        var random = SeededRandom(71)
        for _ in 0..<1000 {
            var changed = content
            let index = Int.random(in: content.indices, using: &random)
            changed[index] ^= UInt8.random(in: 1...255, using: &random)
            try bundle.scratch.write("one.tar", changed)
            let report = try? BundleVerifier.verify(bundle: "\(bundle.scratch.path)/one.tar", trust: trust)
            #expect(report?.holds != true, "byte \(index)")
        }
    }
}
