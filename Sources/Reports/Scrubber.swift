import Residency

/// Replaces the names of other customers in texts. A name counts where letters and digits neither precede nor follow it;
/// capitals do not matter. Names of one or two characters are left: they would be found everywhere.
struct Scrubber {
    private let own: [Character]
    private let others: [[Character]]

    init(own: String, others: Set<String>) {
        self.own = Array(own.lowercased())
        // The longest first, so that `acme-labs` goes as one.
        self.others = others.filter { $0.count > 2 }.map { Array($0.lowercased()) }.sorted {
            ($1.count, String($0)) < ($0.count, String($1))
        }
    }

    /// Where a customer's name is the beginning of another's (`acme`, `acme-eu`), the longer one counts; with `ownFirst`, the
    /// customer's own: in findings, which are the customer's, as are the things they name.
    func scrub(_ text: String, ownFirst: Bool) -> String {
        guard !others.isEmpty else { return text }
        let characters = Array(text)
        let lower = characters.map { Character($0.lowercased().first.map(String.init) ?? String($0)) }
        var result = ""
        var index = 0
        while index < characters.count {
            let other = others.first { matches($0, lower, at: index) }
            if matches(own, lower, at: index), ownFirst || (other?.count ?? 0) <= own.count {
                result += String(characters[index..<index + own.count])
                index += own.count
            } else if let other {
                result += Self.replacement
                index += other.count
            } else {
                result.append(characters[index])
                index += 1
            }
        }
        return result
    }

    private func matches(_ name: [Character], _ text: [Character], at index: Int) -> Bool {
        guard !name.isEmpty, index + name.count <= text.count, text[index] == name[0], text[index..<index + name.count].elementsEqual(name)
        else {
            return false
        }
        let before = index > 0 ? text[index - 1] : " "
        let after = index + name.count < text.count ? text[index + name.count] : " "
        return !(before.isLetter || before.isNumber) && !(after.isLetter || after.isNumber)
    }

    func scrub(_ text: String) -> String { scrub(text, ownFirst: false) }

    func scrub(_ finding: Finding) -> Finding {
        var finding = finding
        finding.message = scrub(finding.message, ownFirst: true)
        finding.remedy = scrub(finding.remedy, ownFirst: true)
        finding.subject.id = scrub(finding.subject.id, ownFirst: true)
        finding.subject.system = finding.subject.system.map { scrub($0, ownFirst: true) }
        finding.observations = finding.observations.map { observation in
            var observation = observation
            observation.says = scrub(observation.says, ownFirst: true)
            observation.record.pointer = scrub(observation.record.pointer, ownFirst: true)
            let location: Location =
                switch observation.place.location {
                case .countries: observation.place.location
                case .unknown(let why): .unknown(scrub(why, ownFirst: true))
                }
            observation.place = Place(name: scrub(observation.place.name, ownFirst: true), location: location)
            return observation
        }
        if let waiver = finding.waiver { finding.waiver?.reason = scrub(waiver.reason, ownFirst: true) }
        return finding
    }

    func scrub(_ policy: PolicySummary) -> PolicySummary {
        var policy = policy
        policy.title = scrub(policy.title)
        policy.prose = policy.prose.map(scrub)
        return policy
    }

    func scrub(_ exception: ExceptionSummary) -> ExceptionSummary {
        var exception = exception
        exception.covers = scrub(exception.covers)
        exception.reason = scrub(exception.reason)
        return exception
    }

    private static let replacement = "another-customer"
}
