import Testing

@testable import Engine

/// Words by their marks, against looking for every mark in every word.
struct WordMarksTests {
    @Test(arguments: 1...20)
    func `the words of an owner are those that hold one of its marks`(_ seed: Int) {
        let owners = [["arn:aws"], ["-1", "-2"], [".com", ".eu"], ["/zones/"], ["x"], seed % 5 == 0 ? [""] : ["zz"]]
        let marks = WordMarks(owners.map { $0.map { Array($0.utf8) } })
        var random = SplitMix(state: UInt64(seed))
        let pieces = ["arn:aws", "arn:aw", "-1", "-", "2", ".com", ".", "eu", "/zones/", "/zones", "x", "zz", "z", "a", "ab", " ", "\"", "=", "ü", ","]
        for _ in 0..<500 {
            let text = (0..<(random.next() % 14)).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
            var found: [String] = []
            Array(text.utf8).withUnsafeBufferPointer { bytes in
                var at = 0
                while let word = marks.next(in: bytes, from: &at) {
                    let own = marks.owners(in: word)
                    if !own.isEmpty { found.append("\(String(decoding: word, as: UTF8.self)) \(own)") }
                }
            }
            let words = text.split { " \"=,".contains($0) }.map(String.init).filter { $0.utf8.count > 3 }
            let expected = words.compactMap { word -> String? in
                let own = owners.indices.filter { number in owners[number].contains { $0.isEmpty || word.contains($0) } }
                return own.isEmpty ? nil : "\(word) \(own)"
            }
            #expect(found == expected, "\(text)")
        }
    }
}
