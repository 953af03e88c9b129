import CEL
import Policy
import Residency

/// Makes events out of the catalogue's own cases, and spoils them: what is missing, null, of another type, very large, or
/// written in another way.
struct EventGenerator {
    private var state: UInt64
    private let cases: [Value]

    init(seed: UInt64, _ catalogue: Catalogue) {
        state = seed
        cases = catalogue.vectors.filter { $0.provider == "aws" }.flatMap(\.cases).compactMap { item in
            if case .event(let event) = item.record { event } else { nil }
        }
    }

    var isEmpty: Bool { cases.isEmpty }

    mutating func below(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    /// The JSON of one event that every reader takes for one.
    mutating func event() -> String {
        var event = cases[below(cases.count)]
        for _ in 0..<below(4) { event = spoil(event, depth: 0) }
        var members = self.members(event).filter { !["eventTime", "awsRegion", "recipientAccountId", "eventSource", "eventName", "errorCode"].contains($0.0) }
        let time = "2026-11-\(10 + below(10))T0\(below(10)):\(10 + below(50)):\(10 + below(50))Z"
        let whole = self.members(event)
        func text(_ name: String, _ fallback: String) -> Value {
            if case .string(let text)? = whole.first(where: { $0.0 == name })?.1 { return .string(text) }
            return .string(fallback)
        }
        members.append(("eventSource", text("eventSource", "s3.amazonaws.com")))
        if below(12) == 0 {
            members.removeAll { ["requestParameters", "readOnly"].contains($0.0) }
            members += unheardOf()
        } else {
            members.append(("eventName", text("eventName", "GetObject")))
        }
        if below(20) > 0 { members.append(("eventTime", below(20) == 0 ? .null : .string(time))) }
        if below(10) > 0 { members.append(("awsRegion", below(15) == 0 ? .null : .string(["eu-west-1", "us-east-1", "xx-none-9"][below(3)]))) }
        if below(10) > 0 { members.append(("recipientAccountId", .string(["111122223333", "444455556666"][below(2)]))) }
        if below(6) == 0 { members.append(("errorCode", [.string("AccessDenied"), .string(""), .null, .bool(false), .int(0)][below(5)])) }
        return write(.object(members))
    }

    /// A call that no vector names, whose request may name places.
    private mutating func unheardOf() -> [(String, Value)] {
        let words = [
            "us-east-1", "arn:aws:sqs:us-west-2:111122223333:q", "first\nus-east-2", "{\"region\":\"ap-southeast-1\"}", "https://sqs.us-east-1.amazonaws.com/1/q",
            "arn:aws:kms:ca-central-1:1:key/1", "K\u{F6}ln-us-east-1", "us-east-1-orders", "\u{1}us-west-1", "a\"us-west-1\\us-east-1", "projects/p/locations/us-east1/x", "none",
        ]
        let texts = (0..<below(4)).map { _ in Value.string(words[below(words.count)]) }
        var request: [(String, Value)] = [("list", .array(texts)), ("n", .double(-1.5))]
        if below(3) == 0 { request.append((["us-gov-west-1", "plain"][below(2)], odd())) }
        var all: [(String, Value)] = [("eventName", .string("MakeThing")), ("requestParameters", below(10) == 0 ? odd() : .object(request))]
        if below(3) > 0 { all.append(("readOnly", [.bool(false), .bool(true), .string("true"), .null][below(4)])) }
        return all
    }

    private func members(_ value: Value) -> [(String, Value)] {
        (value.keys ?? []).compactMap { key in key.stringValue.flatMap { name in value.member(name).map { (name, $0) } } }
    }

    /// The value with something in it gone or changed.
    private mutating func spoil(_ value: Value, depth: Int) -> Value {
        var members = self.members(value)
        guard !members.isEmpty else { return odd() }
        let index = below(members.count)
        let isTop = depth == 0 && ["eventSource", "eventName"].contains(members[index].0)
        switch below(5) {
        case 0 where !isTop: members.remove(at: index)
        case 1 where !isTop: members[index].1 = odd()
        case 2:
            if let elements = members[index].1.elements, !elements.isEmpty {
                members[index].1 = .array(elements.map { spoil($0, depth: depth + 1) })
            }
        default: if members[index].1.keys != nil { members[index].1 = spoil(members[index].1, depth: depth + 1) }
        }
        return .object(members)
    }

    private mutating func odd() -> Value {
        let all: [Value] = [
            .null, .bool(true), .bool(false), .int(0), .int(9_007_199_254_740_993), .int(-1), .double(1.5), .string(""), .string("eu-west-1"),
            .string("Köln \u{1F5FA} \"quoted\" back\\slash/\n'"), .string("e\u{301}"), .string("us-east-1"), .array([]), .array([.null, .string("x")]),
            .object([]), .object([("region", .string("eu-central-1"))]), .string("arn:aws:s3:::bucket"), .string("203.0.113.7"), .string("%_!"),
        ]
        return all[below(all.count)]
    }

    /// JSON, with escapes where none are needed and white space now and then.
    private mutating func write(_ value: Value) -> String {
        switch value {
        case .string(let text): return quoted(text, mayEscape: true)
        case .list: return "[" + (value.elements ?? []).map { write($0) }.joined(separator: below(8) == 0 ? " , " : ",") + "]"
        case .map: return "{" + members(value).map { quoted($0.0, mayEscape: false) + ":" + write($0.1) }.joined(separator: below(8) == 0 ? ", " : ",") + "}"
        default: return String(decoding: JSON.write(value), as: UTF8.self)
        }
    }

    private mutating func quoted(_ text: String, mayEscape: Bool) -> String {
        guard mayEscape, below(12) == 0 else { return String(decoding: JSON.write(.string(text)), as: UTF8.self) }
        let units = text.utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return "\"" + units.joined() + "\""
    }
}
