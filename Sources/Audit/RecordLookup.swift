import CEL
import Engine
import Ingest
public import Policy
public import Residency

/// Finds a record again in the inputs, and shows how a vector's expressions came to their values.
public enum RecordLookup {
    /// The lines that explain an observation from its record.
    public static func explain(_ observation: Observation, inputs: [String], rules: RuleBook) throws(AuditError) -> [String] {
        guard let vector = rules.catalogue.vectors.first(where: { $0.id == observation.vector }) else {
            return ["no vector `\(observation.vector)` is in the catalogue now"]
        }
        let files: [InputFile]
        do { files = try InputTree.files(in: inputs).files } catch { throw .other("\(error)") }
        guard files.indices.contains(observation.record.input) else { return ["the inputs given are not those of the run"] }
        let file = files[observation.record.input]
        var slots: [Value]?
        do {
            let plan = ReadPlan(projections: rules.projections, mappings: AuditRun.mappings(files))
            _ = try InputReader().read(
                file, plan: plan, hash: { _ in },
                resources: { if $0.ordinal == observation.record.ordinal { slots = [$0.attributes, .null, .null] } },
                events: { _, projection, batch in
                    let row = observation.record.ordinal - batch.firstOrdinal
                    if (0..<batch.count).contains(row) { slots = [.null, EventTree.build(projection, batch, row), .null] }
                })
        } catch {
            throw .other("`\(file.name)`: \(error.message)")
        }
        guard let slots else { return ["\(file.name) has no record \(observation.record.ordinal)"] }
        var lines = ["record \(observation.record.pointer) of \(file.name), vector \(vector.id)"]
        for (name, expression) in [("when", vector.when), ("each", vector.each)] {
            if let expression { lines += section(name, expression, slots) }
        }
        var inner = slots
        if let each = vector.each, case .success(let value) = each.program.evaluate(slots) {
            let elements = value.elements ?? (value.keys ?? []).compactMap { $0.stringValue.flatMap { value.member($0) } }
            inner[2] = elements.first { element in
                var trial = slots
                trial[2] = element
                guard case .success(let place) = vector.place.program.evaluate(trial) else { return false }
                return rules.gazetteer.place(PlaceReference(text: place.stringValue ?? "")).name == observation.place.name
            } ?? elements.first ?? .null
        }
        if let subject = vector.subject { lines += section("subject", subject, inner) }
        lines += section("place", vector.place, inner)
        return lines
    }

    private static func section(_ name: String, _ expression: Policy.Expression, _ slots: [Value]) -> [String] {
        ["  \(name):"] + expression.program.explain(slots).rendered().split(separator: "\n").map { "    \($0)" }
    }
}
