import Residency
import Testing

struct CoverageSentenceTests {
    @Test(arguments: CoverageSentence.Form.allCases)
    func `a sentence is read back as it was made`(_ form: CoverageSentence.Form) {
        let count = form.rawValue.count { $0 == "{" }
        let made = CoverageSentence(form, (0..<count).map { "part {\($0 + 1)} of `it`" })
        #expect(!made.text.contains("{0}"))
        #expect(CoverageSentence(text: made.text) == made)
    }

    @Test(arguments: ["", "policy `eu` asks for account `1`", "policy `eu` asks for tea `1`, and no input speaks of it", "`a` is in no format that is read"])
    func `another sentence is not one of these`(_ text: String) {
        #expect(CoverageSentence(text: text) == nil)
    }

    @Test func `holes are filled in any order, and what a part holds is none`() {
        #expect(CoverageSentence.fill("{1} for {0}, {x} {1}{2}", ["{1}", "b"]) == "b for {1}, {x} b")
    }
}
