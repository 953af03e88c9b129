import ArgumentParser
import Audit
import Engine
import Foundation
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

    /// The only place where the clock is read.
    func time() throws -> Int64 {
        guard let now else { return Int64(Date().timeIntervalSince1970) }
        let full = now.utf8.count == 10 ? now + "T00:00:00Z" : now
        guard let seconds = Clock.seconds(full) else {
            throw ValidationError("`\(now)` is not a time: write it as 2026-10-31T23:59:59Z")
        }
        return seconds
    }
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
