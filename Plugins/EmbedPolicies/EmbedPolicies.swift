import Foundation
import PackagePlugin

/// Puts the files of `policies/catalogue`, `policies/places` and `policies/jurisdictions` into the binary, so that it works
/// alone. A new file needs no change here.
@main
struct EmbedPolicies: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let root = context.package.directoryURL.appending(path: "policies")
        var files: [URL] = []
        for folder in ["catalogue", "places", "jurisdictions"] {
            let found = FileManager.default.enumerator(at: root.appending(path: folder), includingPropertiesForKeys: nil)
            while let file = found?.nextObject() as? URL {
                if file.pathExtension == "yaml" { files.append(file) }
            }
        }
        files.sort { $0.path < $1.path }
        let output = context.pluginWorkDirectoryURL.appending(path: "BuiltinFiles.swift")
        return [
            .buildCommand(
                displayName: "Embedding \(files.count) files of policies",
                executable: try context.tool(named: "embed-policies").url,
                arguments: [output.path, root.path] + files.map(\.path),
                inputFiles: files,
                outputFiles: [output])
        ]
    }
}
