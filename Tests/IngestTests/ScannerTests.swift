import CEL
import CScan
@testable import Ingest
import Residency
import Testing

/// The scanner against the strict parser: the same values, or a refusal by both.
@Suite struct ScannerTests {
    static let paths = ["a", "a.b", "a.b.c", "b", "k\"ey", "ü", "a.list", "text", "n"]

    private func projection() -> Projection {
        var projection = Projection()
        for path in Self.paths { _ = projection.slot(path.split(separator: ".").map(String.init)) }
        return projection
    }

    /// Random JSON, with every trap the scanner has to step over.
    private func value(_ dice: inout Dice, _ depth: Int) -> String {
        switch Int.random(in: 0..<(depth > 5 ? 6 : 10), using: &dice) {
        case 0: return ["true", "false", "null"].randomElement(using: &dice) ?? ""
        case 1: return ["0", "-1", "1.5e-7", "123456789012345678901", "0.0", "1E+2"].randomElement(using: &dice) ?? ""
        case 2, 3, 4, 5: return string(&dice)
        case 6, 7:
            let count = Int.random(in: 0..<4, using: &dice)
            return "[" + space(&dice)
                + (0..<count).map { _ in value(&dice, depth + 1) }.joined(separator: space(&dice) + "," + space(&dice)) + space(&dice) + "]"
        default: return object(&dice, depth + 1)
        }
    }

    private func object(_ dice: inout Dice, _ depth: Int) -> String {
        let count = Int.random(in: 0..<6, using: &dice)
        let members = (0..<count).map { _ in
            let name =
                [
                    "a", "b", "c", "list", "k\\\"ey", "\\u0061", "ü", "\\u00fc", "text", "n", "z", "zz\\\\", "",
                    "a long name that nobody wants",
                ]
                .randomElement(using: &dice) ?? ""
            return "\"\(name)\"" + space(&dice) + ":" + space(&dice) + value(&dice, depth)
        }
        return "{" + space(&dice) + members.joined(separator: space(&dice) + "," + space(&dice)) + space(&dice) + "}"
    }

    private func string(_ dice: inout Dice) -> String {
        let pieces = [
            "a", "eu-west-1", "\\\"", "\\\\", "{", "}", "[", "]", ":", ",", "\\u00e9", "\\ud83d\\ude00", "ü", "数据", "{\\\"a\\\":1}", "/",
            " ",
        ]
        let count = Int.random(in: 0..<8, using: &dice)
        let long = Int.random(in: 0..<40, using: &dice) == 0 ? String(repeating: "x", count: 70) : ""
        return "\"" + (0..<count).map { _ in pieces.randomElement(using: &dice) ?? "" }.joined() + long + "\""
    }

    private func space(_ dice: inout Dice) -> String {
        ["", "", "", " ", "\n\t", "\r\n  "].randomElement(using: &dice) ?? ""
    }

    /// One object through the scanner: its fields, or nil if it was refused.
    private func scan(_ bytes: [UInt8], _ trie: PathTrie, _ scanner: Scanner, _ rows: RowBuffer) -> [[UInt8]]? {
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var cursor = cscan_cursor()
            let status = rows.run(scanner.pointer, trie, base, buffer.count, isLast: true, &cursor)
            guard status == CSCAN_END, rows.rows.count == 1 else { return nil }
            return (0..<trie.width).map { slot in
                let view = rows.fields[slot]
                return Array(buffer[Int(view.offset)..<Int(view.offset + view.length)])
            }
        }
    }

    /// What the strict parser finds at a path.
    private func find(_ value: Value, _ path: [String]) -> Value? {
        path.reduce(Optional(value)) { $0?.member($1) }
    }

    @Test func `generated objects give the values that the parser gives`() throws {
        let projection = projection()
        let trie = PathTrie(projection)
        let (scanner, rows) = (Scanner(maxDepth: 512), RowBuffer())
        rows.prepare(width: trie.width)
        for seed in 0..<4000 {
            var dice = Dice(state: UInt64(seed))
            let text = Array(object(&dice, 0).utf8)
            let parsed = try JSON.parse(text)
            let fields = try #require(scan(text, trie, scanner, rows), "seed \(seed)")
            for (slot, path) in projection.paths.enumerated() {
                let expected = find(parsed, path)
                let found = fields[slot].isEmpty ? nil : try JSON.parse(fields[slot])
                #expect(found == expected, "seed \(seed), \(path)")
            }
        }
    }

    @Test func `mutated objects are refused by the scanner or give what the parser gives`() throws {
        let projection = projection()
        let trie = PathTrie(projection)
        let (scanner, rows) = (Scanner(maxDepth: 512), RowBuffer())
        rows.prepare(width: trie.width)
        var (refused, passed) = (0, 0)
        for seed in 0..<20_000 {
            var dice = Dice(state: UInt64(seed) &* 77)
            var text = Array(object(&dice, 0).utf8)
            for _ in 0..<Int.random(in: 1...2, using: &dice) where !text.isEmpty {
                let at = Int.random(in: 0..<text.count, using: &dice)
                switch Int.random(in: 0..<4, using: &dice) {
                case 0: text.remove(at: at)
                case 1: text[at] = Array(#""\{}[]:,x0 "#.utf8).randomElement(using: &dice) ?? 0
                case 2: text[at] = UInt8.random(in: 0...255, using: &dice)
                default: text = Array(text[..<at])
                }
            }
            let parsed = try? JSON.parse(text)
            let fields = scan(text, trie, scanner, rows)
            guard let parsed, case .map = parsed else {
                // What the scanner skips it does not read: it may pass what the parser refuses, but nothing it hands over is wrong JSON
                // in its own right without `cscan_check` saying so.
                if fields == nil { refused += 1 }
                continue
            }
            passed += 1
            let found = try #require(fields, "seed \(seed): \(String(decoding: text, as: UTF8.self))")
            for (slot, path) in projection.paths.enumerated() {
                #expect((found[slot].isEmpty ? nil : try? JSON.parse(found[slot])) == find(parsed, path), "seed \(seed), \(path)")
            }
        }
        #expect(refused > 5000 && passed > 1000, "\(refused) \(passed)")
    }

    @Test func `the strict check and the parser agree on every text`() {
        for seed in 0..<20_000 {
            var dice = Dice(state: UInt64(seed) &* 31)
            var text = Array(value(&dice, 0).utf8)
            if seed % 3 != 0, !text.isEmpty {
                let at = Int.random(in: 0..<text.count, using: &dice)
                text[at] =
                    seed % 2 == 0 ? UInt8.random(in: 0...255, using: &dice) : Array(#""\{}[]:,x0e- "#.utf8).randomElement(using: &dice) ?? 0
            }
            let isFine = text.withUnsafeBufferPointer { JSONFault.check($0, maxDepth: 512) == nil }
            var isParsed = true
            do { _ = try JSON.parse(text) } catch {
                // A number that no double holds is JSON all the same.
                isParsed = error.code == .invalidNumber && isFine
            }
            #expect(isFine == isParsed, "seed \(seed): \(String(decoding: text, as: UTF8.self))")
        }
    }

    @Test func `every kernel reads the same`() throws {
        let trie = PathTrie(projection())
        let (scanner, rows) = (Scanner(maxDepth: 512), RowBuffer())
        rows.prepare(width: trie.width)
        let best = String(cString: cscan_kernel())
        defer { _ = cscan_use_kernel(best) }
        for seed in 0..<500 {
            var dice = Dice(state: UInt64(seed) &* 1009)
            var text = Array((0..<3).map { _ in object(&dice, 0) }.joined().utf8)
            if seed % 4 == 0 { text[text.count / 2] ^= 0x80 }
            let results = ["portable", "sse2", "avx2", "avx512"].compactMap { (name: String) in cscan_use_kernel(name) ? name : nil }.map {
                (_: String) in scan(text, trie, scanner, rows)
            }
            #expect(Set(results).count == 1, "seed \(seed)")
        }
    }

    @Test func `wherever the window ends, a resumed scan finds the same records`() throws {
        let text = Array((0..<40).map { event("E\($0)", more: $0 % 3 == 0 ? #","x":{"y":["\\",{}]}"# : "") }.joined(separator: "\n").utf8)
        var projection = Projection()
        _ = projection.slot(["eventName"])
        let trie = PathTrie(projection)
        let (scanner, rows) = (Scanner(maxDepth: 512), RowBuffer())
        rows.prepare(width: trie.width)
        for size in [1, 7, 64, 300, 1000] {
            var names: [String] = []
            var (from, to) = (0, 0)
            var isDone = false
            while !isDone {
                to = min(to + size, text.count)
                text[from..<to].withUnsafeBufferPointer { window in
                    guard let base = window.baseAddress else { return }
                    var cursor = cscan_cursor()
                    let status = rows.run(scanner.pointer, trie, base, window.count, isLast: to == text.count, &cursor)
                    for row in 0..<rows.rows.count {
                        let view = rows.fields[row]
                        names.append(String(decoding: window[Int(view.offset)..<Int(view.offset + view.length)], as: UTF8.self))
                    }
                    #expect(status != CSCAN_BAD)
                    isDone = status == CSCAN_END
                    from += cursor.at
                }
            }
            #expect(names == (0..<40).map { "\"E\($0)\"" }, "\(size)")
        }
    }

    @Test func `a text is judged alike when its names are known already`() {
        let trie = PathTrie(projection())
        let (scanner, rows) = (Scanner(maxDepth: 512), RowBuffer())
        rows.prepare(width: trie.width)
        let bad = Array("{ \"min".utf8) + [0xff] + Array("\": -1.0e+28, \"maxi\": 1.0e+28 }".utf8)
        let good = Array("{\"a\":{\"b\":1},\"n\":2,\"a name of some length\":3}                ".utf8)
        for _ in 0..<3 {
            #expect(scan(bad, trie, scanner, rows) == nil)
            #expect(scan(good, trie, scanner, rows)?[1] == Array("1".utf8))
        }
    }

    @Test func `numbers, words and escapes by the letter of the standard`() {
        let good = ["0", "-0", "10", "1.5", "1e5", "1E-5", "true", "false", "null", #""\u00e9\n\/""#, "[]", "{}", " [ 1 , 2 ] "]
        let bad = [
            "", "01", "1.", ".5", "+1", "1e", "-", "tru", "nul", "True", "NaN", "'a'", #""\x""#, #""\u12g4""#, "[1,]", "{,}", "{\"a\":1,}",
            "[1 2]", "\"\t\"", "[}", "{]", "1 2",
        ]
        for text in good { #expect(Array(text.utf8).withUnsafeBufferPointer { JSONFault.check($0, maxDepth: 10) } == nil, "\(text)") }
        for text in bad { #expect(Array(text.utf8).withUnsafeBufferPointer { JSONFault.check($0, maxDepth: 10) } != nil, "\(text)") }
    }
}
