/// How a provider makes the names of zones from those of regions.
struct ZonePattern: Sendable {
    private enum Tail { case letter, number }
    private let separator: String
    private let tail: Tail

    /// `{region}{letter}`, `{region}-{number}`, `{region}-az{number}`; `nil` for anything else.
    init?(_ pattern: String) {
        guard pattern.hasPrefix("{region}") else { return nil }
        let rest = pattern.dropFirst("{region}".count)
        if rest.hasSuffix("{letter}") {
            tail = .letter
            separator = String(rest.dropLast("{letter}".count))
        } else if rest.hasSuffix("{number}") {
            tail = .number
            separator = String(rest.dropLast("{number}".count))
        } else {
            return nil
        }
        guard !separator.contains("{") else { return nil }
    }

    /// The region of a zone; `nil` if the name is not of this pattern.
    func region(of zone: String) -> String? {
        guard let last = zone.utf8.last else { return nil }
        let rest: Substring
        switch tail {
        case .letter:
            guard 97...122 ~= last || 65...90 ~= last else { return nil }
            rest = zone.dropLast()
        case .number:
            guard 48...57 ~= last else { return nil }
            rest = zone.dropLast(zone.utf8.reversed().prefix { 48...57 ~= $0 }.count)
        }
        guard rest.hasSuffix(separator), rest.count > separator.count else { return nil }
        return String(rest.dropLast(separator.count))
    }
}

/// A domain whose hosts carry a provider's regions in their labels.
struct HostSuffix: Sendable {
    /// Where in the labels the region's name may stand.
    enum Form: Sendable {
        /// A label of its own: `sqs.us-east-1.amazonaws.com`.
        case whole
        /// Or the end of the label before the domain: `s3-eu-west-1.amazonaws.com`.
        case last
        /// Or the beginning of the label before the domain: `europe-west1-docker.pkg.dev`.
        case first
    }

    let labels: [String]
    let provider: String
    let form: Form

    /// Reads `{region}.amazonaws.com` (or the bare domain), `*-{region}.amazonaws.com` or `{region}-*.pkg.dev`; `nil` for
    /// anything else.
    init?(_ pattern: String, _ provider: String) {
        let forms: [(mark: String, form: Form)] = [("*-{region}.", .last), ("{region}-*.", .first), ("{region}.", .whole), ("", .whole)]
        guard let (mark, form) = forms.first(where: { pattern.hasPrefix($0.mark) }) else { return nil }
        labels = pattern.dropFirst(mark.count).lowercased().split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard labels.count > 1, labels.allSatisfy({ !$0.isEmpty && !$0.contains { "{}*".contains($0) } }) else { return nil }
        self.provider = provider
        self.form = form
    }

    /// The labels before the domain; `nil` if the host is not below it.
    func labels(before host: [String]) -> ArraySlice<String>? {
        guard host.count > labels.count, host.suffix(labels.count).elementsEqual(labels) else { return nil }
        return host.dropLast(labels.count)
    }

    /// What might be a region, nearest to the domain first: what customers choose stands at the left, and a bucket may be
    /// called `us-east-1`. Nothing counts that stands before one of the labels `stops`.
    func candidates(_ rest: ArraySlice<String>, stops: Set<String>) -> [String] {
        var found: [String] = []
        for (index, label) in zip(rest.indices, rest).reversed() {
            let next = index + 1 < rest.endIndex ? rest[index + 1] : ""
            if stops.contains(next) { break }
            found.append(label)
        }
        guard let service = rest.last else { return found }
        let parts = service.split(separator: "-")
        guard parts.count > 1 else { return found }
        switch form {
        case .whole: break
        case .last: found += (1..<parts.count).map { parts[$0...].joined(separator: "-") }
        case .first: found += (1..<parts.count).reversed().map { parts[..<$0].joined(separator: "-") }
        }
        return found
    }
}
