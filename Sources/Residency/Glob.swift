/// Patterns as the clouds write them: `*` stands for any text, `?` for one character; everything else for itself.
public enum Glob {
    /// Says whether the whole text matches, in time proportional to both lengths.
    public static func matches(_ pattern: String, _ text: String) -> Bool {
        // Most patterns are a name, or the beginning of one.
        let wildcards = pattern.utf8.count { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") }
        if wildcards == 0 { return pattern == text }
        if wildcards == 1, pattern.utf8.last == UInt8(ascii: "*") { return text.utf8.starts(with: pattern.utf8.dropLast()) }
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
}
