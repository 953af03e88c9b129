import Engine
import Foundation
import Ingest
import Residency

/// An Apache Spark that exists: it runs this very program on its executors, each on a share of the inputs, and what they
/// observed is judged here. All machines have to see the inputs under the same paths.
public struct SparkCluster: Sendable {
    private let master: String
    private let submit: SparkSubmit
    /// The program that is shipped to the executors.
    private let program: String

    /// A share holds about so many bytes as they lie on disk.
    private static let shareBytes = 64 << 20

    /// - Parameters:
    ///   - master: `spark://host:port`, or whatever else `spark-submit` takes.
    ///   - command: `spark-submit`; `nil` looks in `SPARK_HOME` and on the search path.
    ///   - settings: `key=value`, handed on as `--conf`.
    /// - Throws: if there is no such command.
    public init(master: String, command: String?, settings: [String], program: String = "/proc/self/exe") throws(AuditError) {
        submit = try SparkSubmit(command: command, settings: settings)
        self.master = master
        self.program = URL(filePath: program).resolvingSymlinksInPath().path
    }

    /// Observes the files on the cluster.
    func observe(_ audit: AuditRun, _ files: [InputFile], _ rules: RuleFiles) throws(AuditError) -> (Partial, [InputSummary], [Diagnostic]) {
        guard !files.contains(where: { $0.path == "-" }) else { throw .other("standard input cannot be read by a cluster; name files") }
        guard audit.stated == StatedOrigin(), AuditRun.mappings(files).isEmpty else { throw .other(Self.needsHere) }
        guard !Custody.needsContent(files) else {
            throw .other("a trail's digest files are held against the logs in one process: leave them out for a cluster, and audit them apart")
        }
        let folder = try Subprocess.scratch()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try prepare(folder, files, rules, strict: audit.strict)
        try submit.run(folder, master: master)
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder + "/parts").sorted() else {
            throw .unreadable(folder + "/parts")
        }
        let merged = try audit.merge(names.map { folder + "/parts/" + $0 })
        guard merged.1.map(\.path) == files.map(\.name) else {
            throw .other("spark brought back \(merged.1.count) inputs, and there are \(files.count)")
        }
        return merged
    }

    private static let needsHere = "a stated region or account and mappings of tables are not handed on to a cluster: judge those inputs apart"

    private func prepare(_ folder: String, _ files: [InputFile], _ rules: RuleFiles, strict: Bool) throws(AuditError) {
        let manager = FileManager.default
        var arguments = strict ? ["--strict"] : []
        let here = manager.currentDirectoryPath
        var total = 0
        var lines = ""
        for file in files {
            guard !file.name.contains(where: \.isNewline), !file.path.contains("\t") else {
                throw .other("`\(file.name)` cannot be named in a list: its name has a line break or a tab")
            }
            let path = file.path.hasPrefix("/") ? file.path : here + "/" + file.path
            let size = (try? manager.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
            total += size
            lines += "\(size)\t\(path)\t\(file.name)\n"
        }
        do {
            try manager.createDirectory(atPath: folder + "/parts", withIntermediateDirectories: true)
            try manager.createDirectory(atPath: folder + "/rules", withIntermediateDirectories: true)
            for (index, path) in rules.policies.enumerated() {
                try Self.copyRules(path, to: folder + "/rules/policies-\(index)")
                arguments += ["--policies", "@policies-\(index)"]
            }
            if let catalogue = rules.catalogue {
                try Self.copyRules(catalogue, to: folder + "/rules/catalogue")
                arguments += ["--catalogue", "@catalogue"]
            }
            for (index, path) in rules.addresses.enumerated() {
                let name = "addresses-\(index)" + (URL(filePath: path).pathExtension.isEmpty ? "" : "." + URL(filePath: path).pathExtension)
                try manager.copyItem(at: URL(filePath: path).resolvingSymlinksInPath(), to: URL(filePath: folder + "/rules/" + name))
                arguments += ["--addresses", "@" + name]
            }
            try manager.copyItem(atPath: program, toPath: folder + "/domicile")
            let job: [String: Any] = [
                "id": URL(filePath: folder).lastPathComponent, "program": folder + "/domicile", "shares": total / Self.shareBytes + 1, "arguments": arguments,
            ]
            try JSONSerialization.data(withJSONObject: job, options: .sortedKeys).write(to: URL(filePath: folder + "/job.json"))
        } catch { throw .other("the job for spark could not be written: \(error.localizedDescription)") }
        try Subprocess.write(lines, to: folder + "/inputs")
        try Subprocess.write(SparkJob.python, to: folder + "/job.py")
    }

    /// Copies what rules are read from, and nothing else that lies beside: an example's inputs stay where they are.
    private static func copyRules(_ path: String, to target: String) throws {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        guard manager.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            // A file keeps its name: errors in it are told by it.
            try manager.createDirectory(atPath: target, withIntermediateDirectories: true)
            try manager.copyItem(atPath: path, toPath: target + "/" + URL(filePath: path).lastPathComponent)
            return
        }
        for name in try manager.subpathsOfDirectory(atPath: path) where name.hasSuffix(".yaml") || name.hasSuffix(".yml") || name.hasSuffix(".csv") {
            let file = target + "/" + name
            try manager.createDirectory(atPath: URL(filePath: file).deletingLastPathComponent().path, withIntermediateDirectories: true)
            try manager.copyItem(atPath: path + "/" + name, toPath: file)
        }
    }
}
