import Testing

@testable import CEL

@Suite struct RegexTests {
    static let cases: [(pattern: String, text: String, matches: Bool)] = [
        ("", "", true),
        ("a", "cab", true),
        ("^a", "ba", false),
        ("a$", "ba", true),
        ("^$", "", true),
        ("^$", "a", false),
        ("a.c", "abc", true),
        ("a.c", "a\nc", false),
        ("(?s)a.c", "a\nc", true),
        ("a|b", "xb", true),
        ("(a|b)+c", "ababc", true),
        ("^(prod|stg)-eu-[a-z0-9-]+$", "prod-eu-x1", true),
        ("^(prod|stg)-eu-[a-z0-9-]+$", "dev-eu-x1", false),
        ("a*", "", true),
        ("a+?b", "aab", true),
        ("a{2,3}$", "aaaa", true),
        ("^a{2,3}$", "aaaa", false),
        ("^a{2,}$", "aaaa", true),
        ("a{,2}", "a{,2}", true),
        ("x{2", "x{2", true),
        ("[^a-c]", "abc", false),
        ("[^a-c]", "abcd", true),
        ("[]a]", "]", true),
        ("[a-]", "-", true),
        ("[[:digit:]]+", "a1", true),
        ("[[:^alpha:]]", "ab", false),
        (#"\d\D\w\W\s\S"#, "1a_- x", true),
        (#"\bfoo\b"#, "a foo b", true),
        (#"\bfoo\b"#, "afoo b", false),
        (#"\Boo"#, "foo", true),
        ("(?i)EU-west", "eu-WEST", true),
        ("(?i)straße", "STRAẞE", true),
        ("(?i)k", "\u{212A}", true),
        ("(?i:a)b", "AB", false),
        ("(?i:a)b", "Ab", true),
        ("(?i)a(?-i)b", "Ab", true),
        ("(?i)a(?-i)b", "AB", false),
        ("(?m)^b$", "a\nb\nc", true),
        ("^b$", "a\nb\nc", false),
        (#"(?m)\Ab"#, "a\nb", false),
        (#"\pL+"#, "ñ", true),
        (#"\p{Greek}"#, "λ", true),
        (#"\P{Greek}"#, "λ", false),
        (#"^\p{Lu}\p{^Lu}$"#, "Éa", true),
        (#"\pN\p{Nd}"#, "٣1", true),
        (#"[\p{Cyrillic}\d]{3}"#, "я1я", true),
        (#"\x41\x{1F600}\101"#, "A😀A", true),
        (#"\Qa.b*\E+"#, "a.b**", true),
        (#"\Qa.b"#, "axb", false),
        (#"\.\*\/\-"#, ".*/-", true),
        ("日本+語", "日本本語", true),
        ("(?P<name>a)(?<other>b)", "ab", true),
        ("(?U)a+", "aa", true),
        ("a||b", "", true),
        ("()", "", true),
        ("(|a)*b", "aab", true),
        ("(a*)*$", "aaab", true),
        ("(a*)+b", "b", true),
        (#"[\w.]+@[\w.]+"#, "me@example.org", true),
        (#"^[^\s]+\z"#, "ab c", false),
        ("^a|b$", "xb", true),
        ("^a|b$", "bx", false),
        (#"\t\n\v\f\r\a"#, "\t\n\u{0B}\u{0C}\r\u{07}", true),
        (#"[\]\\]"#, "\\", true),
        ("ab{0}c", "ac", true),
        ("(ab){2}", "abab", true),
        (#"$\b"#, "a", true),
        (#"^\B$"#, "", true),
        ("a$b", "ab", false),
    ]

    @Test(arguments: cases.indices)
    func `a pattern matches a text or not`(_ index: Int) throws {
        let row = Self.cases[index]
        let regex = try Regex(row.pattern)
        #expect(regex.matches(row.text) == row.matches, "/\(row.pattern)/ on \(row.text)")
        #expect(regex.machineSteps(row.text).matches == row.matches, "/\(row.pattern)/ on \(row.text)")
        #expect(regex.hasTable)
    }

    static let malformed: [(pattern: String, problem: String, offset: Int)] = [
        ("(", "a group without an end", 0),
        ("a)", "an unexpected `)`", 1),
        ("[a", "a class without an end", 0),
        ("*a", "nothing before the `*`", 0),
        ("ñ**", "a repetition of a repetition", 3),
        (#"a\"#, "a `\\` at its end", 1),
        (#"(a)\1"#, "a back-reference, which is not supported", 3),
        ("(?=a)", "a look-around, which is not supported", 0),
        ("(?<!a)", "a look-around, which is not supported", 0),
        ("(?<=a)", "a look-around, which is not supported", 0),
        ("a{1001}", "a repetition of more than 1000", 1),
        ("a{3,2}", "a repetition from 3 to 2", 1),
        ("[b-a]", "a range from the greater to the less", 1),
        (#"\p{Elvish}"#, "an unknown class `Elvish`", 0),
        (#"\y"#, "an unknown escape `\\y`", 0),
        ("[[:foo:]]", "an unknown class `[:foo:]`", 1),
        (#"\x{110000}"#, "a malformed `\\x`", 0),
        ("(?P<a>x)(?P<a>y)", "a group name twice", 8),
        ("(?z)", "an unknown kind of group", 0),
        ("(?P<n", "a malformed group name", 0),
        (#"[a-\d]"#, "a malformed range", 1),
    ]

    @Test(arguments: malformed.indices)
    func `a malformed pattern is refused and says where`(_ index: Int) {
        let row = Self.malformed[index]
        do throws(RegexError) {
            _ = try Regex(row.pattern)
            Issue.record("compiles")
        } catch {
            #expect(error.message == "the regular expression has \(row.problem) at offset \(row.offset)")
        }
    }

    @Test(arguments: ["(a*)*b", "(a|a)*b", "(a|aa)+$b", "(.*)(.*)(.*)x", "(a+)+$b", "(?i)(A*)*B"])
    func `a text takes steps in proportion to its length`(_ pattern: String) throws {
        let regex = try Regex(pattern)
        func steps(_ count: Int) -> Int { regex.machineSteps(String(repeating: "a", count: count)).steps }
        let (short, long) = (steps(1000), steps(4000))
        #expect(long <= short * 4 + 100)
        #expect(short <= 1001 * 40)
    }

    @Test(arguments: [
        "(a{1000}){1000}", "((((){1000}){1000}){1000}){1000}", "[a-z]{1000}[a-z]{1000}[a-z]{1000}[a-z]{1000}[a-z]{1000}{1000}",
        "(x{20}){20}{20}",
    ])
    func `a pattern that would be huge is refused`(_ pattern: String) {
        #expect(throws: RegexError.self) { try Regex(pattern) }
    }

    @Test func `a pattern too large for a table is matched by the machine`() throws {
        let regex = try Regex("(a|b)*a(a|b){14}c")
        #expect(!regex.hasTable)
        #expect(regex.matches("bbabababababababac"))
        #expect(!regex.matches("bbabababababababab"))
    }

    @Test(arguments: 0..<20)
    func `small patterns match as a naive matcher has it`(_ block: Int) throws {
        for index in 0..<60 {
            var generator = PatternGenerator(seed: UInt64(block * 60 + index + 1))
            let node = generator.node(3)
            let pattern = PatternGenerator.text(node)
            let regex = try Regex(pattern)
            for text in ["", "a", "ab", "ba", "aab", "bab", "b\na", "a b", "abcab", "cc-a", "a\n", " a"] {
                let expected = NaiveMatcher(text).matches(node)
                #expect(regex.matches(text) == expected, "/\(pattern)/ on \(text)")
                #expect(regex.machineSteps(text).matches == expected, "/\(pattern)/ on \(text)")
            }
        }
    }
}
