/// Patterns as the clouds write them: `*` stands for any text, `?` for one character; everything else for itself.
public enum Glob {
    /// Says whether the whole text matches, in time proportional to both lengths.
    public static func matches(_ pattern: String, _ text: String) -> Bool {
        // Most patterns are a name, or the beginning of one.
        var (beginning, name) = (pattern, text)
        let answer = beginning.withUTF8 { pattern in name.withUTF8 { plain(pattern, $0) } }
        if let answer { return answer }
        let pattern = Array(pattern.unicodeScalars)
        let text = Array(text.unicodeScalars)
        var (inPattern, inText) = (0, 0)
        var (star, mark) = (-1, 0)
        while inText < text.count {
            if inPattern < pattern.count, pattern[inPattern] == "*" {
                (star, mark) = (inPattern, inText)
                inPattern += 1
            } else if inPattern < pattern.count, pattern[inPattern] == "?" || pattern[inPattern] == text[inText] {
                inPattern += 1
                inText += 1
            } else if star >= 0 {
                inPattern = star + 1
                mark += 1
                inText = mark
            } else {
                return false
            }
        }
        while inPattern < pattern.count, pattern[inPattern] == "*" { inPattern += 1 }
        return inPattern == pattern.count
    }

    /// The answer for a pattern without wildcards, or with a `*` at its end alone; `nil` for any other.
    private static func plain(_ pattern: UnsafeBufferPointer<UInt8>, _ text: UnsafeBufferPointer<UInt8>) -> Bool? {
        guard let wildcard = pattern.firstIndex(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }) else {
            return pattern.elementsEqual(text)
        }
        guard pattern[wildcard] == UInt8(ascii: "*"), wildcard == pattern.count - 1 else { return nil }
        return text.starts(with: pattern[..<wildcard])
    }
}
