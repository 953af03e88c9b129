import Residency

/// The whole run as canonical JSON (RFC 8785, so without a final newline): what scripts read, and what evidence signs.
///
///     {"coverage":{...},"findings":[{"id":"...","verdict":"violated",...}],"run":{...},"schemaVersion":1,"summary":{...}}
///
/// The schema is `reports/schemas/findings.schema.json`. Members may be added under the same `schemaVersion`; none goes.
enum FindingsJSON {
    static let schemaVersion = 1

    static func render(_ run: Run) -> [UInt8] {
        var bytes: [UInt8] = []
        write(run) { bytes += $0 }
        return bytes
    }

    /// Hands the text over in pieces: a run may have a million findings.
    ///
    /// - Parameter findings: takes those pieces that are findings and the commas between them, too.
    static func write<E: Error>(
        _ run: Run, _ workers: Workers = .one, findings: ([UInt8]) -> Void = { _ in }, to sink: ([UInt8]) throws(E) -> Void
    ) throws(E) {
        var writer = CanonicalWriter(capacity: pieceSize + 65_536)
        // INVARIANT: keys in alphabetical order.
        writer.beginObject()
        writer.key("coverage")
        writer.write(value(run.coverage))
        writer.key("diagnostics")
        writer.write(.array(run.diagnostics.map(value)))
        writer.key("exceptions")
        writer.write(.array(run.exceptions.map(value)))
        writer.key("findings")
        writer.beginArray()
        try sink(writer.bytes)
        writer.removeAll()
        if let written = run.written {
            for start in stride(from: written.text.startIndex, to: written.text.endIndex, by: pieceSize) {
                try sink(Array(written.text[start..<min(start + pieceSize, written.text.endIndex)]))
            }
        } else {
            try write(run.findings, workers, &writer) { (piece) throws(E) in
                findings(piece)
                try sink(piece)
            }
        }
        writer.endArray()
        writer.key("run")
        writer.write(value(run))
        writer.key("schemaVersion")
        writer.write(schemaVersion)
        writer.key("summary")
        writer.write(summary(run))
        writer.endObject()
        try sink(writer.bytes)
    }

    private static func write<E: Error>(
        _ findings: [Finding], _ workers: Workers, _ writer: inout CanonicalWriter, to sink: ([UInt8]) throws(E) -> Void
    ) throws(E) {
        for start in stride(from: 0, to: findings.count, by: pieceFindings * workers.count) {
            let all = start..<min(start + pieceFindings * workers.count, findings.count)
            let ranges = workers.ranges(all.count)
            if ranges.count == 1 {
                for index in all { writer.write(findings[index]) }
                try sink(writer.bytes)
                writer.removeAll()
                continue
            }
            let pieces = workers.map(ranges.count) { piece in
                var writer = CanonicalWriter(capacity: pieceSize)
                for index in ranges[piece] { writer.write(findings[all.lowerBound + index]) }
                return writer
            }
            for piece in pieces {
                writer.write(elements: piece)
                try sink(writer.bytes)
                writer.removeAll()
            }
        }
    }

    private static let pieceSize = 1 << 20
    private static let pieceFindings = 512

    private static func value(_ exception: ExceptionSummary) -> CanonicalValue {
        [
            "kind": .string(exception.kind.rawValue), "state": .string(exception.state.rawValue), "policy": .string(exception.policy),
            "covers": .string(exception.covers), "reason": .string(exception.reason), "owner": .string(exception.owner),
            "until": .optional(exception.until), "findings": .int(exception.findings),
        ]
    }

    private static func value(_ diagnostic: Diagnostic) -> CanonicalValue {
        [
            "level": .string(diagnostic.level.rawValue), "path": .string(diagnostic.path), "line": optional(diagnostic.line),
            "column": optional(diagnostic.column), "byte": optional(diagnostic.byte), "message": .string(diagnostic.message),
            "hint": .optional(diagnostic.hint),
        ]
    }

    private static func value(_ coverage: Coverage) -> CanonicalValue {
        var members: [String: CanonicalValue] = [
            "accounts": .strings(coverage.accounts), "regions": .strings(coverage.regions),
            "types": ["known": counts(coverage.knownTypes), "unknown": counts(coverage.unknownTypes)],
            "actions": ["known": counts(coverage.knownActions), "unknown": counts(coverage.unknownActions)],
            "unclassified": .int(coverage.unclassified), "unclassifiedSample": .strings(coverage.unclassifiedSample),
            "logs": [
                "from": .optional(coverage.logsFrom), "to": .optional(coverage.logsTo),
                "gaps": .array(
                    coverage.gaps.map { ["from": .string($0.from), "to": .string($0.to), "scope": .string($0.scope)] }),
            ],
            "malformed": .int(coverage.malformed), "shortfalls": .strings(coverage.shortfalls),
            "blindSpots": .strings(coverage.blindSpots),
        ]
        members["integrity"] = coverage.integrity
        return .object(members)
    }

    private static func value(_ run: Run) -> CanonicalValue {
        [
            "id": .string(run.id), "now": .string(run.now),
            "tool": ["name": .string(run.toolName), "version": .string(run.toolVersion)],
            "inputs": .array(run.inputs.map(\.canonical)), "policies": .array(run.policies.map(\.canonical)),
            "catalogue": ["sha256": .string(run.catalogueDigest), "vectors": .int(run.catalogueVectors)],
            "jurisdictions": ["sha256": .string(run.jurisdictionsDigest)],
        ]
    }

    private static func summary(_ run: Run) -> CanonicalValue {
        [
            "outcome": .string(run.outcome.rawValue), "satisfied": .int(run.summary.satisfied),
            "violated": .int(run.summary.violated), "unresolved": .int(run.summary.unresolved),
            "waived": .int(run.summary.waived), "resources": .int(run.summary.resources), "events": .int(run.summary.events),
        ]
    }

    private static func counts(_ table: [String: Int]) -> CanonicalValue { .object(table.mapValues(CanonicalValue.int)) }
    private static func optional(_ number: Int?) -> CanonicalValue { number.map(CanonicalValue.int) ?? .null }
}
