/// What one overload of a function takes and gives, as the checker sees it.
struct Signature: Sendable {
    let parameters: [ValueType]
    let result: ValueType
    let isMember: Bool
    /// Whether the last parameter may come any number of times, once at least.
    let isVariadic: Bool

    /// Called as `name(parameters)`.
    static func global(_ parameters: ValueType..., returns result: ValueType) -> Signature {
        Signature(parameters: parameters, result: result, isMember: false, isVariadic: false)
    }

    /// Called as `first.name(rest)`.
    static func member(_ parameters: ValueType..., returns result: ValueType) -> Signature {
        Signature(parameters: parameters, result: result, isMember: true, isVariadic: false)
    }

    /// Called as `name(parameter, parameter, ...)`.
    static func variadic(_ parameter: ValueType, returns result: ValueType) -> Signature {
        Signature(parameters: [parameter], result: result, isMember: false, isVariadic: true)
    }

    /// The parameters for so many arguments, or nil where it doesn't take so many.
    func parameters(for count: Int) -> [ValueType]? {
        if isVariadic, count >= 1 { return Array(repeating: parameters[0], count: count) }
        return parameters.count == count ? parameters : nil
    }

    /// As a message shows it: `string.startsWith(string)`.
    func description(_ name: String) -> String {
        let rest = (isMember ? Array(parameters.dropFirst()) : parameters).map(\.description).joined(separator: ", ")
        return (isMember ? "\(parameters[0])." : "") + "\(name)(\(rest)\(isVariadic ? ", ..." : ""))"
    }
}
