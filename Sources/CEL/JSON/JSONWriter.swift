/// Writes values as JSON.
struct JSONWriter {
    private(set) var output: [UInt8] = []
    private let canonical: Bool

    init(canonical: Bool) { self.canonical = canonical }

    mutating func write(_ value: Value) {
        switch value {
        case .null: raw("null")
        case .bool(let flag): raw(flag ? "true" : "false")
        case .int(let number): raw(String(number))
        case .uint(let number): raw(String(number))
        case .double(let number): write(number)
        case .string(let text): write(text)
        case .bytes(let bytes): write(Base64.encode(bytes.storage))
        case .list(let list): write(list)
        case .map(let map): write(map)
        case .timestamp(let moment): write(moment.description)
        case .duration(let span): write(span.description)
        case .type(let type): write(type.name)
        case .optional(let optional): write(optional.value ?? .null)
        case .network(let network): write(network.description)
        }
    }

    private mutating func raw(_ text: String) { output.append(contentsOf: text.utf8) }

    private mutating func write(_ number: Double) {
        if number.isFinite { raw(NumberText.json(number)) } else { write(NumberText.general(number)) }
    }

    private mutating func write(_ list: ListValue) {
        output.append(UInt8(ascii: "["))
        for (position, element) in list.elements.enumerated() {
            if position > 0 { output.append(UInt8(ascii: ",")) }
            write(element)
        }
        output.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ map: MapValue) {
        var members = map.entries.map { (name: $0.key.stringValue ?? NumberText.plain($0.key), value: $0.value) }
        if canonical { members.sort { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) } }
        output.append(UInt8(ascii: "{"))
        for (position, member) in members.enumerated() {
            if position > 0 { output.append(UInt8(ascii: ",")) }
            write(member.name)
            output.append(UInt8(ascii: ":"))
            write(member.value)
        }
        output.append(UInt8(ascii: "}"))
    }

    private mutating func write(_ text: String) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): raw("\\\"")
            case UInt8(ascii: "\\"): raw("\\\\")
            case 0x08: raw("\\b")
            case 0x0C: raw("\\f")
            case 0x0A: raw("\\n")
            case 0x0D: raw("\\r")
            case 0x09: raw("\\t")
            case 0..<0x20:
                raw("\\u00")
                raw(byte < 16 ? "0" : "1")
                raw(String(byte & 15, radix: 16))
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
