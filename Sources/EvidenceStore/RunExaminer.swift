internal import Evidence
internal import EvidenceVerify
internal import Foundation
internal import GRDB
internal import Residency

/// Examines the runs of a store: every finding against the run's digest, and everything about a run against its log entry.
struct RunExaminer {
    let db: Database
    /// The numbers of the log's entries about runs.
    let entries: Set<Int>
    /// The ids of runs whose findings were erased lawfully.
    let pruned: Set<String>

    func runs(_ audit: inout LogAudit) throws {
        let rows = try Row.fetchCursor(db, sql: "SELECT * FROM run ORDER BY seq")
        while let row = try rows.next() {
            audit.runs += 1
            try examine(row, &audit)
        }
        try files(&audit)
        try statements(&audit)
    }

    private func examine(_ row: Row, _ audit: inout LogAudit) throws {
        let id: String = row["id"]
        let sequence: Int = row["seq"]
        guard let header = try? StrictJSON.parseCanonical(Array(row["header"] as Data)) else {
            audit.problem("run \(id): its header can't be read")
            return
        }
        if header["id"]?.text != id || header["now"]?.text != row["now"] || header["outcome"]?.text != row["outcome"] {
            audit.problem("run \(id): its columns say other than its header")
        }
        var digest = FileDigest()
        var erased = 0
        var count = 0
        let lines = try Row.fetchCursor(
            db, sql: "SELECT idx, id, verdict, line FROM finding WHERE run = ? ORDER BY idx", arguments: [sequence])
        while let line = try lines.next() {
            if line[0] != count { audit.problem("run \(id): finding \(count) is missing") }
            count += 1
            let fits = try line.withUnsafeData(atIndex: 3) { data in
                guard let data else {
                    erased += 1
                    return true
                }
                digest.append(data)
                return try data.withUnsafeBytes { text in
                    try Self.fits(line, 1, Self.value(after: Self.idMember, in: text, last: false))
                        && Self.fits(line, 2, Self.value(after: Self.verdictMember, in: text, last: true))
                }
            }
            if !fits { audit.problem("run \(id): the columns of finding \(count - 1) say other than its line") }
        }
        audit.findings += count
        if count != row["findings"] { audit.problem("run \(id): it has \(count) findings, and \(row["findings"] as Int) were written") }
        if erased > 0 {
            audit.pruned += 1
            if !pruned.contains(id) { audit.problem("run \(id): \(erased) findings were erased, and no entry of the log says so") }
        } else if digest.hex != row["findings_sha256"] {
            audit.problem("run \(id): its findings are not those that were written")
        }
    }

    /// The digests of kept files.
    private func files(_ audit: inout LogAudit) throws {
        let rows = try Row.fetchCursor(db, sql: "SELECT sha256, content FROM file")
        while let row = try rows.next() {
            if SHA256Digest(of: row["content"] as Data).hex != row["sha256"] {
                audit.problem("file \(row["sha256"] as String): its content is another")
            }
        }
    }

    /// Every statement against its digest, and every run's entry against what the store holds of the run.
    private func statements(_ audit: inout LogAudit) throws {
        let rows = try Row.fetchAll(
            db, sql: "SELECT s.*, r.id AS id, r.header, r.findings_sha256 FROM statement s JOIN run r ON r.seq = s.run")
        var missing = entries
        for row in rows {
            let id: String = row["id"]
            let name: String = row["pae_sha256"]
            if Self.statementDigest(Array(row["envelope"] as Data)) != name {
                audit.problem("run \(id): its statement is not the one that was signed")
            }
            guard let index = row["entry"] as Int? else { continue }
            guard entries.contains(index), let record = try record(index) else {
                audit.problem("run \(id): entry \(index) of the log is not about a run")
                continue
            }
            missing.remove(index)
            let files = try Row.fetchAll(
                db, sql: "SELECT name, sha256 FROM run_file WHERE run = ? ORDER BY name", arguments: [row["run"] as Int])
            let sums = files.map { "\($0["sha256"] as String)  \($0["name"] as String)\n" }.joined()
            let fits =
                record["run"]?.text == id && record["pae_sha256"]?.text == name && record["findings_sha256"]?.text == row["findings_sha256"]
                && record["header_sha256"]?.text == SHA256Digest(of: row["header"] as Data).hex
                && record["files_sha256"]?.text == SHA256Digest(of: Array(sums.utf8)).hex
            if !fits { audit.problem("run \(id): the store holds other than entry \(index) of the log says") }
        }
        for index in missing.sorted() {
            audit.problem("entry \(index): the statement about run \(try record(index)?["run"]?.text ?? "") is not in the store")
        }
    }

    private func record(_ index: Int) throws -> CanonicalValue? {
        try Data.fetchOne(db, sql: "SELECT record FROM entry WHERE idx = ?", arguments: [index]).flatMap { try? StrictJSON.parse(Array($0)) }
    }

    /// The SHA-256 of the bytes that an envelope signs; nothing if its text is not the one that was written.
    private static func statementDigest(_ file: [UInt8]) -> String? {
        guard file.last == 0x0A, let value = try? StrictJSON.parseCanonical(Array(file.dropLast())), let type = value["payloadType"]?.text,
            let text = value["payload"]?.text, let payload = Data(base64Encoded: text), payload.base64EncodedString() == text
        else { return nil }
        return SHA256Digest(of: Envelope(payloadType: type, payload: Array(payload)).preAuthentication).hex
    }

    // The id and the verdict of a finding's line are found without reading the rest: in canonical JSON a quote inside a string is
    // escaped, so `"verdict":"` is the member and nothing else. A million lines are looked at, so no text is made of them.
    private static let idMember = Array("\"id\":\"".utf8)
    private static let verdictMember = Array("\"verdict\":\"".utf8)

    /// The value of this member, the first, or the last: the one stands near the beginning of a line, the other near its end.
    private static func value(after member: [UInt8], in text: UnsafeRawBufferPointer, last: Bool) -> UnsafeRawBufferPointer? {
        guard let base = text.baseAddress, text.count > member.count else { return nil }
        let places = 0...(text.count - member.count)
        func isThere(_ place: Int) -> Bool { text[place] == member[0] && memcmp(base + place, member, member.count) == 0 }
        return (last ? places.last(where: isThere) : places.first(where: isThere)).flatMap { value(at: $0 + member.count, in: text) }
    }

    private static func value(at start: Int, in text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard let base = text.baseAddress, start < text.count, let quote = memchr(base + start, 0x22, text.count - start) else { return nil }
        return UnsafeRawBufferPointer(rebasing: text[start..<(UnsafeRawPointer(quote) - base)])
    }

    /// Whether a column holds these bytes.
    private static func fits(_ row: Row, _ column: Int, _ value: UnsafeRawBufferPointer?) throws -> Bool {
        guard let value, !value.isEmpty, let start = value.baseAddress else { return false }
        return try row.withUnsafeData(atIndex: column) { data in
            data?.withUnsafeBytes { column in column.elementsEqual(UnsafeRawBufferPointer(start: start, count: value.count)) } ?? false
        }
    }
}
