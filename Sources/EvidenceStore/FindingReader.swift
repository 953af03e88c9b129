internal import EvidenceVerify
internal import Foundation
internal import Residency

/// Reads lines of findings.jsonl: the inverse of `CanonicalWriter.write(_ finding:)`, member by member in the same order. A run may
/// have a million of them, so nothing is built on the way, and a text that the finding before had too is shared with it.
struct FindingReader {
    /// The line is not one that is written.
    struct Malformed: Error {
        var byte: Int
    }

    private var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    private var index = 0
    private var needsComma = false
    /// The texts of the finding before, by their number in it.
    private var before: [String] = []
    private var number = 0

    mutating func finding(_ line: Data) throws -> Finding {
        try line.withUnsafeBytes { raw in
            bytes = raw
            defer { bytes = UnsafeRawBufferPointer(start: nil, count: 0) }
            (index, number) = (0, 0)
            let finding = try finding()
            guard index == raw.count else { throw Malformed(byte: index) }
            return finding
        }
    }

    /// Findings with commas between them.
    mutating func findings(_ text: UnsafeRawBufferPointer) throws -> [Finding] {
        bytes = text
        defer { bytes = UnsafeRawBufferPointer(start: nil, count: 0) }
        var all: [Finding] = []
        index = 0
        while index < text.count {
            if !all.isEmpty { try expect(",") }
            number = 0
            all.append(try finding())
        }
        return all
    }

    private mutating func finding() throws -> Finding {
        try open()
        let allowance = try has("allowance") ? try allowance() : nil
        let basis = try texts("basis")
        let first = try textIfAny("first")
        let id = try text("id")
        let last = try textIfAny("last")
        let message = try text("message")
        try key("observations")
        let observations = try array { try $0.observation() }
        let occurrences = try number("occurrences")
        let policy = try text("policy")
        let remedy = try text("remedy")
        let requirement = try text("requirement")
        let severity: Severity = try word("severity")
        try key("subject")
        let subject = try subject()
        let verdict: Verdict = try word("verdict")
        let waiver = try has("waiver") ? try waiver() : nil
        try close()
        return Finding(
            id: id, policy: policy, requirement: requirement, verdict: verdict, severity: severity, basis: basis, message: message, remedy: remedy,
            subject: subject, occurrences: occurrences, first: first, last: last, observations: observations, waiver: waiver, allowance: allowance)
    }

    private mutating func subject() throws -> Subject {
        try open()
        let account = try text("account")
        let data = try textIfAny("data")
        let id = try text("id")
        let provider = try text("provider")
        let system = try textIfAny("system")
        let tenant = try textIfAny("tenant")
        let type = try text("type")
        try close()
        return Subject(id: id, type: type, provider: provider, account: account, data: data, tenant: tenant, system: system)
    }

    private mutating func observation() throws -> Observation {
        try open()
        let activity: Activity = try word("activity")
        let attempted = try flag("attempted")
        let countries = try texts("countries")
        let first = try textIfAny("first")
        let last = try textIfAny("last")
        let lowConfidence = try flag("lowConfidence")
        let occurrences = try number("occurrences")
        let place = try text("place")
        try key("record")
        try open()
        let record = RecordReference(input: try number("input"), ordinal: try number("ordinal"), pointer: try text("pointer"))
        try close()
        let says = try text("says")
        let unknown = try has("unknown") ? try string() : nil
        let vector = try text("vector")
        try close()
        return Observation(
            vector: vector, activity: activity,
            place: Place(name: place, location: unknown.map(Location.unknown) ?? .countries(Set(countries.compactMap(Country.init)))), says: says,
            attempted: attempted, lowConfidence: lowConfidence, record: record, occurrences: occurrences, first: first, last: last)
    }

    private mutating func waiver() throws -> WaiverNote {
        try open()
        let approver = try textIfAny("approver")
        let category: WaiverNote.Category = try word("category")
        let expires = try text("expires")
        let owner = try text("owner")
        let reason = try text("reason")
        let ticket = try textIfAny("ticket")
        try close()
        return WaiverNote(category: category, reason: reason, owner: owner, approver: approver, ticket: ticket, expires: expires)
    }

    private mutating func allowance() throws -> AllowanceNote {
        try open()
        let basis = try text("basis")
        let grantee = try text("grantee")
        let to = try text("to")
        let until = try textIfAny("until")
        try close()
        return AllowanceNote(basis: basis, until: until, grantee: grantee, to: to)
    }
}

/// The pieces.
extension FindingReader {
    private mutating func open() throws {
        try expect("{")
        needsComma = false
    }

    private mutating func close() throws {
        try expect("}")
        needsComma = true
    }

    private mutating func key(_ name: StaticString) throws {
        guard try has(name) else { throw Malformed(byte: index) }
    }

    /// Whether this member comes next; then its value does.
    private mutating func has(_ name: StaticString) throws -> Bool {
        let start = index + (needsComma ? 1 : 0)
        let end = start + name.utf8CodeUnitCount
        guard end + 2 < bytes.count, bytes[start] == UInt8(ascii: "\""), bytes[end + 1] == UInt8(ascii: "\""),
            memcmp(bytes.baseAddress! + start + 1, name.utf8Start, name.utf8CodeUnitCount) == 0
        else { return false }
        if needsComma { try expect(",") }
        index = end + 2
        try expect(":")
        needsComma = true
        return true
    }

    private mutating func text(_ name: StaticString) throws -> String {
        try key(name)
        return try string()
    }

    private mutating func textIfAny(_ name: StaticString) throws -> String? {
        try key(name)
        if index < bytes.count, bytes[index] == UInt8(ascii: "n") {
            try expect("null")
            return nil
        }
        return try string()
    }

    private mutating func texts(_ name: StaticString) throws -> [String] {
        try key(name)
        return try array { try $0.string() }
    }

    private mutating func word<Word: RawRepresentable<String>>(_ name: StaticString) throws -> Word {
        guard let word = Word(rawValue: try text(name)) else { throw Malformed(byte: index) }
        return word
    }

    private mutating func flag(_ name: StaticString) throws -> Bool {
        try key(name)
        let flag = index < bytes.count && bytes[index] == UInt8(ascii: "t")
        try expect(flag ? "true" : "false")
        return flag
    }

    /// Integers that are too large for JSON were written as strings.
    private mutating func number(_ name: StaticString) throws -> Int {
        try key(name)
        if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
            guard let number = Int(try string()) else { throw Malformed(byte: index) }
            return number
        }
        let start = index
        while index < bytes.count, bytes[index] == UInt8(ascii: "-") || 48...57 ~= bytes[index] { index += 1 }
        guard let number = Int(String(decoding: bytes[start..<index], as: UTF8.self)) else { throw Malformed(byte: start) }
        return number
    }

    private mutating func array<Element>(_ element: (inout FindingReader) throws -> Element) throws -> [Element] {
        try expect("[")
        var elements: [Element] = []
        while index < bytes.count, bytes[index] != UInt8(ascii: "]") {
            if !elements.isEmpty { try expect(",") }
            elements.append(try element(&self))
        }
        try expect("]")
        needsComma = true
        return elements
    }

    private mutating func string() throws -> String {
        try expect("\"")
        let start = index
        guard let base = bytes.baseAddress, let quote = memchr(base + index, 0x22, bytes.count - index) else { throw Malformed(byte: start) }
        defer { number += 1 }
        let end = base.distance(to: UnsafeRawPointer(quote))
        if memchr(base + start, 0x5C, end - start) == nil {
            index = end + 1
            return shared(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        }
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
        try expect("\"")
        guard let text = try? StrictJSON.parse(Array(bytes[(start - 1)..<index])).text else { throw Malformed(byte: start) }
        if number < before.count { before[number] = text } else if number == before.count { before.append(text) }
        return text
    }

    /// The text of the same place in the finding before, if it is the same.
    private mutating func shared(_ utf8: UnsafeRawBufferPointer) -> String {
        if number < before.count, Self.isSame(before[number], utf8) { return before[number] }
        let text = String(decoding: utf8, as: UTF8.self)
        if number < before.count { before[number] = text } else if number == before.count { before.append(text) }
        return text
    }

    private static func isSame(_ text: String, _ utf8: UnsafeRawBufferPointer) -> Bool {
        guard text.utf8.count == utf8.count, let base = utf8.baseAddress, !utf8.isEmpty else { return text.utf8.count == utf8.count }
        return text.utf8.withContiguousStorageIfAvailable { memcmp($0.baseAddress!, base, $0.count) == 0 } ?? text.utf8.elementsEqual(utf8)
    }

    private mutating func expect(_ text: StaticString) throws {
        let count = text.utf8CodeUnitCount
        guard index + count <= bytes.count, memcmp(bytes.baseAddress! + index, text.utf8Start, count) == 0 else { throw Malformed(byte: index) }
        index += count
    }
}
