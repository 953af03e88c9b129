import CEL
import Testing

@Suite struct JSONTests {
    static let values: [(json: String, value: String)] = [
        ("1", "1"),
        ("-1", "-1"),
        ("0", "0"),
        ("-0", "-0.0"),
        ("1.0", "1.0"),
        ("1e2", "100.0"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("9223372036854775808", "9223372036854776000.0"),
        ("123456789012345678901234567890", "1.2345678901234568e+29"),
        ("0.1E-2", "0.001"),
        (" [ ] ", "[]"),
        ("{}", "{}"),
        ("[1,[2,{\"a\":null}],true,false]", "[1, [2, {\"a\": null}], true, false]"),
        (#""\u00e9\n\ud83d\ude00\/\"\\""#, #""é\n😀/\"\\""#),
        ("\"ñ\"", "\"ñ\""),
        ("{\"a\":1,\"b\":2,\"a\":3}", "{\"a\": 3, \"b\": 2}"),
        ("\t\r\n \"\"", "\"\""),
        ("{\"\":1}", "{\"\": 1}"),
    ]

    @Test(arguments: values.indices)
    func `a text becomes a value`(_ index: Int) throws {
        #expect(try JSON.parse(Self.values[index].json).description == Self.values[index].value)
    }

    static let malformed: [(bytes: [UInt8], code: JSONError.Code, offset: Int)] =
        [
            ("", JSONError.Code.unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("[1,]", .unexpectedByte, 3), ("[1 2]", .unexpectedByte, 3),
            ("[1", .unexpectedEnd, 2), ("{\"a\" 1}", .unexpectedByte, 5), ("{a:1}", .unexpectedByte, 1), ("{\"a\":1,}", .unexpectedByte, 7),
            ("01", .invalidNumber, 0), ("-", .invalidNumber, 0), ("1.", .invalidNumber, 0), ("1e", .invalidNumber, 0),
            ("+1", .unexpectedByte, 0), (".5", .unexpectedByte, 0), ("1e999", .invalidNumber, 0), ("NaN", .unexpectedByte, 0),
            ("tru", .unexpectedByte, 0), ("nulll", .trailing, 4),
            ("\"abc", .unexpectedEnd, 0), ("\"a\\", .unexpectedEnd, 2), ("\"\\x\"", .invalidString, 1), ("\"\\u12g4\"", .invalidString, 1),
            ("\"\\ud800\"", .invalidString, 1), ("\"\\udc00x\"", .invalidString, 1), ("\"\\ud800\\u0041\"", .invalidString, 1),
            ("\"a\nb\"", .invalidString, 2), ("1 2", .trailing, 2), ("[[[[]]]]]", .trailing, 8),
        ].map { (Array($0.0.utf8), $0.1, $0.2) } + [
            ([0x22, 0x61, 0xFF, 0x22], .invalidUTF8, 2), ([0x22, 0xC3, 0xB1, 0xED, 0xA0, 0x80, 0x22], .invalidUTF8, 3),
            ([0x22, 0xC0, 0x80, 0x22], .invalidUTF8, 1), ([0xEF, 0xBB, 0xBF, 0x31], .unexpectedByte, 0),
        ]

    @Test(arguments: malformed.indices)
    func `a malformed text is refused and says where`(_ index: Int) {
        let row = Self.malformed[index]
        do throws(JSONError) {
            _ = try JSON.parse(row.bytes)
            Issue.record("is read")
        } catch {
            #expect(error.code == row.code)
            #expect(error.offset == row.offset)
        }
    }

    @Test func `nesting has a bound`() throws {
        func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(throws: Never.self) { try JSON.parse(nested(512)) }
        #expect(throws: JSONError.self) { try JSON.parse(nested(513)) }
        #expect(throws: JSONError.self) { try JSON.parse(nested(4), maxDepth: 3) }
    }

    @Test func `names that come twice are noticed`() throws {
        func duplicates(_ text: String) throws -> Bool {
            try Array(text.utf8).withUnsafeBufferPointer { try JSON.parseDocument($0).hasDuplicateKeys }
        }
        #expect(try duplicates(#"[{"a": {"b": 1, "b": 2}}]"#))
        #expect(try !duplicates(#"[{"a": {"b": 1}}, {"a": 2}]"#))
    }

    /// Objects inside objects, of sizes on both sides of every limit at which a map is laid out otherwise.
    @Test(arguments: [0, 1, 4, 5, 16, 17, 33, 200])
    func `of two members with one name the last wins, in the place of the first`(_ count: Int) throws {
        for repeated in [[], [0], [count / 2, count / 2], [count - 1, 0]] where repeated.allSatisfy({ (0..<count).contains($0) }) {
            let names = (0..<count).map { "n\($0)" } + repeated.map { "n\($0)" }
            let inner = "{" + names.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ", ") + "}"
            let text = "{" + names.map { "\"\($0)\": \(inner)" }.joined(separator: ", ") + "}"
            let parsed = try Array(text.utf8).withUnsafeBufferPointer { try JSON.parseDocument($0) }
            #expect(parsed.hasDuplicateKeys == !repeated.isEmpty)
            #expect(parsed.value.keys == (0..<count).map { .string("n\($0)") })
            for name in 0..<count {
                let last = repeated.lastIndex(of: name).map { count + $0 } ?? name
                for outer in [0, count - 1] {
                    #expect(parsed.value.member("n\(outer)")?.member("n\(name)")?.intValue == Int64(last))
                }
            }
        }
    }

    static let written: [(value: String, json: String)] = [
        ("{'b': 1, 'a': [true, null, 'x\\n\\u0001é']}", #"{"b":1,"a":[true,null,"x\n\u0001é"]}"#),
        ("1.5", "1.5"),
        ("1e21", "1e+21"),
        ("1e-7", "1e-7"),
        ("100000000000000000000.0", "100000000000000000000"),
        ("-0.0", "0"),
        ("0.000001", "0.000001"),
        ("5e-324", "5e-324"),
        ("double('NaN')", #""NaN""#),
        ("b'hi'", #""aGk=""#),
        ("timestamp(0)", #""1970-01-01T00:00:00Z""#),
        ("duration('1.5s')", #""1.5s""#),
        ("ip('::1')", #""::1""#),
        ("optional.none()", "null"),
        ("{1: 2}", #"{"1":2}"#),
        ("18446744073709551615u", "18446744073709551615"),
    ]

    @Test(arguments: written.indices)
    func `a value becomes a text`(_ index: Int) throws {
        let value = try Environment().compile(Self.written[index].value).evaluate([]).get()
        #expect(String(decoding: JSON.write(value), as: UTF8.self) == Self.written[index].json)
    }

    @Test func `a canonical text has its names in order`() throws {
        let value = try JSON.parse(#"{"b": 1, "\ud83d\ude00": 2, "\ufb33": 3, "a": {"d": 1, "c": 2}}"#)
        #expect(
            String(decoding: JSON.write(value, canonical: true), as: UTF8.self)
                == "{\"a\":{\"c\":2,\"d\":1},\"b\":1,\"😀\":2,\"\u{FB33}\":3}")
    }

    @Test func `what is written reads back`() throws {
        for seed in 1...300 {
            var generator = ValueGenerator(seed: UInt64(seed))
            let value = generator.value(4)
            let read = try JSON.parse(JSON.write(value))
            #expect(read == value, "\(value)")
            #expect(try JSON.parse(JSON.write(value, canonical: true)) == value)
            #expect(read.hashValue == value.hashValue)
        }
    }
}

/// Makes values that JSON has.
struct ValueGenerator {
    private var random: SeededGenerator
    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func value(_ depth: Int) -> Value {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .int(Int64(truncatingIfNeeded: random.next()) >> Int64.random(in: 0..<60, using: &random))
        case 3: return .double(Double.random(in: -1e6...1e6, using: &random) + 0.5)
        case 4: return .string(text())
        case 5: return .array((0..<Int.random(in: 0..<6, using: &random)).map { _ in value(depth - 1) })
        default: return .object((0..<Int.random(in: 0..<24, using: &random)).map { _ in (text(), value(depth - 1)) })
        }
    }

    private mutating func text() -> String {
        let letters: [Character] = ["a", "b", "ñ", "\"", "\\", "\n", "\u{1}", "😀", "é", "e\u{301}", "/", " "]
        return String((0..<Int.random(in: 0..<20, using: &random)).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] })
    }
}
