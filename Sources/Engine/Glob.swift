/// Patterns as the clouds write them: `*` stands for any text, `?` for one character; everything else for itself.
public enum Glob {
    /// Says whether the whole text matches, in time proportional to both lengths.
    public static func matches(_ pattern: String, _ text: String) -> Bool {
        if pattern == "*" { return true }
        let pattern = Array(pattern.utf8)
        let text = Array(text.utf8)
        var (inPattern, inText) = (0, 0)
        var (star, mark) = (-1, 0)
        while inText < text.count {
            if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") {
                (star, mark) = (inPattern, inText)
                inPattern += 1
            } else if inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "?") || pattern[inPattern] == text[inText] {
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
        while inPattern < pattern.count, pattern[inPattern] == UInt8(ascii: "*") { inPattern += 1 }
        return inPattern == pattern.count
    }
}
