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
        let result = data.withUnsafeBytes { (raw: UnsafeRawBufferPointer) -> Result<Counted, VerificationError> in
            do throws(VerificationError) { return .success(try read(raw)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// INVARIANT: `start <= end < raw.count` for every line, because the last byte is a newline.
    private static func read(_ raw: UnsafeRawBufferPointer) throws(VerificationError) -> Counted {
        var counted = Counted()
        var tree = MerkleRoot()
        var start = 0
        while start < raw.count, let base = raw.baseAddress, let newline = memchr(base + start, 0x0A, raw.count - start) {
            let end = UnsafeRawPointer(newline) - base
            let line = UnsafeRawBufferPointer(rebasing: raw[start..<end])
            tree.append(line)
            guard let word = verdict(line) else { throw VerificationError("line \(tree.count) has no verdict") }
            guard let count = counted.verdicts[word] else {
                throw VerificationError("line \(tree.count) has the verdict `\(word)`, which is unknown")
            }
            counted.verdicts[word] = count + 1
            start = end + 1
        }
        counted.size = tree.count
        counted.root = tree.root
        return counted
    }

    /// In canonical JSON a quote inside a string is escaped, so these bytes are the member and nothing else. It stands near
    /// the end of the line.
    private static func verdict(_ line: UnsafeRawBufferPointer) -> String? {
        var place = line.count - member.count
        while place >= 0 {
            if line[place] == member[0], line[place..<(place + member.count)].elementsEqual(member) {
                return String(decoding: line[(place + member.count)...].prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
            }
            place -= 1
        }
        return nil
    }

    private static let member = Array("\"verdict\":\"".utf8)
}
