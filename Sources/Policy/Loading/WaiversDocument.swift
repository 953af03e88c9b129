import CEL
import Residency

/// Reads `waivers`.
enum WaiversDocument {
    static let keys = ["waivers"]
    static let waiverKeys = [
        "policy", "requirement", "subject", "match", "reason", "owner", "approver", "ticket", "granted", "expires", "category",
    ]

    /// - Parameter today: the day from which the year counts where a waiver does not say when it was granted.
    static func read(_ nodes: [Node], today: CalendarDay, _ compiler: ExpressionCompiler, _ problems: inout Problems) -> [Waiver] {
        nodes.compactMap { waiver($0, today, compiler, &problems) }
    }

    private static func waiver(
        _ node: Node, _ today: CalendarDay, _ compiler: ExpressionCompiler, _ problems: inout Problems
    ) -> Waiver? {
        guard let fields = Fields(node, "a waiver", waiverKeys, &problems) else { return nil }
        let policy = fields.requiredText("policy", &problems, hint: "a policy's id, or `*`")
        let requirements = fields.texts("requirement", &problems).compactMap { text, node -> String? in
            text == "coverage" ? text : Words.activity(node, &problems)?.rawValue
        }
        if (fields["subject"] == nil) == (fields["match"] == nil) {
            problems.error(
                node.mark, length: 1, "a waiver needs `subject` or `match`, and not both",
                hint: "`subject` is the name of a resource, with `*` and `?`; `match` is an expression")
        }
        let match = fields["match"].flatMap { compiler.waiver($0, &problems) }
        let reason = fields.requiredText("reason", &problems)
        let owner = fields.requiredText("owner", &problems, hint: "who answers for it")
        let category = fields["category"].flatMap { Words.one($0, of: ["waived", "mitigated"], "category", &problems) } ?? "waived"
        let expires = expiry(fields, today, &problems)
        guard let policy, let reason, let owner, let expires else { return nil }
        let note = WaiverNote(
            category: category == "mitigated" ? .mitigated : .waived, reason: reason, owner: owner,
            approver: fields.text("approver", &problems), ticket: fields.text("ticket", &problems), expires: expires.description)
        var waiver = Waiver(
            policy: policy, requirements: requirements, subject: fields.text("subject", &problems), match: match, note: note,
            expires: expires.end, file: problems.source.path, line: node.mark.line)
        waiver.column = node.mark.column
        return waiver
    }

    /// At most one year after it was granted.
    private static func expiry(_ fields: Fields, _ today: CalendarDay, _ problems: inout Problems) -> CalendarDay? {
        let hint = "the last day on which it holds, at most one year ahead: `expires: \(today.adding(days: 90))`"
        let granted = fields["granted"].flatMap { Words.day($0, "granted", &problems) }
        guard let node = fields.required("expires", &problems, hint: hint), let expires = Words.day(node, "expires", &problems) else {
            return nil
        }
        let last = (granted ?? today).oneYearLater
        if expires > last {
            problems.error(
                node, "a waiver holds for one year at most: from \(granted ?? today) to \(last)",
                hint: "shorten it, and renew it when somebody has looked at it again")
        }
        if let granted, expires < granted { problems.error(node, "`expires` is before `granted`") }
        return expires
    }
}
