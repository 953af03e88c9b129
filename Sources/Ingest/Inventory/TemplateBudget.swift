/// How many values a template may make. Loops in loops, and variables of variables, make more than its text holds: a small file could ask
/// for any amount of memory.
final class TemplateBudget {
    /// More than any deployment takes: Resource Manager allows 800 resources, CloudFormation 500.
    static let values = 2_000_000
    /// How many turns all loops may make together.
    static let turns = 100_000

    private var values: Int
    private var turns = TemplateBudget.turns

    init(values: Int = TemplateBudget.values) { self.values = values }

    /// Whether one more value may be made.
    func makesValue() -> Bool {
        guard values > 0 else { return false }
        values -= 1
        return true
    }

    /// Whether a loop may turn so often.
    func makes(turns count: Int64) -> Bool {
        guard (0...Int64(turns)).contains(count) else { return false }
        turns -= Int(count)
        return true
    }
}
