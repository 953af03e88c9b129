import CEL
import Foundation
public import Residency

/// Reads back the findings of a `findings.json`.
public enum FindingsFile {
    /// The findings in their order; what a newer version added is passed over.
    public static func read(_ bytes: [UInt8], path: String) throws(AuditError) -> [Finding] {
        let root: Value
        do { root = try JSON.parse(bytes) } catch { throw .other("`\(path)` is not JSON: \(error)") }
        guard let version = root.member("schemaVersion")?.intValue, let findings = root.member("findings")?.elements else {
            throw .other("`\(path)` is not a findings.json")
        }
        guard version == 1 else { throw .other("`\(path)` has version \(version); this tool reads version 1") }
        return findings.compactMap(finding)
    }

    /// The findings of a file.
    public static func read(path: String) throws(AuditError) -> [Finding] {
        guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path) }
        return try read([UInt8](data), path: path)
    }

    /// The inputs of the run that a file is of: their names and digests.
    public static func inputs(path: String) throws(AuditError) -> [InputSummary] {
        guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path) }
        guard let inputs = (try? JSON.parse([UInt8](data)))?.member("run")?.member("inputs")?.elements else {
            throw .other("`\(path)` is not a findings.json")
        }
        return inputs.map { input in
            InputSummary(
                path: input.member("path")?.stringValue ?? "", sha256: input.member("sha256")?.stringValue ?? "",
                bytes: input.member("bytes")?.intValue.map { Int($0) } ?? 0, format: input.member("format")?.stringValue ?? "",
                records: input.member("records")?.intValue.map { Int($0) } ?? 0, malformed: input.member("malformed")?.intValue.map { Int($0) } ?? 0)
        }
    }

    private static func finding(_ value: Value) -> Finding? {
        func text(_ name: String, of value: Value) -> String { value.member(name)?.stringValue ?? "" }
        guard let id = value.member("id")?.stringValue, let verdict = Verdict(rawValue: text("verdict", of: value)) else { return nil }
        let subject = value.member("subject") ?? .null
        return Finding(
            id: id, policy: text("policy", of: value), requirement: text("requirement", of: value), verdict: verdict,
            severity: Severity(rawValue: text("severity", of: value)) ?? .low,
            basis: value.member("basis")?.elements?.compactMap(\.stringValue) ?? [], message: text("message", of: value), remedy: text("remedy", of: value),
            subject: Subject(
                id: text("id", of: subject), type: text("type", of: subject), provider: text("provider", of: subject), account: text("account", of: subject),
                data: subject.member("data")?.stringValue, tenant: subject.member("tenant")?.stringValue, system: subject.member("system")?.stringValue),
            occurrences: value.member("occurrences")?.intValue.map { Int($0) } ?? 0, first: value.member("first")?.stringValue,
            last: value.member("last")?.stringValue, observations: value.member("observations")?.elements?.compactMap(observation) ?? [])
    }

    private static func observation(_ value: Value) -> Observation? {
        guard let activity = value.member("activity")?.stringValue.flatMap(Activity.init(rawValue:)) else { return nil }
        let countries = Set(value.member("countries")?.elements?.compactMap { $0.stringValue.flatMap { Country($0) } } ?? [])
        let record = value.member("record") ?? .null
        return Observation(
            vector: value.member("vector")?.stringValue ?? "", activity: activity,
            place: Place(name: value.member("place")?.stringValue ?? "", location: countries.isEmpty ? .unknown("not told") : .countries(countries)),
            says: value.member("says")?.stringValue ?? "", attempted: value.member("attempted")?.boolValue ?? false,
            record: RecordReference(
                input: record.member("input")?.intValue.map { Int($0) } ?? 0, ordinal: record.member("ordinal")?.intValue.map { Int($0) } ?? 0,
                pointer: record.member("pointer")?.stringValue ?? ""),
            occurrences: value.member("occurrences")?.intValue.map { Int($0) } ?? 1)
    }
}
