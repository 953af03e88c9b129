import Residency

/// Lines for a terminal: wrapped to its width, in colour if asked. Texts from outside are made visible, so that a name cannot
/// give the terminal commands.
struct TerminalText {
    enum Tone: String {
        case bad = "31"
        case unsure = "33"
        case good = "32"
        case quiet = "2"
        case strong = "1"
        case badHeadline = "1;31"
        case unsureHeadline = "1;33"
        case goodHeadline = "1;32"
    }

    private(set) var text = ""
    private let color: Bool
    private let width: Int

    init(color: Bool, width: Int) {
        self.color = color
        self.width = max(40, width)
    }

    func paint(_ text: String, _ tone: Tone) -> String { color ? "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m" : text }

    mutating func blank() { text += "\n" }

    /// A line as it is; the caller has made outside text visible.
    mutating func raw(_ line: String) { text += line + "\n" }

    mutating func heading(_ title: String) {
        text += "\n" + paint(title, .strong) + "\n"
    }

    /// A paragraph, wrapped at words, the first line indented by `lead` and the others by `indent` columns.
    mutating func paragraph(_ words: String, indent: Int, lead: String? = nil, tone: Tone? = nil) {
        let margin = String(repeating: " ", count: indent)
        var first = true
        for line in Self.wrap(SafeText.visible(words), width: width - indent) {
            text += (first ? lead ?? margin : margin) + (tone.map { paint(line, $0) } ?? line) + "\n"
            first = false
        }
    }

    static func wrap(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var length = 0
        for word in text.split(separator: " ") {
            let count = word.count
            if length > 0 && length + 1 + count > width {
                lines.append(line)
                line = ""
                length = 0
            }
            if length > 0 {
                line += " "
                length += 1
            }
            line += word
            length += count
        }
        if length > 0 || lines.isEmpty { lines.append(line) }
        return lines
    }
}
