import Residency

/// What two patterns have in common.
extension Glob {
    /// Whether some name matches both patterns.
    static func overlap(_ left: String, _ right: String) -> Bool { overlap(left, right, isPattern: true) }

    /// Whether every name that matches `inner` matches `outer`, as far as can be seen: a `*` of the outer one must be there
    /// for each of the inner one.
    static func covers(_ outer: String, _ inner: String) -> Bool {
        outer == inner || outer == "*" || (!inner.contains("*") && !inner.contains("?") && matches(outer, inner))
    }

    private static func overlap(_ left: String, _ right: String, isPattern: Bool) -> Bool {
        let left = Array(left.unicodeScalars.prefix(512))
        let right = Array(right.unicodeScalars.prefix(512))
        // row[j]: the first i scalars of the left and the first j of the right have a common text.
        var row = [Bool](repeating: false, count: right.count + 1)
        for i in 0...left.count {
            var next = [Bool](repeating: false, count: right.count + 1)
            for j in 0...right.count {
                if i == 0, j == 0 {
                    next[0] = true
                    continue
                }
                let rightStar = isPattern && j > 0 && right[j - 1] == "*"
                if i > 0, left[i - 1] == "*" { next[j] = row[j] || (j > 0 && next[j - 1]) }
                if rightStar { next[j] = next[j] || next[j - 1] || (i > 0 && row[j]) }
                if i > 0, j > 0, left[i - 1] != "*", !rightStar {
                    let same = left[i - 1] == right[j - 1] || left[i - 1] == "?" || (isPattern && right[j - 1] == "?")
                    next[j] = next[j] || (same && row[j - 1])
                }
            }
            row = next
        }
        return row[right.count]
    }
}
