import Builtin
import CEL
import Residency
import Testing

@testable import Policy

struct NodeTreeTests {
    @Test func `what is embedded parsed is what the text says`() throws {
        #expect(Builtin.files.count > 30)
        for file in Builtin.files {
            let source = SourceFile(path: file.path, bytes: file.bytes)
            var problems = Problems(SourceText(path: file.path, bytes: file.bytes))
            let parsed = YAMLReader.read(source, SourceText(path: file.path, bytes: file.bytes), &problems)
            #expect(problems.list.isEmpty, "\(file.path)")
            #expect(NodeTree.decode(file.tree) == parsed, "\(file.path)")
        }
    }

    /// Compiled when asked for, they have no one to complain to.
    @Test func `every expression that is built in compiles`() {
        let files = Builtin.files.map { SourceFile(path: $0.path, bytes: $0.bytes) }
        let (rules, diagnostics) = RuleBookLoader.load(builtin: files, files: [], tenants: nil, waivers: [], now: 0, digest: { _ in "" })
        #expect(diagnostics.filter { $0.level == .error }.map(\.message) == [])
        #expect(rules.catalogue.vectors.count > 300)
        let embedded = Builtin.files.map { SourceFile(path: $0.path, bytes: $0.bytes, tree: $0.tree) }
        let (lazy, _) = RuleBookLoader.load(builtin: embedded, files: [], tenants: nil, waivers: [], now: 0, digest: { _ in "" })
        #expect(lazy.catalogue.vectors.map(\.id) == rules.catalogue.vectors.map(\.id))
        for (left, right) in zip(lazy.catalogue.vectors, rules.catalogue.vectors) {
            #expect(left.place.program.references == right.place.program.references, "\(left.id)")
            #expect(left.place.line == right.place.line && left.place.column == right.place.column, "\(left.id)")
        }
    }

    @Test(arguments: ["x", "p1,1,9:short", "[1,1,2:p1,1,0:", "{1,1,1:[1,1,0:p1,1,0:", "p1,1,99999999999999999999:", "p1,1,1"])
    func `bytes that are no tree are refused`(_ text: String) {
        #expect(NodeTree.decode(Array(text.utf8)) == nil)
    }
}
