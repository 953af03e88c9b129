import ArgumentParser
import Audit
import Evidence
import Foundation
import Policy
import Reports
import Residency

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Judge inventories and logs by policies.",
        discussion: """
            EXAMPLES
              domicile audit inventory/ cloudtrail/ --policies policies --tenants tenants.yaml
              domicile audit terraform.tfstate --policies eu.yaml --format junit --format sarif=out.sarif
              zcat trail.json.gz | domicile audit - --key keys/p256.pem --store history.sqlite

            The folder of --out holds findings.json (always) and what --format asks for (default: junit.xml and report.html). \
            Exit codes: 0 proven, 1 violated, 2 not proven (something is unresolved, or coverage falls short), 3 not completed.
            """)

    @Argument(help: ArgumentHelp("Files, folders or globs; `-` is standard input.", valueName: "input"))
    var inputs: [String] = []

    @OptionGroup var rules: RuleOptions
    @OptionGroup var reading: InputOptions
    @OptionGroup var output: OutputOptions

    @OptionGroup var publishing: PublishingOptions

    @Option(name: .long, help: ArgumentHelp("Threads (default: the cores); never changes a byte of the output.", valueName: "n"))
    var jobs: Int?

    @Flag(name: .long, help: "A malformed record ends the run.")
    var strict = false

    @OptionGroup var caching: CacheOptions

    @OptionGroup var engine: EngineOptions

    func validate() throws {
        if inputs.isEmpty, engine.table == nil { throw ValidationError("name an input: files, folders or globs; `-` is standard input") }
        if let jobs, jobs < 1 { throw ValidationError("`--jobs` must be at least 1") }
    }

    func run() async throws {
        let started = ContinuousClock.now
        let now = try rules.time()
        let loaded = try rules.files.load(now: now)
        // A key that cannot be read is told before the inputs are.
        let keys = try publishing.keys.signing()
        let progress = ProgressLine(output)
        for warning in loaded.warnings where output.verbose || warning.level == .warning { Terminal.say(loaded.text(warning)) }
        guard !loaded.rules.policies.isEmpty else {
            throw AuditError.other("no policy was given: name a file or folder with `--policies` (`domicile look` needs none)")
        }
        var audit = AuditRun(
            inputs: inputs, rules: loaded.rules, now: now, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, strict: strict,
            toolVersion: Domicile.version)
        audit.ruleDigests = loaded.digests
        audit.rulesDigest = loaded.digest
        audit.cache = caching.cache(store: publishing.noStore ? nil : publishing.store)
        audit.stated = reading.stated
        audit.limits = try reading.limits()
        audit.table = try engine.logTable(jobs: audit.jobs)
        audit.cluster = try engine.cluster(rules.files)
        audit.engine = try engine.engine(jobs: audit.jobs, output)
        let (run, entry) = try await audit.recallOrRun(progress: progress.show)
        progress.finish()
        try publishing.publish(run, audit, rules: rules, output: output, started: started, keys: keys, now: now, entry: entry)
    }
}
