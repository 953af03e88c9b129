/// The candidate that is most like a name, where one is like it enough to be what was meant.
///
/// Counts edits, a swap of neighbours as one. A name of three letters may differ by one, longer ones by a third.
func nearestMatch<Names: Sequence<String>>(to name: String, in candidates: Names) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars.prefix(48))
    let limit = max(1, wanted.count / 3)
    var best: (distance: Int, name: String)?
    for candidate in candidates {
        // Bytes are as many as code points or more, which is enough to pass over most candidates.
        guard candidate.utf8.count + limit >= wanted.count, candidate.utf8.count <= 4 * (wanted.count + limit) else { continue }
        let scalars = Array(candidate.lowercased().unicodeScalars)
        guard abs(scalars.count - wanted.count) <= limit else { continue }
        let distance = editDistance(wanted, scalars)
        guard distance <= limit, distance < max(wanted.count, 2) else { continue }
        if let known = best, (known.distance, known.name) <= (distance, candidate) { continue }
        best = (distance, candidate)
    }
    return best?.name
}

private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var older: [Int] = []
    var previous = Array(0...b.count)
    for (row, left) in a.enumerated() {
        var current = [row + 1]
        for (column, right) in b.enumerated() {
            var cost = min(previous[column] + (left == right ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left == b[column - 1], a[row - 1] == right {
                cost = min(cost, older[column - 1] + 1)
            }
            current.append(cost)
        }
        older = previous
        previous = current
    }
    return previous[b.count]
}
