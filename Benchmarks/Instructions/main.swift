// measure STAGE RULES [FOLDER]: an audit's path in one thread and without a runtime beside it, so that callgrind can count it.
// STAGE is `start` (load the rules), `observe` (and read FOLDER's logs against every vector) or `judge` (and judge what they show).
import Builtin
import Engine
import Foundation
import Ingest
import Policy
import Residency

func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("measure: \(message)\n".utf8))
    exit(64)
}

let arguments = CommandLine.arguments
guard arguments.count == 4, ["start", "observe", "judge"].contains(arguments[1]) else { fail("usage: measure start|observe|judge RULES FOLDER") }
let stage = arguments[1]

let now: Int64 = 1_795_327_200
let own = (try? FileManager.default.contentsOfDirectory(atPath: arguments[2]))?.filter { $0.hasSuffix(".yaml") }.sorted() ?? []
let files = own.map { name in
    SourceFile(path: name, bytes: FileManager.default.contents(atPath: arguments[2] + "/" + name).map { [UInt8]($0) } ?? [])
}
let builtin = Builtin.files.map { SourceFile(path: "builtin:" + $0.path, text: $0.text, tree: $0.tree) }
// Digests name versions in reports, of which there are none here.
let (rules, problems) = RuleBookLoader.load(
    builtin: builtin, files: files, tenants: nil, waivers: [], ranges: [], facts: [], now: now, digest: { "\($0.count) bytes" })
if let problem = problems.first(where: { $0.level == .error }) { fail(problem.headline) }
guard !own.isEmpty else { fail("no rules in \(arguments[2])") }
if stage == "start" {
    print("\(rules.catalogue.vectors.count) vectors, \(rules.policies.count) policies")
    exit(0)
}

var projections: [String: Projection] = [:]
for provider in Set(rules.catalogue.vectors.map(\.provider)) { projections[provider] = Observer.projection(rules.catalogue, provider: provider) }
let plan = ReadPlan(projections: projections)
var reader = InputReader()
var observer = Observer(rules)
var inputs: [InputSummary] = []
for (input, file) in try InputTree.files(in: [arguments[3]]).files.enumerated() {
    let outcome = try reader.read(file, plan: plan, hash: { _ in }, resources: { observer.observe($0, input: input) }) { layout, projection, batch in
        observer.observe(layout, projection, batch, input: input)
    }
    inputs.append(InputSummary(path: file.name, sha256: "", bytes: outcome.bytes, format: outcome.format, records: outcome.records, malformed: outcome.malformed))
    _ = observer.end(input, inputs[input], [], pointers: outcome.pointers)
}
let partial = observer.finish()
if stage == "observe" {
    print("\(partial.events) events")
} else {
    let judged = Judgement.judge(partial, rules, inputs: inputs, now: now)
    print("\(partial.events) events, \(judged.findings.count) findings")
}
