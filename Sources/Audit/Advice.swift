import CEL
import Engine
import Foundation
import Ingest
import Policy
public import Reports
public import Residency

extension AuditRun {
    /// The audit, with what an engineer needs beside it: what each record is called, where it stands in its text, and what
    /// would have to change. Of an input with very many records those of open findings are read a second time, which standard
    /// input cannot be.
    public func check() async throws(AuditError) -> Checked {
        let (partial, summaries, diagnostics, resources) = try await observe(keepsResources: Self.mostKept) { _ in }
        let (run, judged) = judge(partial, summaries, diagnostics, table: nil)
        return Checked(run: run, advice: try advice(run, judged, resources), working: (partial, judged, resources))
    }

    /// A checked run. What it was worked out from lives as long: taking it apart would take a good part of a small check, and the
    /// process ends anyway.
    public struct Checked: Sendable {
        public let run: Run
        public let advice: CheckAdvice
        fileprivate let working: (Partial, Judged, [Int: [Resource]])
    }

    /// Of one input; some 5 KB each.
    private static let mostKept = 20_000

    private func advice(_ run: Run, _ judged: Judged, _ kept: [Int: [Resource]]) throws(AuditError) -> CheckAdvice {
        var wanted: [Int: [Int: [Finding]]] = [:]
        for finding in run.findings where finding.verdict == .violated || finding.verdict == .unresolved {
            for observation in finding.observations {
                let record = observation.record
                if wanted[record.input]?[record.ordinal]?.last?.id == finding.id { continue }
                wanted[record.input, default: [:]][record.ordinal, default: []].append(finding)
            }
        }
        var advice = CheckAdvice()
        guard !wanted.isEmpty else { return advice }
        let files = try Self.files(inputs)
        var counterfactual = Counterfactual(judged, rules, now: now, refresh: { DerivedAttributes.refreshed($0, $1, stated: stated) })
        for (input, records) in wanted.sorted(by: { $0.key < $1.key }) {
            for resource in kept[input] ?? reread(files, input) where records[resource.ordinal] != nil {
                let record = RecordReference(input: input, ordinal: resource.ordinal, pointer: resource.pointer)
                advice.addresses[record] = resource.attributes.member("address")?.stringValue ?? resource.id
                for change in counterfactual.changes(for: records[resource.ordinal] ?? [], in: resource, input: input) {
                    advice.changes[change.finding, default: []].append(change)
                }
            }
        }
        advice.positions = Self.positions(run, files: files)
        return advice
    }

    private func reread(_ files: [InputFile], _ input: Int) -> [Resource] {
        guard files.indices.contains(input), files[input].path != "-" else { return [] }
        var found: [Resource] = []
        // What cannot be read a second time was told when it was read first.
        _ = try? InputReader().read(
            files[input], plan: readPlan(Self.mappings(files)), hash: { _ in }, resources: { found.append($0) }, events: { _, _, _ in })
        return found
    }

    /// Where the records of open findings stand in texts that people edit.
    static func positions(_ run: Run, files: [InputFile]) -> [RecordReference: TextPosition] {
        var pointers: [Int: Set<RecordReference>] = [:]
        for finding in run.findings where finding.verdict != .satisfied {
            for observation in finding.observations where observation.record.pointer.hasPrefix("/") {
                pointers[observation.record.input, default: []].insert(observation.record)
            }
        }
        var positions: [RecordReference: TextPosition] = [:]
        for (input, records) in pointers where files.indices.contains(input) && files[input].path != "-" {
            guard run.inputs[input].bytes <= RecordPositions.maxBytes, let data = FileManager.default.contents(atPath: files[input].path) else { continue }
            let found = RecordPositions.locate(Set(records.map(\.pointer)), in: [UInt8](data))
            for record in records { positions[record] = found[record.pointer] }
        }
        return positions
    }

    /// Line and column of what a run's findings stand on, where its inputs are texts.
    public func positions(of run: Run) -> [RecordReference: TextPosition] {
        guard let files = try? Self.files(inputs) else { return [:] }
        return Self.positions(run, files: files)
    }

    private static func files(_ arguments: [String]) throws(AuditError) -> [InputFile] {
        do { return try InputTree.files(in: arguments).files } catch { throw .other("\(error)") }
    }
}
