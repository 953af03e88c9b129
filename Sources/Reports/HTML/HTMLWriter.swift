import Residency

/// Writes HTML. Text and attribute values are escaped here and nowhere else; names of elements and attributes are literals, so
/// that nothing from outside can become one.
struct HTMLWriter {
    typealias Attributes = [(StaticString, String)]

    private(set) var bytes: [UInt8] = []
    /// Whether the page speaks another language than the sentences of a run.
    private let isForeign: Bool

    init(language: ReportLanguage = .english) {
        isForeign = language != .english
        bytes.reserveCapacity(1 << 16)
    }

    /// Writes an element around what the closure writes.
    mutating func element(_ name: StaticString, _ attributes: Attributes = [], _ content: (inout HTMLWriter) -> Void) {
        open(name, attributes)
        content(&self)
        close(name)
    }

    /// Writes an element that holds only text.
    mutating func element(_ name: StaticString, _ text: String) { element(name, [], text) }

    mutating func element(_ name: StaticString, _ attributes: Attributes, _ text: String) {
        open(name, attributes)
        self.text(text)
        close(name)
    }

    /// Writes an element that never has content, such as `meta`.
    mutating func void(_ name: StaticString, _ attributes: Attributes = []) { open(name, attributes) }

    /// Writes text, escaped; what hides or reorders text becomes visible.
    mutating func text(_ text: String) { append(escaped: SafeText.visible(text)) }

    /// Writes a sentence of the run, which is English: what stands between backticks is a name.
    mutating func prose(_ text: String) {
        guard isForeign else { return sentence(text) }
        element("span", [("lang", "en")]) { $0.sentence(text) }
    }

    /// What a finding says: its own sentence, and before it in the page's language what its facts say, if that is another.
    mutating func message(of finding: Finding, _ retelling: Retelling?) {
        guard let retelling else { return sentence(finding.message) }
        sentence(retelling.sentence(finding))
        element("div", [("class", "soft"), ("lang", "en")]) { $0.sentence(finding.message) }
    }

    /// - Parameter isQuoted: whether it is a sentence of the run rather than of the page.
    mutating func sentence(_ text: String, isQuoted: Bool) {
        if isQuoted { prose(text) } else { sentence(text) }
    }

    /// Writes a sentence in the page's language: what stands between backticks is a name.
    mutating func sentence(_ text: String) {
        let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
        for (index, piece) in pieces.enumerated() {
            if index % 2 == 1 && index < pieces.count - 1 {
                element("code", String(piece))
            } else {
                self.text((index % 2 == 1 ? "`" : "") + piece)
            }
        }
    }

    /// Writes a text of our own as it is: the style sheet, the script, the document type. Never anything from a run.
    mutating func trusted(_ text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }

    /// Writes the style sheet as it is: `StyleSheet` lets nothing in that could end it.
    mutating func trusted(style: String) { bytes.append(contentsOf: style.utf8) }

    private mutating func open(_ name: StaticString, _ attributes: Attributes) {
        bytes.append(UInt8(ascii: "<"))
        trusted(name)
        for (key, value) in attributes {
            bytes.append(UInt8(ascii: " "))
            trusted(key)
            bytes.append(contentsOf: Self.equalsQuote)
            append(escaped: SafeText.visible(value))
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: ">"))
    }

    private mutating func close(_ name: StaticString) {
        bytes.append(contentsOf: Self.closing)
        trusted(name)
        bytes.append(UInt8(ascii: ">"))
        if Self.isBlock(name) { bytes.append(UInt8(ascii: "\n")) }
    }

    private mutating func append(escaped text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes.append(contentsOf: Self.ampersand)
            case UInt8(ascii: "<"): bytes.append(contentsOf: Self.less)
            case UInt8(ascii: ">"): bytes.append(contentsOf: Self.greater)
            case UInt8(ascii: "\""): bytes.append(contentsOf: Self.quote)
            case UInt8(ascii: "'"): bytes.append(contentsOf: Self.apostrophe)
            default: bytes.append(byte)
            }
        }
    }

    /// Elements after which a line break changes nothing that is seen: it keeps the source readable.
    private static func isBlock(_ name: StaticString) -> Bool { blocks.contains(name.description) }

    private static let blocks: Set<String> = [
        "html", "head", "title", "style", "script", "body", "header", "nav", "main", "footer", "section", "div", "p", "h1", "h2", "h3",
        "h4",
        "ul", "ol", "li", "dl", "dd", "table", "thead", "tbody", "tr", "caption", "details", "pre", "svg", "g",
    ]
    private static let equalsQuote = Array("=\"".utf8)
    private static let closing = Array("</".utf8)
    private static let ampersand = Array("&amp;".utf8)
    private static let less = Array("&lt;".utf8)
    private static let greater = Array("&gt;".utf8)
    private static let quote = Array("&quot;".utf8)
    private static let apostrophe = Array("&#39;".utf8)
}
