internal import Foundation

/// Reads findings.jsonl as far as a verifier must: its lines as leaves, and their verdicts.
enum FindingsFile {
    struct Counted {
        var size = 0
        var root: [UInt8] = []
        var verdicts: [String: Int] = ["satisfied": 0, "violated": 0, "unresolved": 0, "waived": 0]
    }

    static func read(_ data: Data) throws(VerificationError) -> Counted {
        guard data.isEmpty || data.last == 0x0A else { throw VerificationError("its last line is cut") }
        var counted = Counted()
        var tree = MerkleRoot()
        var start = data.startIndex
        while let end = data[start...].firstIndex(of: 0x0A) {
            let line = data[start..<end]
            tree.append(line)
            let word = try verdict(line, number: tree.count)
            guard let count = counted.verdicts[word] else {
                throw VerificationError("line \(tree.count) has the verdict `\(word)`, which is unknown")
            }
            counted.verdicts[word] = count + 1
            start = data.index(after: end)
        }
        counted.size = tree.count
        counted.root = tree.root
        return counted
    }

    /// In canonical JSON a quote inside a string is escaped, so these bytes are the member and nothing else. It stands near
    /// the end of the line.
    private static func verdict(_ line: Data, number: Int) throws(VerificationError) -> String {
        guard let place = line.range(of: verdictMember, options: .backwards),
            let end = line[place.upperBound...].firstIndex(of: UInt8(ascii: "\""))
        else {
            throw VerificationError("line \(number) has no verdict")
        }
        return String(decoding: line[place.upperBound..<end], as: UTF8.self)
    }

    private static let verdictMember = Data("\"verdict\":\"".utf8)
}
