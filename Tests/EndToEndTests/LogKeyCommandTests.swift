import Foundation
import Testing

/// The log's key is replaced, by the built binary.
struct LogKeyCommandTests {
    private static func audit(_ vault: Vault, _ keys: String, now: String, out: String) throws -> Binary.Result {
        try Binary.run(
            ["audit", "\(Binary.example)/inputs", "\(Binary.example)/register.yaml", "--policies", Binary.example, "--now", now, "--out", vault.path + "/" + out, "--quiet",
             "--key", "\(vault.path)/\(keys)/p256.pem", "--store", vault.store], in: Binary.root.path)
    }

    @Test func `after the rotation the new folder signs, the old one does not, and either key leads through the log`() throws {
        let vault = try Vault()
        let rotated = try vault.run("keys", "rotate", "--log", "--key", vault.key, "--out", vault.path + "/next", "--store", vault.store, "--now", "2026-11-20T07:00:00Z")
        #expect(rotated.output.contains("until 2026-12-20T07:00:00Z"), "\(rotated.output)")
        for name in ["log.pem", "log.old.pem", "p256.pem", "disclosure.key"] {
            #expect(try FileManager.default.attributesOfItem(atPath: "\(vault.path)/next/\(name)")[.posixPermissions] as? Int == 0o600, "\(name)")
        }
        #expect(try vault.text("next/log.old.vkey") == vault.text("keys/log.vkey").replacing("\n", with: " until 2026-12-20T07:00:00Z\n"))
        #expect(try vault.text("next/p256.pem") == vault.text("keys/p256.pem") && vault.text("next/log.pem") != vault.text("keys/log.pem"))

        let refused = try Self.audit(vault, "keys", now: "2026-11-21T06:00:00Z", out: "refused")
        #expect(refused.code == 3 && refused.errors.contains("signed by another key than this log.pem") && refused.errors.contains("keys rotate --log"), "\(refused.errors)")
        #expect(!FileManager.default.fileExists(atPath: vault.path + "/refused/evidence"))
        for (now, out, lines) in [("2026-11-21T06:00:00Z", "overlap", 2), ("2026-12-21T06:00:00Z", "after", 1)] {
            let signed = try Self.audit(vault, "next", now: now, out: out)
            #expect(signed.code == 1, "\(signed.errors)")
            let note = try vault.run("evidence", "checkpoint", "--store", vault.store).output
            #expect(note.split(separator: "\n").count { $0.hasPrefix("\u{2014}") } == lines, "\(note)")
            let verified = try vault.run("evidence", "verify", "\(vault.path)/\(out)/evidence", "--trust", vault.path + "/next", "--now", now)
            #expect(verified.output.contains("inclusion, consistency and both signatures"))
        }
        // The old folder trusts one signature of two, or none.
        for out in ["overlap", "after"] { _ = try vault.run("evidence", "verify", "\(vault.path)/\(out)/evidence", "--trust", vault.trust, "--now", "2026-12-21T06:00:00Z", expecting: 1) }
        for trusted in ["keys/log.vkey", "next/log.vkey", "next"] {
            let audited = try vault.run("evidence", "log", "verify", "--store", vault.store, "--trust", "\(vault.path)/\(trusted)")
            #expect(audited.output.hasSuffix("VERIFIED\n") && !audited.output.contains("note"), "\(audited.output)")
        }
        _ = try vault.run("keys", "generate", "--out", vault.path + "/stranger")
        let strange = try vault.run("evidence", "log", "verify", "--store", vault.store, "--trust", vault.path + "/stranger/log.vkey", expecting: 1)
        #expect(strange.output.contains("was not announced by one"), "\(strange.output)")
    }

    @Test func `a trust file tells when each key of the log counts`() throws {
        let vault = try Vault()
        _ = try vault.run("keys", "rotate", "--log", "--key", vault.key, "--out", vault.path + "/next", "--store", vault.store, "--overlap", "7", "--now", "2026-11-20T07:00:00Z")
        #expect(try Self.audit(vault, "next", now: "2026-11-21T06:00:00Z", out: "night").code == 1)
        func trust(_ logs: String...) throws {
            let options = logs.flatMap { ["--log", $0] }
            let made = try Binary.run(["keys", "trust", "--sign", vault.key, "--statement", vault.path + "/keys/p256.pub.pem", "--out", vault.path + "/trust.json"] + options)
            #expect(made.code == 0, "\(made.errors)")
        }
        func verify(_ now: String, expecting code: Int32) throws -> String {
            try vault.run("evidence", "verify", vault.path + "/night/evidence", "--trust", vault.path + "/trust.json", "--trust-root", vault.path + "/keys/p256.pub.pem", "--now", now, expecting: code).output
        }
        try trust(vault.path + "/next/log.old.vkey", vault.path + "/next/log.vkey,from=2026-11-20")
        _ = try verify("2026-11-21T07:00:00Z", expecting: 0)
        _ = try verify("2027-11-21T07:00:00Z", expecting: 0)
        // The new key from later on: within the overlap the old one counts, after it neither.
        try trust(vault.path + "/next/log.old.vkey", vault.path + "/next/log.vkey,until=2026-11-27")
        _ = try verify("2026-11-27T06:59:59Z", expecting: 0)
        #expect(try verify("2026-11-28T00:00:00Z", expecting: 1).contains("is outside its validity (until 2026-11-27T23:59:59Z)"))
        let log = ["evidence", "log", "verify", "--store", vault.store, "--trust", vault.path + "/trust.json"]
        #expect(try Binary.run(log).code == 0)
        try trust(vault.path + "/next/log.old.vkey", vault.path + "/next/log.vkey,revoked=2026-11-20,reason=stolen")
        let revoked = try Binary.run(log)
        #expect(revoked.code == 1 && revoked.output.contains("it was revoked at 2026-11-20T00:00:00Z (stolen)"), "\(revoked.output)")
    }
}
