import Evidence
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import Testing

@Suite struct MerkleTests {
    /// The tree of certificate-transparency's own tests: eight records and the roots of all their prefixes.
    private static let records = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    private static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test func `the roots are those that certificate transparency publishes`() throws {
        var levels = MerkleLevels()
        var root = MerkleRoot()
        #expect(levels.head.root.hex == Self.roots[0])
        for (index, text) in Self.records.enumerated() {
            let record = Self.bytes(text)
            levels.append(record: record)
            root.append(record)
            #expect(levels.head.root.hex == Self.roots[index + 1])
            #expect(SHA256Digest(bytes: root.root)?.hex == Self.roots[index + 1])
        }
    }

    @Test func `every proof of every tree of up to 70 leaves is accepted, and no changed one`() throws {
        var levels = MerkleLevels()
        var roots = [levels.head.root]
        for size in 1...70 {
            levels.append(record: Self.record(size - 1))
            roots.append(levels.head.root)
            let root = levels.head.root.bytes
            for index in 0..<size {
                let proof = levels.inclusionProof(of: index).map(\.bytes)
                let record = Self.record(index)
                #expect(MerkleProof.isIncluded(record, index: index, size: size, proof: proof, root: root))
                #expect(!MerkleProof.isIncluded(record + [0], index: index, size: size, proof: proof, root: root))
                #expect(size == 1 || !MerkleProof.isIncluded(record, index: (index + 1) % size, size: size, proof: proof, root: root))
                #expect(!MerkleProof.isIncluded(record, index: index, size: size, proof: proof + [root], root: root))
                #expect(proof.isEmpty || !MerkleProof.isIncluded(record, index: index, size: size, proof: proof.dropLast(), root: root))
            }
            for old in 0...size {
                let proof = levels.consistencyProof(from: old).map(\.bytes)
                let oldRoot = roots[old].bytes
                #expect(MerkleProof.isConsistent(old: old, oldRoot: oldRoot, new: size, newRoot: root, proof: proof))
                var changed = oldRoot
                changed[7] ^= 1
                #expect(!MerkleProof.isConsistent(old: old, oldRoot: changed, new: size, newRoot: root, proof: proof))
                #expect(!MerkleProof.isConsistent(old: old, oldRoot: oldRoot, new: size, newRoot: root, proof: proof + [root]))
                #expect(
                    proof.isEmpty
                        || !MerkleProof.isConsistent(old: old, oldRoot: oldRoot, new: size, newRoot: root, proof: proof.dropLast()))
            }
        }
    }

    @Test(.enabled(if: Checkers.python != nil, Checkers.skipped))
    func `the reference implementation makes the same proofs for all sizes up to 70`() throws {
        let scratch = try Scratch()
        var levels = MerkleLevels()
        var lines: [String] = []
        for size in 1...70 {
            levels.append(record: Self.record(size - 1))
            lines.append("root \(size) \(levels.head.root.hex)")
            for index in 0..<size {
                lines.append("in \(size) \(index) " + levels.inclusionProof(of: index).map(\.hex).joined(separator: ","))
            }
            for old in 1...size {
                lines.append("co \(size) \(old) " + levels.consistencyProof(from: old).map(\.hex).joined(separator: ","))
            }
        }
        try scratch.write("ours", Array(lines.joined(separator: "\n").utf8))
        try scratch.write("check.py", Array(Self.script.utf8))
        let result = try Checkers.shell("PYTHONPATH=\(Checkers.folder ?? "")/bin \(Checkers.python ?? "") check.py", in: scratch.path)
        #expect(result.output == "same 5040\n", "\(result.output)")
    }

    @Test func `a checkpoint of the specification's shape is signed so that only its text verifies`() throws {
        var random = SeededRandom(21)
        let keys = try KeySet.generate(origin: "acme.example/log", using: &random)
        let key = try #require(LogKey(verifierKey: keys.log.verifierKey))
        let note = try Checkpoint(origin: "acme.example/log", head: MerkleLevels().head).signed(by: keys.log, at: 0)
        let checkpoint = try VerifiedCheckpoint(note: note, log: [key])
        #expect(checkpoint.size == 0 && checkpoint.isExact)
        let bytes = Array(note.utf8)
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            let text = String(decoding: changed, as: UTF8.self)
            #expect((try? VerifiedCheckpoint(note: text, log: [key]))?.isExact != true, "byte \(index)")
        }
    }

    private static let script = """
        import ref_tlog as R
        hs = [R.leaf(b"record %d" % i) for i in range(70)]; n = 0
        for l in open("ours"):
            k, *a = l.strip("\\n").split(" "); n += 1
            if k == "root": assert R.mth(hs[:int(a[0])]).hex() == a[1], l
            elif k == "in": assert ",".join(h.hex() for h in R.path(int(a[1]), hs[:int(a[0])])) == a[2], l
            else: assert ",".join(h.hex() for h in R.subproof(int(a[1]), hs[:int(a[0])])) == a[2], l
        print("same", n)
        """

    private static func record(_ index: Int) -> [UInt8] { Array("record \(index)".utf8) }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...($0 + 1)]), radix: 16) }
    }
}
