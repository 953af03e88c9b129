import Policy
import Residency

/// Why something cannot be judged.
enum Reason: Hashable {
    case unclassified
    /// What is missing to know whether the policy speaks of the subject.
    case scope(String)
    /// Why the place is unknown.
    case place(String)
    /// What a vector says that shows no more than that something may be so.
    case hint(String)
    /// Under which condition it may be outside, which nothing shows.
    case condition(String)
}

/// The sentences of a requirement's findings, in one place.
struct Wording {
    private let activity: Activity
    private let promised: String
    let remedyForViolation: String

    init(_ requirement: CompiledPolicy.Requirement) {
        activity = requirement.activity
        promised = requirement.jurisdictions.map { "`\($0)`" }.joined(separator: " or ")
        remedyForViolation = Self.remedyForViolation(activity, promised)
    }

    /// How a subject is called in a sentence.
    static func name(_ subject: Subject, _ names: NameForms) -> String {
        subject.id.isEmpty ? "a subject that the record does not name" : Self.text("`", names.short(subject.id), "`")
    }

    /// - Parameter place: as `place(_:)` has it; so in the others.
    func violated(_ name: String, _ place: String, places: Int, expired: AllowanceNote?, lapse: String?) -> String {
        var text = Self.text(name, verb, place, ", outside ", promised)
        if places > 1 { text += ", and at \(places - 1) more place\(places == 2 ? "" : "s")" }
        if let expired, let until = expired.until { text += "; what allowed it ended on \(until)" }
        if let lapse { text += "; \(lapse)" }
        return text
    }

    func unresolved(_ name: String, _ place: String, _ reason: Reason) -> String {
        switch reason {
        case .unclassified: Self.text(name, verb, place, ", and nothing says what class of data it holds")
        case .scope(let why): Self.text(name, verb, place, ", outside ", promised, ", and ", why)
        case .place(let why): Self.text("where ", name, question, " cannot be told: ", why)
        case .condition(let why): Self.text(name, verb, place, ", outside ", promised, ": ", why)
        case .hint(let says): Self.text(name, ": ", says, ", outside ", promised, "; a hint, not a proof")
        }
    }

    func allowed(_ name: String, _ place: String, _ note: AllowanceNote) -> String {
        Self.text(name, verb, place, ", which the policy allows: ", note.basis) + (note.until.map { ", until \($0)" } ?? "")
    }

    func satisfied(_ name: String, _ place: String, onlyAttempts: Bool) -> String {
        onlyAttempts
            ? Self.text("an attempt failed: ", name, " would have been ", activity.rawValue, " at ", place)
            : Self.text(name, verb, place, ", inside ", promised)
    }

    /// The parts in a row, in one piece of memory: a run has a sentence for every finding.
    private static func text(_ parts: String...) -> String {
        var text = ""
        text.reserveCapacity(parts.reduce(0) { $0 + $1.utf8.count })
        for part in parts { text += part }
        return text
    }

    private static func remedyForViolation(_ activity: Activity, _ promised: String) -> String {
        switch activity {
        case .stored: "move it to a place inside \(promised)"
        case .processed: "process it inside \(promised), or route the call to a region there"
        case .copied: "remove the copy, or copy to a place inside \(promised)"
        case .backedUp: "keep the backup inside \(promised)"
        case .keyHeld: "hold the key inside \(promised) only"
        case .transferred: "stop the transfer, or enter its legal basis under `allow` in the policy"
        case .accessed: "restrict access to callers inside \(promised)"
        case .logged: "send the logs to a place inside \(promised)"
        }
    }

    func remedy(_ name: String, _ reason: Reason) -> String {
        switch reason {
        case .unclassified: CoverageSentence(.tellClass, [name]).text
        case .scope: CoverageSentence(.tellTenant, [name]).text
        case .place: CoverageSentence(.tellPlace, []).text
        case .condition: CoverageSentence(.tellGround, [promised]).text
        case .hint: CoverageSentence(.tellUse, []).text
        }
    }

    /// `aws:us-east-1 (US)`.
    static func place(_ place: Place) -> String {
        switch place.location {
        case .countries:
            let codes = place.location.codes
            if place.name == "country:" + codes.joined() { return codes.joined() }
            return codes.count > 6 ? "\(place.name) (\(codes.count) countries)" : "\(place.name) (\(codes.joined(separator: ", ")))"
        case .unknown: return place.name == "unknown" ? "an unknown place" : "\(place.name) (unknown)"
        }
    }

    private var verb: String {
        switch activity {
        case .stored: " is stored at "
        case .processed: " is processed at "
        case .copied: " is copied to "
        case .backedUp: " is backed up to "
        case .keyHeld: " has its key held at "
        case .transferred: " is transferred to "
        case .accessed: " is accessed from "
        case .logged: " is logged at "
        }
    }

    private var question: String {
        switch activity {
        case .stored: " is stored"
        case .processed: " is processed"
        case .copied: " is copied to"
        case .backedUp: " is backed up to"
        case .keyHeld: " has its key held"
        case .transferred: " is transferred to"
        case .accessed: " is accessed from"
        case .logged: " is logged"
        }
    }
}
