import Residency

/// Tables of counts in an order that never changes.
enum Tally {
    static func commonestFirst(_ table: [String: Int]) -> [(key: String, value: Int)] {
        table.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    }
}

/// Exceptions in the order in which somebody has to look at them.
enum Exceptions {
    static func mostUrgentFirst(_ left: ExceptionSummary, _ right: ExceptionSummary) -> Bool {
        (rank(left.state), left.policy, left.covers, left.reason) < (rank(right.state), right.policy, right.covers, right.reason)
    }

    private static func rank(_ state: ExceptionSummary.State) -> Int {
        switch state {
        case .expired: 0
        case .expiring: 1
        case .used: 2
        case .unused: 3
        }
    }
}

/// Numbers for people, without Foundation's formatters.
enum Numerals {
    /// `1234567` as `1,234,567`.
    static func grouped(_ number: Int, separator: String) -> String {
        let digits = Array(String(number.magnitude))
        var result = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { result += separator }
            result.append(digit)
        }
        return result
    }
}
