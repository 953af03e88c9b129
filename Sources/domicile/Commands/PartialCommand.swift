import ArgumentParser
import Audit
import Foundation
import Policy
import Residency

struct PartialCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "partial",
        abstract: "Read a share of the inputs; `merge` puts the shares together.",
        discussion: """
            EXAMPLES
              domicile partial s3-mirror/ --shard 3/8 --out part-3
              domicile partial s3-mirror/ --shard "$JOB_COMPLETION_INDEX/8" --out "part-$JOB_COMPLETION_INDEX"
              domicile merge part-* --policies policies --tenants tenants.yaml

            A partial result depends on the inputs, the catalogue and the networks of addresses: policies, tenants and waivers are \
            asked when it is merged. Where the files of --policies name networks, give them here as well. The findings are the same as \
            those of one `audit` of all inputs.
            Exit codes: 0 written, 3 some input could not be read (the rest is written), 64 wrong usage.
            """)

    @Argument(help: ArgumentHelp("Files, folders or globs; `-` is standard input.", valueName: "input"))
    var inputs: [String] = []

    @Option(name: .long, help: ArgumentHelp("Which share of the inputs: number/count, from 0 or from 1.", valueName: "i/n"))
    var shard: String?

    @Option(name: .long, help: ArgumentHelp("A file with the inputs, one a line (path, or path, tab, name); `-` is standard input.", valueName: "file"))
    var filesFrom: String?

    @Option(name: .long, help: ArgumentHelp("Where the partial result goes; `-` is standard output.", valueName: "file"))
    var out: String

    @OptionGroup var rules: RuleOptions
    @OptionGroup var origin: OriginOptions

    @Option(name: .long, help: ArgumentHelp("Threads (default: the cores).", valueName: "n"))
    var jobs: Int?

    @Flag(name: .long, help: "A malformed record ends the reading.")
    var strict = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if inputs.isEmpty, filesFrom == nil { throw ValidationError("name inputs, or a list of them with `--files-from`") }
        if let shard, Shard(shard) == nil { throw ValidationError("`\(shard)` is not a share: write it as 0/8 to 7/8, or 1/8 to 8/8") }
        if let jobs, jobs < 1 { throw ValidationError("`--jobs` must be at least 1") }
    }

    func run() async throws {
        // Tenants and waivers are asked when the parts are merged.
        var files = rules.files
        files.tenants = nil
        files.waivers = []
        let loaded = try files.load(now: try rules.time())
        var audit = AuditRun(
            inputs: inputs, rules: loaded.rules, now: 0, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, strict: strict,
            toolVersion: Domicile.version)
        audit.stated = origin.stated
        let progress = ProgressLine(output)
        var list: String?
        if let filesFrom {
            let data = filesFrom == "-" ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: filesFrom)
            guard let data else { throw AuditError.unreadable(filesFrom) }
            list = String(decoding: data, as: UTF8.self)
        }
        let (bytes, summaries) = try await audit.parts(of: shard.flatMap(Shard.init), list: list, progress: progress.show)
        progress.finish()
        if out == "-" {
            FileHandle.standardOutput.write(Data(bytes))
        } else {
            try Data(bytes).write(to: URL(fileURLWithPath: out), options: .atomic)
        }
        let unread = summaries.filter { $0.bytes == 0 && $0.malformed > 0 && $0.format == "unknown" }
        if !output.quiet { Terminal.say("\(summaries.count) inputs, \(summaries.reduce(0) { $0 + $1.records }) records, \(bytes.count) bytes") }
        if !unread.isEmpty { throw ExitCode(Exit.incomplete.rawValue) }
    }
}
