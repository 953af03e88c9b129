/// A sentence about what the inputs lack or cannot show, and what would tell it, of a fixed form. A run holds the sentence; its parts can be read out of it again, so that
/// a report in another language tells them in its own words.
public struct CoverageSentence: Hashable, Sendable {
    /// The forms. The raw value has a hole for each part.
    public enum Form: String, CaseIterable, Sendable {
        case account = "policy `{0}` asks for account `{1}`, and no input speaks of it"
        case region = "policy `{0}` asks for region `{1}`, and no input speaks of it"
        case noLogs = "policy `{0}` asks for logs every {1}, and there are none of {2}"
        case logGap = "policy `{0}` asks for logs every {1}; {2}: {3} gap longer than that"
        case logGaps = "policy `{0}` asks for logs every {1}; {2}: {3} gaps longer than that"
        case guardrail = "policy `{0}` asks for a guardrail that keeps data in its regions on `{1}`, and no input shows one"
        case format = "`{0}` is in no format that is read, so nothing in it was judged"
        case undigestedLog = "{0} log file is in no digest file that was given (`{1}`): too new, or put there by someone else"
        case undigestedLogs = "{0} log files are in no digest file that was given (`{1}`, …): too new, or put there by someone else"
        case noDigests = "no {0} digest files were given: nothing shows that no log file is missing or was changed"
        case absentObject = "{0} object that a storage lists was not given: `{1}`"
        case absentObjects = "{0} objects that a storage lists were not given: `{1}`, …"
        case table = "the digest of the table `{0}` is that of what was counted in it: nothing shows that it is what the logs were"
        case unjudgedActions = "{0} kinds of logged action are judged by no vector"
        case unlisted = "`{0}` is not in the inventory, so where it is cannot be told"
        case severalPlaces = "several resources are called `{0}`, in different places"
        case unknownHost = "no table says where the host `{0}` is"
        case tellClass = "tag {0} with its data class (`data-class`), name it in a `subjects` file, or give the inventory that it stands in"
        case tellTenant = "tag {0} with its tenant, or name it in a `subjects` or `tenants` file"
        case tellPlace =
            "give the inventory or the places file that tells it, or state it (`--region`); see \"Why something is unresolved\" in docs/catalogue.md"
        case tellGround = "move it to a place inside {0}, or enter under `allow` in the policy what shows that it is lawful, with its end"
        case tellUse = "see what it is for: if data goes there stop it, or allow it in the policy; if none does, say so with a vector"
        case tellVector = "add a vector for `{0}` to the catalogue, or list it under `types` if it holds no customer data"
        case tellRight = "find out which is right: an inventory that is old or not of this account, or something of the same name elsewhere"
        case mendRegister = "mend the register, or send to the site that it names"
        case mendWrong = "mend the one that is wrong"
    }

    public let form: Form
    public let parts: [String]

    public init(_ form: Form, _ parts: [String]) {
        self.form = form
        self.parts = parts
    }

    /// The sentence.
    public var text: String { parts.isEmpty ? form.rawValue : Self.fill(form.rawValue, parts) }

    /// Reads a sentence back; `nil` if it is of none of the forms.
    public init?(text: String) {
        for form in Form.allCases {
            guard let parts = Self.parts(of: text, in: form.rawValue) else { continue }
            self.form = form
            self.parts = parts
            return
        }
        return nil
    }

    /// A template with its holes filled, in whatever order they stand; what a part holds is no hole.
    public static func fill(_ template: String, _ parts: [String]) -> String {
        // By bytes: a run has such a sentence for every finding that is unresolved.
        let bytes = template.utf8
        var text: [UInt8] = []
        text.reserveCapacity(parts.reduce(bytes.count) { $0 + $1.utf8.count })
        var at = bytes.startIndex
        while at < bytes.endIndex {
            let digit = bytes.index(after: at)
            guard bytes[at] == UInt8(ascii: "{"), let close = bytes.index(digit, offsetBy: 1, limitedBy: bytes.endIndex), close < bytes.endIndex,
                bytes[close] == UInt8(ascii: "}"), 48...57 ~= bytes[digit]
            else {
                text.append(bytes[at])
                at = digit
                continue
            }
            let number = Int(bytes[digit]) - 48
            if number < parts.count { text += parts[number].utf8 }
            at = bytes.index(after: close)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What stands in the holes; each ends where what follows it in the template comes first.
    private static func parts(of text: String, in template: String) -> [String]? {
        let literals = literals(template)
        if literals.count == 1 { return text == template ? [] : nil }
        guard let last = literals.last, text.hasPrefix(literals[0]), text.hasSuffix(last) else { return nil }
        var rest = text.dropFirst(literals[0].count)
        var parts: [String] = []
        for literal in literals.dropFirst().dropLast() {
            guard let found = rest.firstRange(of: literal) else { return nil }
            parts.append(String(rest[..<found.lowerBound]))
            rest = rest[found.upperBound...]
        }
        guard rest.hasSuffix(last) else { return nil }
        return parts + [String(rest.dropLast(last.count))]
    }

    /// What stands between the holes, which come in order.
    private static func literals(_ template: String) -> [String] {
        var (literals, rest) = ([String](), Substring(template))
        while let hole = rest.firstRange(of: "{\(literals.count)}") {
            literals.append(String(rest[..<hole.lowerBound]))
            rest = rest[hole.upperBound...]
        }
        return literals + [String(rest)]
    }
}
