import Residency
import Testing

struct GlobTests {
    @Test(arguments: [
        ("*", "", true), ("*", "anything", true), ("Get*", "GetObject", true), ("Get*", "PutObject", false), ("*Object", "GetObject", true),
        ("a?c", "abc", true), ("a?c", "ac", false), ("a*b*c", "aXXbYYc", true), ("a*b*c", "aXXcYYb", false), ("", "", true), ("", "x", false),
        ("arn:aws:s3:::*", "arn:aws:s3:::bucket", true), ("a**b", "ab", true),
    ])
    func `a pattern matches the whole text`(_ pattern: String, _ text: String, _ matches: Bool) {
        #expect(Glob.matches(pattern, text) == matches)
    }

    @Test func `a hostile pattern costs no more than the product of the lengths`() {
        let pattern = String(repeating: "*a", count: 40) + "b"
        #expect(!Glob.matches(pattern, String(repeating: "a", count: 20_000)))
    }
}
