/// Why an evaluation failed, before anybody reads it: most failures are taken back by `||`, `&&` or a default, so that
/// the message is made at the end only.
struct Failure: Sendable {
    enum Fault: Sendable {
        case plain(EvaluationError.Code, String, String?)
        case noOverload([TypeValue])
        /// A map without a key, with the path to the map.
        case missingKey(Value, map: MapValue, path: [String])
        case given(EvaluationError)
        case limit(Int)
    }

    /// Boxed, so that a frame without a failure is a word.
    private final class Box: Sendable {
        let fault: Fault
        let range: SourceRange?
        let function: String?
        init(_ fault: Fault, _ range: SourceRange?, _ function: String?) {
            self.fault = fault
            self.range = range
            self.function = function
        }
    }
    private var box: Box

    var fault: Fault { box.fault }

    /// Where it failed.
    var range: SourceRange? {
        get { box.range }
        set { box = Box(box.fault, newValue, box.function) }
    }

    /// The function that failed, as it is declared.
    var function: String? {
        get { box.function }
        set { box = Box(box.fault, box.range, newValue) }
    }

    init(_ fault: Fault, _ range: SourceRange? = nil) { box = Box(fault, range, nil) }

    /// The error for a caller.
    func error(source: String) -> EvaluationError {
        let range = range ?? SourceRange(0, source.utf8.count)
        switch fault {
        case .plain(let code, let message, let hint):
            return EvaluationError(code, message, range: range, hint: hint)
        case .noOverload(let types):
            let names = types.map(\.name)
            return EvaluationError(.noSuchOverload, OverloadText.mismatch(function ?? "the operation", names), range: range)
        case .missingKey(let key, let map, let path): return Self.missing(key, map, path, range)
        case .given(let error):
            var error = error
            error.range = range
            return error
        case .limit(let limit):
            let text = source.text(in: range).split(separator: "\n").first.map(String.init) ?? ""
            let shown = text.unicodeScalars.count > 60 ? String(text.unicodeScalars.prefix(60)) + "..." : text
            return EvaluationError(
                .limit, "the evaluation takes more than \(limit) steps, the last of them in `\(shown)`", range: range,
                hint: "go over fewer elements, or put the cheap condition first")
        }
    }

    private static func missing(_ key: Value, _ map: MapValue, _ path: [String], _ range: SourceRange) -> EvaluationError {
        let name = key.stringValue
        let shown = name.map { "`\($0)`" } ?? "`\(NumberText.plain(key))`"
        let owner = path.isEmpty ? "" : " in `\(path.joined(separator: "."))`"
        let present = map.keys.compactMap(\.stringValue)
        var hint: String?
        if let name, let near = nearestMatch(to: name, in: present) {
            hint = "did you mean `\(near)`?"
        } else if present.isEmpty {
            hint = map.count == 0 ? "it has no keys" : nil
        } else {
            let more = present.count > 8 ? ", ..." : ""
            hint = "it has " + present.prefix(8).map { "`\($0)`" }.joined(separator: ", ") + more
        }
        return EvaluationError(
            .noSuchKey, "no such key \(shown)\(owner)", range: range, hint: hint,
            path: path + [name ?? NumberText.plain(key)])
    }
}
