import Foundation
import Testing

/// The commands of evidence, by the built binary.
struct EvidenceCommandTests {
    @Test func `one tenant is shown its findings, and no byte of them can change`() throws {
        let vault = try Vault()
        let given = vault.path + "/given"
        let made = try vault.run("evidence", "disclose", "--store", vault.store, "--key", vault.key, "--tenant", "acme-gmbh", "--out", given)
        #expect(made.output.contains("findings of run"), "\(made.output)")
        let shown = try String(contentsOfFile: given + "/findings.jsonl", encoding: .utf8)
        #expect(shown.split(separator: "\n").count > 0)
        #expect(shown.split(separator: "\n").allSatisfy { $0.contains("\"tenant\":\"acme-gmbh\"") })
        let verified = try vault.verify(given)
        #expect(verified.code == 0 && verified.output.contains("every finding about acme-gmbh is shown") && verified.output.contains("the tree was entered in the log"), "\(verified.output)\(verified.errors)")
        // The statement of the run names the same tree.
        let statement = try vault.text("out/evidence/evidence.pae")
        let disclosed = try String(contentsOfFile: given + "/disclosure.pae", encoding: .utf8)
        let root = try #require(disclosed.firstMatch(of: #/"root":"([0-9a-f]{64})"/#)?.1)
        #expect(statement.contains("\"disclosureRoot\":{\"alg\":\"rfc6962-sha256\",\"root\":\"\(root)\""))
        for name in try FileManager.default.subpathsOfDirectory(atPath: given) {
            let file = given + "/" + name
            guard let content = FileManager.default.contents(atPath: file), !content.isEmpty else { continue }
            var changed = content
            changed[changed.count * 2 / 3] ^= 1
            try changed.write(to: URL(filePath: file))
            #expect(try vault.verify(given).code == 1, "\(name)")
            try content.write(to: URL(filePath: file))
        }
        let nobody = try vault.run("evidence", "disclose", "--store", vault.store, "--key", vault.key, "--tenant", "nobody", "--out", given)
        #expect(nobody.errors.contains("no finding of the run is about `nobody`"))
        #expect(try vault.verify(given).code == 0)
        // Another disclosure key gives another tree: refused.
        _ = try vault.run("keys", "generate", "--out", vault.path + "/other")
        try FileManager.default.removeItem(atPath: vault.path + "/keys/disclosure.key")
        let none = try vault.run("evidence", "disclose", "--store", vault.store, "--key", vault.key, "--tenant", "acme-gmbh", "--out", given, expecting: 3)
        #expect(none.errors.contains("disclosure.key"))
        try FileManager.default.copyItem(atPath: vault.path + "/other/disclosure.key", toPath: vault.path + "/keys/disclosure.key")
        let other = try vault.run("evidence", "disclose", "--store", vault.store, "--key", vault.key, "--tenant", "acme-gmbh", "--out", given, expecting: 3)
        #expect(other.errors.contains("another tree"), "\(other.errors)")
    }

    @Test func `a witness signs what extends the log, and nothing else`() throws {
        let vault = try Vault()
        _ = try vault.run("keys", "generate", "--witness", "legal.example/witness", "--out", vault.path + "/legal")
        func request(_ store: String, _ name: String) throws {
            _ = try vault.run("evidence", "witness", "request", "--store", store, "--witness", vault.path + "/legal/witness.vkey", "--out", "\(vault.path)/\(name)")
        }
        func sign(_ name: String, expecting code: Int32 = 0) throws -> Binary.Result {
            try vault.run(
                "evidence", "witness", "sign", "\(vault.path)/\(name)", "--key", vault.path + "/legal/witness.pem", "--log", vault.path + "/keys/log.vkey",
                "--state", vault.path + "/legal/seen.txt", "--now", Binary.now, expecting: code)
        }
        try request(vault.store, "first.txt")
        let line = try vault.scratch.write(try sign("first.txt").output, to: "line.txt")
        _ = try vault.run(
            "evidence", "witness", "add", line, "--store", vault.store, "--log", vault.path + "/keys/log.vkey", "--witness", vault.path + "/legal/witness.vkey")
        #expect(try vault.run("evidence", "checkpoint", "--store", vault.store).output.contains("legal.example/witness"))
        let audited = try vault.verifyLog(["--witness", vault.path + "/legal/witness.vkey"])
        #expect(audited.code == 0 && !audited.output.contains("keys that were not given"), "\(audited.output)")
        // The log grows; the next request starts from what was witnessed.
        _ = try Binary.auditExample(to: vault.path + "/out", ["--key", vault.key, "--store", vault.store, "--format", "html"])
        try request(vault.store, "second.txt")
        #expect(try vault.text("second.txt").hasPrefix("old 3\n"))
        _ = try sign("second.txt")
        // A log of the same name and key that has another history finds no witness.
        let fork = vault.path + "/fork.sqlite"
        _ = try Binary.run(["audit", "\(Binary.example)/inputs", "--policies", Binary.example, "--now", "2026-11-21T06:00:00Z", "--out", vault.path + "/forked", "--quiet", "--key", vault.key, "--store", fork])
        try request(fork, "forked.txt")
        let refused = try sign("forked.txt", expecting: 1)
        #expect(refused.errors.contains("NOT SIGNED") && refused.output.isEmpty, "\(refused.errors)")
    }

    @Test func `a hold keeps what pruning would erase, and both are in the log`() throws {
        let vault = try Vault()
        let prune = ["evidence", "prune", "--store", vault.store, "--key", vault.key, "--before", "2026-11-21", "--reason", "retention", "--approver", "j.doe", "--now", "2033-11-22"]
        _ = try vault.run(
            "evidence", "hold", "place", "--store", vault.store, "--key", vault.key, "--id", "case-17", "--matter", "ACME v. us", "--first", "2026-11-01", "--last",
            "2026-11-30", "--by", "j.doe", "--now", Binary.now)
        let held = try Binary.run(prune)
        #expect(held.code == 3 && held.errors.contains("case-17"), "\(held.errors)")
        #expect(try vault.run("evidence", "hold", "list", "--store", vault.store).output.contains("case-17  2026-11-01 to 2026-11-30  in force  ACME v. us"))
        _ = try vault.run("evidence", "hold", "release", "--store", vault.store, "--key", vault.key, "--id", "case-17", "--by", "j.doe", "--now", Binary.now)
        try vault.makeBundle()
        let pruned = try Binary.run(prune)
        #expect(pruned.code == 0 && pruned.errors.contains("1 run erased"), "\(pruned.errors)")
        let audited = try vault.verifyLog()
        #expect(audited.code == 0 && audited.output.contains("VERIFIED"), "\(audited.output)")
        // What was given out before stays good; nothing is left to be shown.
        #expect(try vault.verify().code == 0)
        let shown = try vault.run("evidence", "disclose", "--store", vault.store, "--key", vault.key, "--tenant", "acme-gmbh", "--out", vault.path + "/given", expecting: 3)
        #expect(shown.errors.contains("were erased"))
        let bundled = try vault.run("evidence", "bundle", "--store", vault.store, "--key", vault.key, "--out", vault.path + "/empty", expecting: 3)
        #expect(bundled.errors.contains("are not those that were written") && !FileManager.default.fileExists(atPath: vault.path + "/empty"), "\(bundled.errors)")
        let raw = try Data(contentsOf: URL(filePath: vault.store))
        #expect(raw.range(of: Data("is stored at aws:us-east-1".utf8)) == nil, "erased bytes are still on the disk")
    }

    @Test func `a new key is signed by the old one, and both sign for a while`() throws {
        let vault = try Vault()
        let next = vault.path + "/next"
        _ = try vault.run("keys", "rotate", "--key", vault.key, "--out", next, "--store", vault.store, "--now", Binary.now)
        try vault.makeBundle(["--key", next + "/p256.pem"])
        // Whoever has one of the two keys alone is told so; with both in a trust file it verifies.
        let trust = vault.path + "/trust.json"
        _ = try vault.run(
            "keys", "trust", "--sign", vault.key, "--statement", vault.trust + "/p256.pub.pem,until=2026-12-20T06:00:00Z", "--statement", next + "/p256.pub.pem,from=2026-11-20T06:00:00Z",
            "--log", vault.trust + "/log.vkey", "--threshold", "2", "--out", trust)
        let both = try vault.run("evidence", "verify", vault.bundle, "--trust", trust, "--now", Binary.now)
        #expect(both.output.contains("the keys were valid"), "\(both.output)")
        _ = try vault.run("evidence", "verify", vault.bundle, "--trust", trust, "--now", "2027-01-20T06:00:00Z", expecting: 1)
        let single = try vault.run("evidence", "verify", vault.bundle, "--trust", vault.trust, "--now", Binary.now, expecting: 1)
        #expect(single.output.contains("key that was not given"), "\(single.output)")
        // After the overlap the new one signs alone.
        let after = try Binary.run(["evidence", "bundle", "--store", vault.store, "--key", next + "/p256.pem", "--out", vault.path + "/after", "--now", Binary.now])
        #expect(after.code == 0, "\(after.errors)")
        _ = try vault.run("evidence", "verify", vault.path + "/after", "--trust", trust, "--now", Binary.now, expecting: 1)
        let audited = try vault.verifyLog()
        #expect(audited.code == 0, "\(audited.output)")
        // A revoked key counts for nothing that is not proven to be older.
        _ = try vault.run(
            "keys", "trust", "--sign", next + "/p256.pem", "--root", next + "/p256.pub.pem", "--statement", vault.trust + "/p256.pub.pem,revoked=2026-11-19T00:00:00Z,reason=stolen",
            "--statement", next + "/p256.pub.pem", "--log", vault.trust + "/log.vkey", "--out", trust)
        let revoked = try vault.run(
            "evidence", "verify", vault.path + "/out/evidence", "--trust", trust, "--trust-root", next + "/p256.pub.pem", "--now", Binary.now, expecting: 1)
        #expect(revoked.output.contains("revoked at 2026-11-19") && revoked.output.contains("stolen"), "\(revoked.output)")
        // The other key that signed is enough, and it is said that the revoked one does not count.
        let other = try vault.run("evidence", "verify", vault.bundle, "--trust", trust, "--trust-root", next + "/p256.pub.pem", "--now", Binary.now)
        #expect(other.output.contains("not counted: ") && other.output.contains("revoked at 2026-11-19"), "\(other.output)")
        let unsigned = try vault.run("evidence", "verify", vault.bundle, "--trust", trust, "--trust-root", vault.trust + "/p256.pub.pem", expecting: 3)
        #expect(unsigned.errors.contains("not signed by a key that may sign it"), "\(unsigned.errors)")
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/openssl"), "openssl is not installed"))
    func `openssl checks that the old key signed the new one`() throws {
        let scratch = try Scratch()
        _ = try Binary.run(["keys", "generate", "--out", scratch.path + "/old"])
        let rotated = try Binary.run(["keys", "rotate", "--key", scratch.path + "/old/p256.pem", "--out", scratch.path + "/new"])
        #expect(rotated.code == 0 && rotated.errors.contains("the log does not know"), "\(rotated.errors)")
        let checked = try Binary.execute(
            "/usr/bin/openssl", ["dgst", "-sha256", "-verify", "old/p256.pub.pem", "-signature", "new/p256.pub.pem.sig", "new/p256.pub.pem"], in: scratch.path)
        #expect(checked.output == "Verified OK\n", "\(checked.errors)")
    }

    @Test func `two keys sign one statement, and each counts`() throws {
        let vault = try Vault(generate: ["--ed25519"])
        try vault.makeBundle(["--key", vault.path + "/keys/ed25519.pem"])
        try FileManager.default.copyItem(atPath: vault.path + "/keys/ed25519.pub.pem", toPath: vault.trust + "/ed25519.pub.pem")
        let both = try vault.verify()
        #expect(both.code == 0 && both.output.contains("ecdsa-sha2-nistp256 key") && both.output.contains("ed25519 key"), "\(both.output)")
        // With both keys trusted, one signature is not enough.
        try vault.makeBundle(to: vault.path + "/single")
        #expect(try vault.verify(vault.path + "/single").code == 1)
    }

    @Test func `the log as plain files has a tile for every entry`() throws {
        let vault = try Vault()
        let out = vault.path + "/tiles"
        _ = try vault.run("evidence", "log", "export", "--store", vault.store, "--out", out)
        #expect(FileManager.default.fileExists(atPath: out + "/tile/entries/000.p/3") && FileManager.default.fileExists(atPath: out + "/checkpoint"))
    }

    @Test func `what is missing is said before anything is done`() throws {
        let vault = try Vault()
        let bare = vault.path + "/bare"
        try FileManager.default.createDirectory(atPath: bare, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: vault.key, toPath: bare + "/p256.pem")
        let nolog = try vault.run(
            "evidence", "prune", "--store", vault.store, "--key", bare + "/p256.pem", "--before", "2026-11-21", "--reason", "r", "--approver", "a", expecting: 3)
        #expect(nolog.errors.contains("log.pem"))
        _ = try vault.run("evidence", "disclose", "--store", vault.store, "--tenant", "acme-gmbh", "--out", bare, expecting: 64)
        _ = try vault.run("evidence", "stamp", vault.path + "/out/evidence", expecting: 64)
        let nowhere = try vault.run("evidence", "stamp", vault.path + "/out/evidence", "--tsa", "ftp://example", expecting: 3)
        #expect(nowhere.errors.contains("no address of an authority"))
        _ = try vault.run("evidence", "stamp", bare, "--tsa-command", "/bin/true", expecting: 3)
    }
}
