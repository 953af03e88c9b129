import Builtin
import CEL
import Residency
import Testing

@testable import Policy

struct NodeTreeTests {
    @Test func `what is embedded parsed is what the text says`() throws {
        #expect(Builtin.files.count > 30)
        for file in Builtin.files {
            let source = SourceFile(path: file.path, text: file.text)
            var problems = Problems(SourceText(source))
            let parsed = YAMLReader.read(source, SourceText(source), &problems)
            #expect(problems.list.isEmpty, "\(file.path)")
            // Not compared in the expectation: a failure would print a megabyte.
            let isSame = NodeTree.decode(file.tree)?.map(Self.unpacked) == parsed
            #expect(isSame, "\(file.path)")
        }
    }

    /// A node whose lists are all decoded.
    static func unpacked(_ node: Node) -> Node {
        switch node.content {
        case .scalar: node
        case .list, .packed: Node(content: .list((node.items ?? []).map(unpacked)), mark: node.mark)
        case .map(let entries):
            Node(content: .map(entries.map { Node.Entry(key: $0.key, keyMark: $0.keyMark, value: unpacked($0.value)) }), mark: node.mark)
        }
    }

    @Test func `the cases of an embedded file are those of its text`() {
        func cases(_ hasTree: Bool) -> [String] {
            let files = Builtin.files.map { SourceFile(path: $0.path, text: $0.text, tree: hasTree ? $0.tree : nil) }
            let (rules, _) = RuleBookLoader.load(builtin: files, files: [], tenants: nil, waivers: [], now: 0, digest: { _ in "" })
            return rules.catalogue.vectors.flatMap { vector in vector.cases.map { "\(vector.id) \($0.name) \($0.line) \($0.record) \($0.expect)" } }
        }
        let embedded = cases(true)
        #expect(embedded.count > 1000)
        let isSame = embedded == cases(false)
        #expect(isSame)
    }

    /// Compiled when asked for, they have no one to complain to.
    @Test func `every expression that is built in compiles`() {
        let files = Builtin.files.map { SourceFile(path: $0.path, text: $0.text) }
        let (rules, diagnostics) = RuleBookLoader.load(builtin: files, files: [], tenants: nil, waivers: [], now: 0, digest: { _ in "" })
        #expect(diagnostics.filter { $0.level == .error }.map(\.message) == [])
        #expect(rules.catalogue.vectors.count > 300)
        let embedded = Builtin.files.map { SourceFile(path: $0.path, text: $0.text, tree: $0.tree) }
        let (lazy, _) = RuleBookLoader.load(builtin: embedded, files: [], tenants: nil, waivers: [], now: 0, digest: { _ in "" })
        #expect(lazy.catalogue.vectors.map(\.id) == rules.catalogue.vectors.map(\.id))
        for (left, right) in zip(lazy.catalogue.vectors, rules.catalogue.vectors) {
            #expect(left.place.program.references == right.place.program.references, "\(left.id)")
            #expect(left.place.line == right.place.line && left.place.column == right.place.column, "\(left.id)")
        }
    }

    @Test(arguments: ["x", "p1,1,9:short", "[1,1,2:p1,1,0:", "<1,1,9:[1,1,0:", "{1,1,1:[1,1,0:p1,1,0:", "p1,1,99999999999999999999:", "p1,1,1"] as [StaticString])
    func `bytes that are no tree are refused`(_ text: StaticString) {
        #expect(NodeTree.decode(text) == nil)
    }
}
