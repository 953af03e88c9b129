import Foundation
import Testing
import Yams

/// The files of docs/ci: valid by what their servers publish, and their shell steps run.
struct CITemplateTests {
    static let folder = Binary.root.appending(path: "docs/ci").path

    /// A program on the PATH; `nil` where it is not installed.
    static func program(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let verify = ProcessInfo.processInfo.environment["VERIFY_HOME"].map { [$0 + "/venv/bin"] } ?? []
        let tools = [Binary.root.appending(path: ".build/test-tools/bin").path]
        return (folders + verify + tools).map { $0 + "/" + name }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static let schemas = [
        ("github.yml", ["--builtin-schema", "vendor.github-workflows"]),
        ("gitlab-ci.yml", ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]),
        // The schema's patterns are not of the newer dialect.
        ("azure-pipelines.yml", ["--builtin-schema", "vendor.azure-pipelines", "--data-transform", "azure-pipelines", "--regex-variant", "nonunicode"]),
    ]

    @Test(.enabled(if: program("check-jsonschema") != nil, "check-jsonschema is not installed"), arguments: schemas.indices)
    func `the server's schema accepts it`(_ index: Int) throws {
        let (file, options) = Self.schemas[index]
        let result = try Binary.execute(try #require(Self.program("check-jsonschema")), options + [Self.folder + "/" + file])
        #expect(result.code == 0, "\(result.output)\(result.errors)")
    }

    static func yaml(_ file: String) throws -> Node { try #require(try compose(yaml: try text(file))) }

    static func text(_ file: String) throws -> String { try String(contentsOfFile: folder + "/" + file, encoding: .utf8) }

    /// The shell texts of a file, by what they do.
    static func steps(_ file: String) throws -> (install: String, audit: String) {
        switch file {
        case "github.yml":
            let steps = try #require(try yaml(file)["jobs"]?["audit"]?["steps"]?.sequence)
            func run(_ id: String) throws -> String { try #require(steps.first { $0["id"]?.string == id }?["run"]?.string) }
            return (try run("install"), try run("audit"))
        case "gitlab-ci.yml":
            let job = try #require(try yaml(file)["residency"])
            func lines(_ name: String) throws -> [String] { try #require(job[name]?.sequence).compactMap(\.string) }
            return (try lines("before_script").filter { !$0.hasPrefix("apt-get") }.joined(separator: "\n"), try lines("script").joined(separator: "\n"))
        case "azure-pipelines.yml":
            let steps = try #require(try yaml(file)["steps"]?.sequence)
            func run(_ name: String) throws -> String { try #require(steps.first { $0["displayName"]?.string == name }?["bash"]?.string) }
            return (try run("Install domicile"), try run("Audit"))
        default:
            let pieces = try text(file).components(separatedBy: "'''")
            try #require(pieces.count == 5)
            // Groovy reads a backslash at a line's end as the shell does.
            return (pieces[1], pieces[3])
        }
    }

    /// A project as the files suppose it: a plan in inputs/ with a table at the region, a policy, a file of tenants.
    static func project(region: String) throws -> Scratch {
        let scratch = try Scratch()
        _ = try scratch.write(CheckTests.plan([CheckTests.resource("aws_dynamodb_table", "a", #""name": "a", "region": "\#(region)""#)]), to: "inputs/plan.json")
        _ = try scratch.write(CheckTests.policy, to: "policies/eu.yaml")
        _ = try scratch.write("tenants: [{tenant: acme, home: eu}]\n", to: "tenants.yaml")
        return scratch
    }

    static let shellFiles = ["github.yml", "gitlab-ci.yml", "azure-pipelines.yml", "Jenkinsfile"]
    static let outcomes: [(String, Int32)] = [("eu-west-1", 0), ("us-east-1", 1), ("mars-north-1", 2)]

    @Test(arguments: shellFiles)
    func `the audit's step runs, leaves its reports and passes its exit code on`(_ file: String) throws {
        for (region, code) in Self.outcomes {
            let scratch = try Self.project(region: region)
            let bin = (Binary.path as NSString).deletingLastPathComponent
            let script = """
                export PATH="\(bin):$PATH" HOME="\(scratch.path)" GITHUB_STEP_SUMMARY="\(scratch.path)/step.md"
                cd "\(scratch.path)"
                \(try Self.steps(file).audit)
                """
            // As the servers run it: GitHub and GitLab with -e and pipefail.
            let result = try Binary.execute("/bin/bash", ["-eo", "pipefail", "-c", script])
            #expect(result.code == code, "\(file) \(region): \(result)")
            for report in ["findings.json", "junit.xml", "report.html"] {
                #expect(FileManager.default.fileExists(atPath: "\(scratch.path)/out/\(report)"), "\(file): \(report)")
            }
            if file == "github.yml" {
                #expect(try String(contentsOfFile: scratch.path + "/step.md", encoding: .utf8).contains("violated"))
                #expect(result.output.contains("::notice"), "\(result.output)")
            }
        }
    }

    /// The tarball is a stand-in; that it is fetched, checked against its sum and put on the PATH is the step's own doing.
    @Test(.enabled(if: program("curl") != nil, "curl is not installed"), arguments: shellFiles, [true, false])
    func `the installing step refuses what does not match its checksum`(_ file: String, _ isWhole: Bool) throws {
        let scratch = try Scratch()
        let name = "domicile-0.1.0-linux-x86_64"
        _ = try scratch.write("#!/bin/sh\necho installed\n", to: "make/\(name)/bin/domicile")
        let made = try Binary.execute(
            "/bin/sh", ["-c", "cd \(scratch.path) && mkdir served job && chmod +x make/\(name)/bin/domicile && tar -C make -czf served/\(name).tar.gz \(name) && cd served && sha256sum \(name).tar.gz > \(name).tar.gz.sha256"])
        try #require(made.code == 0, "\(made)")
        if !isWhole { _ = try scratch.write(String(repeating: "0", count: 64) + "  \(name).tar.gz\n", to: "served/\(name).tar.gz.sha256") }
        let path = file == "Jenkinsfile" || file == "azure-pipelines.yml" ? "job/\(name)/bin/" : ""
        let script = """
            cd "\(scratch.path)/job"
            export DOMICILE_URL="file://\(scratch.path)/served" DOMICILE_NAME="\(name)" GITHUB_PATH="\(scratch.path)/path"
            \(try Self.steps(file).install)
            [ -f "$GITHUB_PATH" ] && PATH="$(cat "$GITHUB_PATH"):$PATH"
            \(path.isEmpty ? "" : "PATH=\"\(scratch.path)/\(path):$PATH\"")
            domicile
            """
        let result = try Binary.execute("/bin/bash", ["-eo", "pipefail", "-c", script])
        #expect((result.code == 0 && result.output.hasSuffix("installed\n")) == isWhole, "\(result)")
    }

    @Test(.enabled(if: program("systemd-analyze") != nil, "systemd-analyze is not installed"))
    func `systemd accepts the units`() throws {
        let scratch = try Scratch()
        for name in ["domicile-audit.service", "domicile-audit.timer"] {
            // Verification wants the program to exist.
            _ = try scratch.write(try Self.text(name).replacingOccurrences(of: "/usr/local/bin/domicile", with: Binary.path), to: name)
        }
        let result = try Binary.execute(
            try #require(Self.program("systemd-analyze")), ["verify", "--man=no", scratch.path + "/domicile-audit.service", scratch.path + "/domicile-audit.timer"])
        let said = (result.output + result.errors).split(separator: "\n").filter { $0.contains("domicile-audit") }
        #expect(result.code == 0 && said.isEmpty, "\(result)")
    }

    @Test func `the service's command is one that runs`() throws {
        let line = try #require(try Self.text("domicile-audit.service").split(separator: "\n").first { $0.hasPrefix("ExecStart=") })
        var words = line.dropFirst("ExecStart=".count).split(separator: " ").map(String.init)
        #expect(words.removeFirst() == "/usr/local/bin/domicile")
        let scratch = try Self.project(region: "us-east-1")
        words = words.map { $0.replacingOccurrences(of: "/etc/domicile", with: scratch.path).replacingOccurrences(of: "/var/lib/domicile", with: scratch.path) }
        let result = try Binary.run(words, in: scratch.path)
        #expect(result.code == 1, "\(result)")
        #expect(FileManager.default.fileExists(atPath: scratch.path + "/history.sqlite"))
    }

    /// There is no Jenkins here. What can be seen without one: sections that declarative pipelines know, and brackets that close.
    @Test func `the Jenkinsfile has the shape of a declarative pipeline`() throws {
        var depth = 0
        var path: [String] = []
        var sections: Set<String> = []
        let code = try Self.text("Jenkinsfile").components(separatedBy: "'''").enumerated().filter { $0.offset % 2 == 0 }.map(\.element).joined()
        for line in code.split(separator: "\n") where !line.trimmingCharacters(in: .whitespaces).hasPrefix("//") {
            for (index, character) in line.enumerated() {
                if character == "{", line.dropFirst(index - 1).first != "$" {
                    let name = line.prefix(index).trimmingCharacters(in: .whitespaces)
                    path.append(String(name.prefix { $0.isLetter }))
                    sections.insert(path.joined(separator: "."))
                    depth += 1
                } else if character == "}", depth > 0 {
                    if line.prefix(index).contains("${") && !line.prefix(index).contains("{ ") { continue }
                    path.removeLast()
                    depth -= 1
                }
            }
        }
        #expect(depth == 0)
        for section in ["pipeline.agent", "pipeline.triggers", "pipeline.options", "pipeline.environment", "pipeline.stages.stage.steps.script", "pipeline.post.always"] {
            #expect(sections.contains(section), "\(section) in \(sections.sorted())")
        }
    }
}
