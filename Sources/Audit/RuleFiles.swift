import Builtin
import Crypto
import Foundation
public import Policy
import Residency

/// Reads the files that a run judges by: what is embedded, what the user's folders hold, tenants and waivers.
public struct RuleFiles: Sendable {
    public var policies: [String]
    public var tenants: String?
    public var waivers: [String]
    /// A folder that replaces the embedded catalogue, places and jurisdictions; `nil` for the embedded ones.
    public var catalogue: String?
    /// What tells where addresses are: published ranges (`.json`), MaxMind databases (`.mmdb`), folders of them.
    public var addresses: [String]

    public init(policies: [String] = [], tenants: String? = nil, waivers: [String] = [], catalogue: String? = nil, addresses: [String] = []) {
        self.addresses = addresses
        self.policies = policies
        self.tenants = tenants
        self.waivers = waivers
        self.catalogue = catalogue
    }

    /// Loads and compiles everything; errors in the files are in the exception's text, warnings in the result.
    public func load(now: Int64) throws(AuditError) -> LoadedRules {
        var builtin = Builtin.files.map { SourceFile(path: "builtin:" + $0.path, text: $0.text, tree: $0.tree) }
        if let catalogue { builtin = try Self.read(catalogue, skipping: []) }
        var files: [SourceFile] = []
        for path in policies { files += try Self.read(path, skipping: Self.notPolicies) }
        var tenantsFile: SourceFile?
        if let tenants { tenantsFile = try Self.file(tenants) }
        var waiverFiles: [SourceFile] = []
        for path in waivers { waiverFiles.append(try Self.file(path)) }
        // A folder of policies may hold them too: each file counts once.
        let named = Set(([tenants].compactMap(\.self) + waivers).map(Self.realPath))
        files.removeAll { named.contains(Self.realPath($0.path)) }
        let tables = try addressFiles()
        let databases = tables.filter { $0.hasSuffix(".mmdb") }
        guard databases.count < 2 else { throw .other("one MaxMind database at a time: \(databases.joined(separator: ", "))") }
        var ranges: [SourceFile] = []
        for path in tables where !path.hasSuffix(".mmdb") { ranges.append(try Self.file(path)) }
        var digests: [String] = []
        for path in databases { digests.append(Digest.hexadecimal(try Self.file(path).bytes)) }
        var (rules, diagnostics) = RuleBookLoader.load(
            builtin: builtin, files: files, tenants: tenantsFile, waivers: waiverFiles, ranges: ranges, facts: digests, now: now, digest: Digest.hexadecimal)
        if let path = databases.first { rules.gazetteer.geolocation = try MaxMindTable(path: path, digest: digests[0]) }
        let all = builtin + files + waiverFiles + (tenantsFile.map { [$0] } ?? [])
        let sources = Dictionary(all.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        guard diagnostics.allSatisfy({ $0.level != .error }) else {
            throw .rules(diagnostics.filter { $0.level == .error }, sources: sources)
        }
        let own = files + waiverFiles + [tenantsFile].compactMap(\.self) + ranges
        let kinds = [catalogue == nil ? [] : builtin, files, waiverFiles, tenantsFile.map { [$0] } ?? [], ranges]
        let known = kinds.map { $0.map { "\($0.path) \(Digest.hexadecimal($0.bytes))" } }
        return LoadedRules(
            rules: rules, warnings: diagnostics, sources: sources, digests: Set(own.map { Digest.hexadecimal($0.bytes) }),
            digest: Digest.hexadecimal(Array("\(known) \(digests)".utf8)))
    }

    /// Folders below a policies folder that hold something else.
    private static let notPolicies: Set<String> = ["catalogue", "places", "jurisdictions", "examples", "inputs"]

    private static func realPath(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

    /// The files that `addresses` names, in the order of their paths within a folder.
    private func addressFiles() throws(AuditError) -> [String] {
        var files: [String] = []
        for path in addresses {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw .unreadable(path) }
            guard isFolder.boolValue else {
                files.append(path)
                continue
            }
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { throw .unreadable(path) }
            files += names.sorted().filter { $0.hasSuffix(".json") || $0.hasSuffix(".mmdb") }.map { path + "/" + $0 }
        }
        return files
    }

    private static func file(_ path: String) throws(AuditError) -> SourceFile {
        guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path) }
        return SourceFile(path: path, bytes: [UInt8](data))
    }

    /// A file, or every YAML file of a folder, in the order of their paths.
    private static func read(_ path: String, skipping: Set<String>) throws(AuditError) -> [SourceFile] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { throw .unreadable(path) }
        guard isFolder.boolValue else { return [try file(path)] }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { throw .unreadable(path) }
        var files: [SourceFile] = []
        for name in names.sorted() where !name.hasPrefix(".") {
            let child = path == "." ? name : path + "/" + name
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: child, isDirectory: &isFolder) else { continue }
            if isFolder.boolValue {
                if !skipping.contains(name) { files += try read(child, skipping: skipping) }
            } else if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
                files.append(try file(child))
            }
        }
        return files
    }
}

/// The rules, with what is to be said about their files.
public struct LoadedRules: Sendable {
    public var rules: RuleBook
    /// Warnings and notes; errors end the run.
    public var warnings: [PolicyDiagnostic]
    /// The files by path, so that messages can show the line.
    public var sources: [String: SourceFile]
    /// SHA-256 of the user's files.
    public var digests: Set<String>
    /// Tells these rules from all others that this build may load.
    public var digest: String

    /// A message with the line that it is about.
    public func text(_ diagnostic: PolicyDiagnostic) -> String { diagnostic.rendered(source: sources[diagnostic.file]?.bytes) }
}

/// SHA-256, as the lower-case text that runs and reports show.
enum Digest {
    static func hexadecimal(_ bytes: [UInt8]) -> String { bytes.withUnsafeBufferPointer(hexadecimal) }

    static func hexadecimal(_ bytes: UnsafeBufferPointer<UInt8>) -> String { hexadecimal(SHA256.hash(data: UnsafeRawBufferPointer(bytes))) }

    static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in digest { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

extension RuleFiles {
    /// The user's policy files as they are, to be kept with a run.
    public func policySources() throws(AuditError) -> [SourceFile] {
        var files: [SourceFile] = []
        for path in policies { files += try Self.read(path, skipping: Self.notPolicies) }
        return files
    }
}
