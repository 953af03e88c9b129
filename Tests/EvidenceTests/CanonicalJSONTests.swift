import EvidenceTestSupport
import EvidenceVerify
import Residency
import Testing

@Suite struct CanonicalJSONTests {
    @Test func `names are sorted by UTF-16 code units, as RFC 8785 section 3_2_3 shows`() {
        let value: CanonicalValue = [
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh", "1": "One",
            "\u{1F600}": "Emoji",
            "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis",
        ]
        let names = ["\\r", "1", "\u{80}", "\u{f6}", "\u{20ac}", "\u{1F600}", "\u{fb33}"]
        let text = String(decoding: value.bytes, as: UTF8.self)
        let places = names.compactMap { text.firstRange(of: "\"\($0)\":")?.lowerBound }
        #expect(places.count == names.count && places == places.sorted())
    }

    @Test func `strings are escaped as RFC 8785 section 3_2_2 shows, and nothing else is`() {
        let value: CanonicalValue = .string("\u{20ac}$\u{0F}\u{0A}A'\u{42}\u{22}\u{5c}\\\"/\u{7f}")
        #expect(String(decoding: value.bytes, as: UTF8.self) == #""€$\u000f\nA'B\"\\\\\"/"# + "\u{7f}\"")
    }

    @Test func `an integer that other readers would round becomes a string`() {
        let values: CanonicalValue = [9_007_199_254_740_991, 9_007_199_254_740_992, -9_007_199_254_740_992, 0, -7]
        #expect(String(decoding: values.bytes, as: UTF8.self) == #"[9007199254740991,"9007199254740992","-9007199254740992",0,-7]"#)
    }

    @Test func `the writer and the value give the same bytes`() {
        var writer = CanonicalWriter()
        writer.beginObject()
        writer.key("a")
        writer.beginArray()
        writer.write(1)
        writer.write("x")
        writer.write([String]())
        writer.endArray()
        writer.key("b")
        writer.beginObject()
        writer.endObject()
        writer.key("c")
        writer.write(nil as String?)
        writer.endObject()
        let value: CanonicalValue = ["c": .null, "b": [:], "a": [1, "x", []]]
        #expect(writer.bytes == value.bytes)
    }

    @Test func `what is written is read back`() throws {
        var random = SeededRandom(11)
        for _ in 0..<300 {
            let value = Self.value(depth: 4, &random)
            #expect(try StrictJSON.parseCanonical(value.bytes) == value)
        }
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,\"a\":2}", "1.5", "1e3", "-0", "01", "9007199254740992", "\"\u{01}\"", "\"\\ud800\"", "\"\\x\"", "nul",
        "1 2", "{1:2}",
        "\"a", "[1 2]", "{\"a\" 1}", "\"\\u12\"", "\"\\u+123\"",
    ])
    func `what another reader could understand differently is refused`(text: String) {
        #expect(throws: StrictJSON.Failure.self) { try StrictJSON.parse(Array(text.utf8)) }
    }

    @Test func `broken UTF-8 and bottomless nesting are refused`() {
        #expect(throws: StrictJSON.Failure.self) { try StrictJSON.parse([0x22, 0xC3, 0x28, 0x22]) }
        #expect(throws: StrictJSON.Failure.self) { try StrictJSON.parse(Array(repeating: UInt8(ascii: "["), count: 100_000)) }
    }

    @Test(arguments: [" 1", "{\"b\":1,\"a\":2}", "\"\\/\"", "\"\\u0041\"", "[1, 2]"])
    func `a text that is not the canonical one is told apart`(text: String) throws {
        _ = try StrictJSON.parse(Array(text.utf8))
        #expect(throws: StrictJSON.Failure.self) { try StrictJSON.parseCanonical(Array(text.utf8)) }
    }

    @Test func `whatever is changed in a canonical text, it is read as canonical if and only if it is what would be written`() {
        var random = SeededRandom(13)
        let pieces = ["\"", "\\", "\\u001f", "\\u000f", "\\u000b", "\\u0008", "\\u000A", "\\u007f", "\\/", "\\n", " ", ",", ":", "{", "}", "0", "-", "a", "\u{e9}", "e\u{301}"]
        var canonical = 0
        for _ in 0..<4000 {
            var bytes = Self.value(depth: 3, &random).bytes
            let place = Int.random(in: bytes.indices, using: &random)
            let piece = Array((pieces.randomElement(using: &random) ?? "").utf8)
            bytes.replaceSubrange(place..<(Bool.random(using: &random) ? place : place + 1), with: piece)
            let isCanonical = (try? StrictJSON.parse(bytes))?.bytes == bytes
            #expect(((try? StrictJSON.parseCanonical(bytes)) != nil) == isCanonical, "\(String(decoding: bytes, as: UTF8.self))")
            canonical += isCanonical ? 1 : 0
        }
        #expect(canonical > 100)
    }

    private static func value(depth: Int, _ random: inout SeededRandom) -> CanonicalValue {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .int(Int.random(in: -9_007_199_254_740_991...9_007_199_254_740_991, using: &random))
        case 3: .string(text(&random))
        case 4: .array((0..<3).map { _ in value(depth: depth - 1, &random) })
        default: .object(Dictionary((0..<3).map { _ in (text(&random), value(depth: depth - 1, &random)) }, uniquingKeysWith: { $1 }))
        }
    }

    private static func text(_ random: inout SeededRandom) -> String {
        let scalars: [Unicode.Scalar] = ["a", "\"", "\\", "\n", "\u{1f}", "\u{7f}", "\u{e9}", "\u{20ac}", "\u{1F600}", "\u{fb33}", "/"]
        return String(String.UnicodeScalarView((0..<6).map { _ in scalars.randomElement(using: &random) ?? "a" }))
    }
}
