import Foundation
import Testing

/// Keys, a store with a signed run of the sample company, and what outsiders trust.
struct Vault {
    let scratch: Scratch
    var path: String { scratch.path }
    var key: String { path + "/keys/p256.pem" }
    var store: String { path + "/out/evidence.sqlite" }
    var trust: String { path + "/trust" }
    var bundle: String { path + "/bundle" }

    init(_ more: [String] = [], generate: [String] = []) throws {
        scratch = try Scratch()
        let keys = try Binary.run(["keys", "generate", "--out", scratch.path + "/keys"] + generate)
        #expect(keys.code == 0, "\(keys.errors)")
        let audit = try Binary.auditExample(to: scratch.path + "/out", ["--key", scratch.path + "/keys/p256.pem"] + more)
        #expect(audit.code == 1, "\(audit.errors)")
        try FileManager.default.createDirectory(atPath: trust, withIntermediateDirectories: true)
        for name in ["p256.pub.pem", "log.vkey"] { try FileManager.default.copyItem(atPath: "\(path)/keys/\(name)", toPath: "\(trust)/\(name)") }
    }

    /// Makes a bundle of the run.
    func makeBundle(_ more: [String] = [], to folder: String? = nil) throws {
        let made = try Binary.run(["evidence", "bundle", "--store", store, "--key", key, "--out", folder ?? bundle, "--now", Binary.now] + more)
        #expect(made.code == 0, "\(made.errors)")
    }

    func verify(_ bundle: String? = nil) throws -> Binary.Result {
        try Binary.run(["evidence", "verify", bundle ?? self.bundle, "--trust", trust, "--now", Binary.now])
    }

    func verifyLog(_ more: [String] = []) throws -> Binary.Result {
        try Binary.run(["evidence", "log", "verify", "--store", store, "--trust", trust + "/log.vkey"] + more)
    }

    func run(_ arguments: String..., expecting code: Int32 = 0) throws -> Binary.Result {
        let result = try Binary.run(arguments)
        #expect(result.code == code, "\(arguments.joined(separator: " ")): \(result.output)\(result.errors)")
        return result
    }

    func text(_ name: String) throws -> String { try String(contentsOfFile: path + "/" + name, encoding: .utf8) }
}
