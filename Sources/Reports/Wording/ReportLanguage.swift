import Residency

/// A language that the reports' fixed texts exist in. The raw value is what `--language` takes and what `lang` says in HTML.
public enum ReportLanguage: String, CaseIterable, Sendable, Hashable {
    case english = "en"
    case german = "de"
    case french = "fr"
    case portuguese = "pt"
}

/// Fixed texts in one language.
struct Wording {
    let language: ReportLanguage

    /// The text, with `{0}`, `{1}` replaced by the arguments in order.
    func callAsFunction(_ message: Message, _ arguments: String...) -> String {
        CoverageSentence.fill(template(message), arguments)
    }

    /// What a requirement is called: `stored`.
    func requirement(_ word: String) -> String {
        if let activity = Activity(rawValue: word) { return self(.word(activity)) }
        return word == "coverage" ? self(.wordCoverage) : word == "cross-check" ? self(.wordCrossCheck) : word
    }

    /// The text with its places unfilled.
    func template(_ message: Message) -> String {
        switch language {
        case .english: English.text(message)
        case .german: German.text(message)
        case .french: French.text(message)
        case .portuguese: Portuguese.text(message)
        }
    }

    /// A number with its thousands told apart as the language does.
    func number(_ value: Int) -> String {
        switch language {
        case .english: Numerals.grouped(value, separator: ",")
        case .german, .portuguese: Numerals.grouped(value, separator: ".")
        case .french: Numerals.grouped(value, separator: "\u{202F}")
        }
    }
}
