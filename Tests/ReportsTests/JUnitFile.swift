import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// A JUnit file as Foundation's XML parser reads it.
struct JUnitFile {
    struct Outcome {
        var name: String
        var attributes: [String: String]
        var text = ""
    }

    struct Case {
        /// The number of its suite.
        var suite: Int
        var attributes: [String: String]
        /// The names of its elements.
        var elements: [String] = []
        var outcomes: [Outcome] = []

        func attribute(_ name: String) -> String { attributes[name] ?? "" }
    }

    var root = ""
    var suites: [[String: String]] = []
    var cases: [Case] = []
    var nodes = 0
    var bytes: Int
    /// Of the run that the file is of.
    var violated: Int

    init(_ bytes: [UInt8], violated: Int) throws {
        self.bytes = bytes.count
        self.violated = violated
        let reading = Reading()
        let parser = XMLParser(data: Data(bytes))
        parser.delegate = reading
        guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
        (root, suites, cases, nodes) = (reading.root, reading.suites, reading.cases, reading.nodes)
    }

    private final class Reading: NSObject, XMLParserDelegate {
        var root = ""
        var suites: [[String: String]] = []
        var cases: [Case] = []
        var nodes = 0
        private var isInOutcome = false
        private var hasText = false

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
        ) {
            if root.isEmpty { root = name }
            nodes += 1 + attributes.count
            hasText = false
            switch name {
            case "testsuite": suites.append(attributes)
            case "testcase": cases.append(Case(suite: suites.count - 1, attributes: attributes))
            case "testsuites", "properties", "property": break
            default:
                cases[cases.count - 1].elements.append(name)
                guard ["failure", "error", "skipped"].contains(name) else { break }
                cases[cases.count - 1].outcomes.append(Outcome(name: name, attributes: attributes))
                isInOutcome = true
            }
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            if !hasText { nodes += 1 }
            hasText = true
            guard isInOutcome, let last = cases.last?.outcomes.indices.last else { return }
            cases[cases.count - 1].outcomes[last].text += text
        }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) { isInOutcome = false }
    }
}
