import Foundation
import Policy
import Testing

/// The page for authors shows what really loads.
@Suite struct GuideTests {
    static let blocks: [String] = {
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = (try? String(contentsOf: root.appendingPathComponent("docs/policies.md"), encoding: .utf8)) ?? ""
        return page.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    }()

    private let facts = """
        jurisdictions:
          - {id: eu, countries: [DE, FR, IE]}
          - {id: us, countries: [US]}
          - {id: uk, countries: [GB]}
          - {id: eu-adequate, version: 2026-01-01, countries: [CH]}
        ---
        provider: gcp
        places: [{name: europe-west1, country: BE}]
        """

    @Test func `the page has examples`() {
        #expect(Self.blocks.filter { $0.hasPrefix("yaml") }.count >= 8)
    }

    @Test(arguments: blocks)
    func `every example loads without a complaint`(_ block: String) {
        guard let end = block.firstIndex(of: "\n") else { return }
        var text = String(block[block.index(after: end)...])
        let kind = block[..<end]
        guard kind == "yaml" || kind == "csv" else { return }
        if text.hasPrefix("cases:") { text = "policy: x\ntitle: X\nrequire: {stored: {in: eu}, copied: {in: eu}}\n" + text }
        let isTenants = kind == "csv" || text.hasPrefix("acme:")
        let file = Samples.file("example.\(kind)", text)
        let (_, found) = RuleBookLoader.load(
            builtin: [Samples.file("places.yaml", Samples.places), Samples.file("facts.yaml", facts)], files: isTenants ? [] : [file],
            tenants: isTenants ? file : nil, waivers: [], now: Samples.now, digest: Samples.digest)
        #expect(Golden.rendered(found, [file]) == "")
    }
}
