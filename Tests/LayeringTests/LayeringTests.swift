import Foundation
import Testing

/// Holds the code to the table of ARCHITECTURE.md: who may import whom.
struct LayeringTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The rows of the table: `| 2 | Engine | Residency, Policy | ... |`.
    static func table() throws -> [String: (layer: Int, may: Set<String>)] {
        let text = try String(contentsOf: root.appending(path: "ARCHITECTURE.md"), encoding: .utf8)
        var rows: [String: (layer: Int, may: Set<String>)] = [:]
        for line in text.split(separator: "\n") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count >= 5, let layer = Int(cells[1]) else { continue }
            let may = cells[3].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            for name in cells[2].split(separator: " ") { rows[String(name)] = (layer, Set(may)) }
        }
        return rows
    }

    static func imports(of target: String) throws -> [(file: String, module: String)] {
        let folder = root.appending(path: "Sources/\(target)")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        let pattern = /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:public |package |internal |private |fileprivate )?import (?:struct |enum |class |func |protocol )?(\w+)/.anchorsMatchLineEndings()
        return try files.filter { $0.pathExtension == "swift" }.flatMap { file in
            let text = try String(contentsOf: file, encoding: .utf8)
            return text.matches(of: pattern).map { (file.lastPathComponent, String($0.output.1)) }
        }
    }

    @Test func `every import is in the table and points down`() throws {
        let table = try Self.table()
        #expect(table.count > 10)
        for (target, row) in table where FileManager.default.fileExists(atPath: Self.root.appending(path: "Sources/\(target)").path) {
            for (file, module) in try Self.imports(of: target) {
                if let other = table[module] {
                    #expect(row.may.contains(module), "\(target)/\(file) imports \(module), which the table does not allow")
                    #expect(other.layer <= row.layer, "\(target)/\(file) imports \(module), which is above it")
                }
            }
        }
    }

    @Test func `every target is in the table`() throws {
        let table = try Self.table()
        for target in try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Sources").path) where !target.hasPrefix(".") {
            #expect(table[target] != nil, "Sources/\(target) is missing in ARCHITECTURE.md")
        }
    }

    @Test func `the language and the words need no Foundation`() throws {
        for target in ["CEL", "Residency"] {
            #expect(try Self.imports(of: target).allSatisfy { !$0.module.hasPrefix("Foundation") })
        }
    }

    @Test func `concurrency is in Audit and nowhere below`() throws {
        for target in ["CEL", "Residency", "Policy", "Ingest", "Engine", "Reports", "Evidence"] {
            let folder = Self.root.appending(path: "Sources/\(target)")
            let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
            for file in files where file.pathExtension == "swift" {
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(!text.contains("withTaskGroup") && !text.contains("Task {") && !text.contains("DispatchQueue"), "\(file.lastPathComponent)")
            }
        }
    }
}
