import Policy
import Testing

/// Each `.case` in the folder Golden is a set of files, and the `.txt` beside it what is said of them.
@Suite struct DiagnosticsGoldenTests {
    @Test(arguments: Golden.names(".case"))
    func `what is wrong is said with file, line, caret and hint`(_ name: String) {
        let (_, found, files) = Golden.load(name + ".case")
        let actual = Golden.rendered(found, files)
        #expect(!found.isEmpty)
        #expect(actual == Golden.expected(name + ".txt", actual))
    }

    @Test func `there are cases`() {
        #expect(Golden.names(".case").count >= 30)
    }
}
