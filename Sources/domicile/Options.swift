import ArgumentParser
import Audit
import Engine
import EvidenceStore
import Foundation
import Ingest
import Residency

enum ColorChoice: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

/// What a run judges by: the same words mean the same thing in every command.
struct RuleOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Policies: a file or folder; repeatable.", valueName: "path"))
    var policies: [String] = []

    @Option(name: .long, help: ArgumentHelp("Tenants and their home jurisdictions, YAML or CSV.", valueName: "file"))
    var tenants: String?

    @Option(name: .long, help: ArgumentHelp("Dated, owned exceptions; repeatable.", valueName: "file"))
    var waivers: [String] = []

    @Option(name: .long, help: ArgumentHelp("A folder that replaces the built-in catalogue, places and jurisdictions.", valueName: "dir"))
    var catalogue: String?

    @Option(name: .long, help: ArgumentHelp("Where addresses are: providers' published ranges (ip-ranges.json, cloud.json, ServiceTags), a MaxMind database (.mmdb), or a folder of them; repeatable.", valueName: "path"))
    var addresses: [String] = []

    @Option(name: .long, help: ArgumentHelp("The time of the judgement, RFC 3339 (default: the clock).", valueName: "time"))
    var now: String?

    var files: RuleFiles {
        let fallback = FileManager.default.fileExists(atPath: "policies") ? ["policies"] : []
        return RuleFiles(policies: policies.isEmpty ? fallback : policies, tenants: tenants, waivers: waivers, catalogue: catalogue, addresses: addresses)
    }

    /// What `check --watch` watches beside the inputs.
    var watched: [String] { files.policies + [tenants, catalogue].compactMap(\.self) + waivers }

    func time() throws -> Int64 { try ClockOption.time(now) }
}

/// The time that a command acts at.
struct ClockOption: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The time to act at, RFC 3339 (default: the clock).", valueName: "time"))
    var now: String?

    func time() throws -> Int64 { try Self.time(now) }

    /// The only place where the clock is read.
    static func time(_ now: String?) throws -> Int64 {
        guard let now else { return Int64(Date().timeIntervalSince1970) }
        let full = now.utf8.count == 10 ? now + "T00:00:00Z" : now
        guard let seconds = Clock.seconds(full) else {
            throw ValidationError("`\(now)` is not a time: write it as 2026-10-31T23:59:59Z")
        }
        return seconds
    }
}

/// The history of runs that a command needs.
struct HistoryOption: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The history of runs.", valueName: "file"))
    var store: String

    func open() throws -> RunStore { try RunStore.existing(path: store) }
}

/// How talkative a command is.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Say nothing but the result.")
    var quiet = false

    @Flag(name: .long, help: "Say more.")
    var verbose = false

    @Option(name: .long, help: "auto, always or never.")
    var color: ColorChoice = .auto
}

/// What a user says of inputs that they do not say themselves.
struct OriginOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("The region of records that name none (templates, manifests, lists).", valueName: "name"))
    var region: String?

    @Option(name: .long, help: ArgumentHelp("The account, subscription or project of records that name none.", valueName: "id"))
    var account: String?

    var stated: StatedOrigin { StatedOrigin(region: region, account: account) }
}

/// What is said of inputs, and how much of them is read.
struct InputOptions: ParsableArguments {
    @OptionGroup var origin: OriginOptions

    @Option(name: .long, help: ArgumentHelp("A limit of reading, NAME=NUMBER (512M is 512 x 2^20); repeatable. \(ReadLimits.names.joined(separator: " "))", valueName: "name=number"))
    var limit: [String] = []

    var stated: StatedOrigin { origin.stated }

    func limits() throws -> ReadLimits {
        var limits = ReadLimits()
        for text in limit {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let number = Self.number(parts[1]) else { throw ValidationError("`\(text)` is not NAME=NUMBER, as in `record-bytes=64M`") }
            guard limits.set(parts[0], to: number) else {
                let near = NearMatch.best(to: parts[0], among: ReadLimits.names).map { "; did you mean `\($0)`?" } ?? ""
                throw ValidationError("there is no limit `\(parts[0])`\(near)")
            }
        }
        return limits
    }

    /// A number with `K`, `M`, `G` or `T` after it, which are powers of 1024.
    private static func number(_ text: String) -> Int? {
        let powers: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
        guard let last = text.last, let shift = powers[Character(last.uppercased())] else { return Int(text).flatMap { $0 > 0 ? $0 : nil } }
        guard let number = Int(text.dropLast()), number > 0, number < 1 << 20 else { return nil }
        return number << shift
    }
}
