/// Finds the names that somebody may have meant.
public enum NearMatch {
    /// The nearest of the names, if one is near enough to be meant: case apart, at most a third of its letters differ.
    public static func best(to text: String, among names: some Sequence<String>) -> String? { all(to: text, among: names).first }

    /// The near names, best first, at most three.
    public static func all(to text: String, among names: some Sequence<String>) -> [String] {
        let target = Array(text.lowercased().utf8.prefix(64))
        guard !target.isEmpty else { return [] }
        var found: [(distance: Int, differs: Int, name: String)] = []
        for name in names {
            let candidate = Array(name.lowercased().utf8)
            let longest = max(target.count, candidate.count)
            let limit = max(1, longest <= 8 ? longest / 3 : longest * 2 / 5)
            guard candidate.count <= 80, abs(candidate.count - target.count) <= limit else { continue }
            let distance = distance(target, candidate)
            guard distance <= limit, distance < candidate.count else { continue }
            // Of two names equally near, the one that begins alike for longer: people mistake ends more often.
            found.append((distance, -zip(target, candidate).prefix { $0 == $1 }.count, name))
        }
        found.sort { ($0.distance, $0.differs, $0.name) < ($1.distance, $1.differs, $1.name) }
        return found.prefix(3).map(\.name)
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var before: [Int] = []
        var previous = Array(0...right.count)
        for i in left.indices {
            var current = [i + 1]
            for j in right.indices {
                var best = min(previous[j] + (left[i] == right[j] ? 0 : 1), previous[j + 1] + 1, current[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { best = min(best, before[j - 1] + 1) }
                current.append(best)
            }
            before = previous
            previous = current
        }
        return previous[right.count]
    }
}
