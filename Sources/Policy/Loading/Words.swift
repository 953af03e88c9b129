import Residency

/// Reads the words that have a fixed set of values, dates and durations.
enum Words {
    static func activity(_ node: Node, _ problems: inout Problems) -> Activity? {
        guard let text = Fields.text(node, "activity", &problems) else { return nil }
        return activity(text, node.mark, nil, node, &problems)
    }

    static func activity(_ text: String, _ mark: Mark, _ length: Int, _ problems: inout Problems) -> Activity? {
        activity(text, mark, length, nil, &problems)
    }

    /// Without a length it is the node's, which is worked out for a message alone: it needs the file's lines.
    private static func activity(_ text: String, _ mark: Mark, _ length: Int?, _ node: Node?, _ problems: inout Problems) -> Activity? {
        if let activity = Activity(rawValue: text) { return activity }
        let length = length ?? node.map { problems.source.length(of: $0) } ?? 1
        problems.error(mark, length: length, "unknown activity `\(text)`", hint: hint(text, Activity.allCases.map(\.rawValue)))
        return nil
    }

    static func severity(_ node: Node, _ problems: inout Problems) -> Severity? {
        one(node, of: Severity.allCases.map(\.rawValue), "severity", &problems).flatMap(Severity.init(rawValue:))
    }

    /// One of a few words.
    static func one(_ node: Node, of words: [String], _ key: String, _ problems: inout Problems) -> String? {
        guard let text = Fields.text(node, key, &problems) else { return nil }
        if words.contains(text) { return text }
        problems.error(node, "`\(key)` can't be `\(text)`", hint: hint(text, words))
        return nil
    }

    static func hint(_ text: String, _ words: [String]) -> String {
        NearMatch.best(to: text, among: words).map { "did you mean `\($0)`?" } ?? "it is one of \(list(words, "or"))"
    }

    static func day(_ node: Node, _ key: String, _ problems: inout Problems) -> CalendarDay? {
        guard let text = Fields.text(node, key, &problems) else { return nil }
        if let day = CalendarDay(text) { return day }
        problems.error(node, "`\(key)` must be a day, not `\(text)`", hint: "write year, month and day: `2027-06-30`")
        return nil
    }

    /// `90s`, `30m`, `1h`, `7d`, in seconds.
    static func duration(_ node: Node, _ key: String, _ problems: inout Problems) -> Int64? {
        guard let text = Fields.text(node, key, &problems) else { return nil }
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        if let last = text.last, let unit = units[last], let number = Int64(text.dropLast()), 1...1_000_000 ~= number {
            return number * unit
        }
        problems.error(node, "`\(key)` must be a length of time, not `\(text)`", hint: "a number and `s`, `m`, `h` or `d`: `1h`")
        return nil
    }

    static func countries(_ node: Node, _ problems: inout Problems) -> [Country] {
        Fields.texts(node, "country", &problems).compactMap { country($0.text, $0.node, &problems) }
    }

    static func country(_ text: String, _ node: Node, _ problems: inout Problems) -> Country? {
        guard let country = Country(text), country.isAssigned else {
            let hint = text.uppercased() == "UK" ? "the United Kingdom is `GB`" : "codes are those of ISO 3166: `DE`, `CA-QC`"
            problems.error(node, "`\(text)` is not a country", hint: hint)
            return nil
        }
        return country
    }

    /// Lower-case words joined by `.`, `-`, `_`.
    static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, 97...122 ~= first || 48...57 ~= first, text.utf8.count <= 128 else { return false }
        return text.utf8.allSatisfy { 97...122 ~= $0 || 48...57 ~= $0 || $0 == 46 || $0 == 45 || $0 == 95 }
    }
}
