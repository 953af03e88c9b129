import ArgumentParser
import Audit
import Foundation
import Policy
import Residency

struct MergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Put shares together that `partial` read, and judge them.",
        discussion: """
            EXAMPLES
              domicile merge part-* --policies policies --tenants tenants.yaml
              domicile merge part-0 part-1 --policies eu.yaml --key keys/p256.pem --store history.sqlite

            The order of the parts does not matter, and an input that is in two of them counts once.
            Exit codes: 0 proven, 1 violated, 2 not proven (something is unresolved, or coverage falls short), 3 not completed.
            """)

    @Argument(help: ArgumentHelp("Files that `partial` wrote.", valueName: "part"))
    var parts: [String]

    @OptionGroup var rules: RuleOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var publishing: PublishingOptions

    func run() async throws {
        let started = ContinuousClock.now
        let now = try rules.time()
        let loaded = try rules.files.load(now: now)
        let keys = try publishing.keys.signing()
        for warning in loaded.warnings where output.verbose || warning.level == .warning { Terminal.say(loaded.text(warning)) }
        guard !loaded.rules.policies.isEmpty else {
            throw AuditError.other("no policy was given: name a file or folder with `--policies`")
        }
        var audit = AuditRun(inputs: [], rules: loaded.rules, now: now, jobs: ProcessInfo.processInfo.activeProcessorCount, toolVersion: Domicile.version)
        audit.ruleDigests = loaded.digests
        let (partial, summaries, diagnostics) = try audit.merge(parts)
        let run = audit.judge(partial, summaries, diagnostics)
        try publishing.publish(run, audit, rules: rules, output: output, started: started, keys: keys, now: now)
    }
}
