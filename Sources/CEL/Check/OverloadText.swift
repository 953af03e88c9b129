/// The words of messages about functions and operators.
enum OverloadText {
    /// Operators as they are written, by the name they are declared under.
    private static let operators: [String: String] = [
        "_+_": "+", "_-_": "-", "_*_": "*", "_/_": "/", "_%_": "%", "_==_": "==", "_!=_": "!=", "_<_": "<", "_<=_": "<=",
        "_>_": ">", "_>=_": ">=", "@in": "in", "!_": "!", "-_": "-", "_[_]": "[]", "_?_:_": "?:", "_&&_": "&&",
        "_||_": "||",
    ]

    /// A function's name as a reader knows it.
    static func name(_ function: String) -> String { operators[function] ?? function }

    static func isOperator(_ function: String) -> Bool { operators[function] != nil }

    /// That a function does not take such arguments.
    static func mismatch(_ function: String, _ types: [String]) -> String {
        let shown = types.map { "`\($0)`" }
        let list: String
        switch shown.count {
        case 0: list = "no arguments"
        case 1: list = shown[0]
        default: list = shown.dropLast().joined(separator: ", ") + " and " + shown[shown.count - 1]
        }
        return "`\(name(function))` does not take \(list)"
    }
}
