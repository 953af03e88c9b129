import Foundation
import Testing

/// Time stamps and keys that are out of reach, with programs that others wrote.
struct EvidenceStampTests {
    private static let hasServer = TimeAuthority.isPossible && ["/usr/bin/python3", "/usr/bin/curl"].allSatisfy(FileManager.default.fileExists(atPath:))

    @Test(.enabled(if: TimeAuthority.isPossible, "openssl is not installed")) func `a bundle is stamped by a command, in a folder and in a tar`() throws {
        let authority = try TimeAuthority()
        let vault = try Vault()
        try FileManager.default.copyItem(atPath: authority.root, toPath: vault.trust + "/tsa-root.pem")
        for place in [vault.bundle, vault.path + "/bundle.tar"] {
            try vault.makeBundle(to: place)
            #expect(try vault.verify(place).output.contains("no RFC 3161 timestamp"))
            let stamped = try vault.run("evidence", "stamp", place, "--tsa-command", authority.command, "--tsa-root", authority.root)
            #expect(stamped.errors.contains("stamped at") && stamped.errors.contains("CN=Authority"), "\(stamped.errors)")
            let verified = try vault.verify(place)
            #expect(verified.code == 0 && verified.output.contains("RFC 3161 over the signature"), "\(verified.output)")
        }
        let other = try Binary.execute(
            "/usr/bin/openssl", ["ts", "-verify", "-data", "evidence.sig", "-in", "evidence.tsr", "-CAfile", authority.root], in: vault.bundle)
        #expect(other.output.contains("Verification: OK"), "\(other.errors)")
        // Another authority's root, an answer to another request, and no answer: the bundle stays as it was.
        try vault.makeBundle()
        let second = try TimeAuthority()
        for (command, root, why) in [
            (authority.command, second.root, "does not lead to a trusted root"), ("/bin/cat \(vault.path)/old.tsr", authority.root, "over other bytes"),
            ("/bin/false", authority.root, "failed with 1"), ("/bin/echo no", authority.root, "no time stamp"),
        ] {
            try? FileManager.default.copyItem(atPath: vault.bundle + "/evidence.tsr", toPath: vault.path + "/old.tsr")
            if !FileManager.default.fileExists(atPath: vault.path + "/old.tsr") {
                _ = try vault.run("evidence", "bundle", "--store", vault.store, "--key", vault.key, "--out", vault.path + "/aside", "--tsa-command", authority.command)
                try FileManager.default.copyItem(atPath: vault.path + "/aside/evidence.tsr", toPath: vault.path + "/old.tsr")
            }
            let refused = try vault.run("evidence", "stamp", vault.bundle, "--tsa-command", command, "--tsa-root", root, expecting: 3)
            #expect(refused.errors.contains(why), "\(refused.errors)")
        }
        #expect(try vault.verify().code == 0)
    }

    @Test(.enabled(if: hasServer, "openssl, curl or python3 is not installed")) func `a bundle is stamped as it is made, over HTTP`() throws {
        let authority = try TimeAuthority()
        let (server, address) = try authority.serve()
        defer { kill(server.processIdentifier, SIGKILL) }
        let vault = try Vault()
        try FileManager.default.copyItem(atPath: authority.root, toPath: vault.trust + "/tsa-root.pem")
        try vault.makeBundle(["--tsa", address, "--tsa-root", authority.root])
        let verified = try vault.verify()
        #expect(verified.code == 0 && verified.output.contains("RFC 3161 over the signature"), "\(verified.output)")
        // The log's entry names the stamp: another one in its place is seen.
        #expect(try String(contentsOfFile: vault.bundle + "/log/evidence.entry", encoding: .utf8).contains("tsr_sha256"))
        let refused = try vault.run("evidence", "stamp", vault.bundle, "--tsa", address.dropLast(4) + "/nothing", expecting: 3)
        #expect(refused.errors.contains("curl"), "\(refused.errors)")
    }

    private static let module = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"].first(
        where: FileManager.default.fileExists(atPath:))
    private static let hasToken =
        module != nil && ["/usr/bin/softhsm2-util", "/usr/bin/pkcs11-tool", "/usr/bin/openssl"].allSatisfy(FileManager.default.fileExists(atPath:))

    @Test(.enabled(if: hasToken, "SoftHSM2, OpenSC or openssl is not installed")) func `a key in a token signs, and never leaves it`() throws {
        let scratch = try Scratch()
        let module = try #require(Self.module)
        let made = try Binary.execute(
            "/bin/bash",
            [
                "-c",
                """
                set -e; mkdir tokens; echo "directories.tokendir = $PWD/tokens" > softhsm.conf; export SOFTHSM2_CONF=$PWD/softhsm.conf
                softhsm2-util --init-token --free --label ev --pin 1234 --so-pin 1234
                pkcs11-tool --module \(module) --token-label ev --login --pin 1234 --keypairgen --key-type EC:prime256v1 --id 01
                pkcs11-tool --module \(module) --token-label ev --read-object --type pubkey --id 01 -o pub.der
                mkdir hsm; openssl pkey -pubin -inform DER -in pub.der -out hsm/p256.pub.pem
                """,
            ], in: scratch.path)
        #expect(made.code == 0, "\(made.output)\(made.errors)")
        // Gets a digest, answers with a signature: the form of most tokens.
        let sign = try scratch.write(
            """
            #!/bin/bash
            export SOFTHSM2_CONF=\(scratch.path)/softhsm.conf; t=$(mktemp -d); cat > $t/in
            pkcs11-tool --module \(module) --token-label ev --login --pin 1234 --sign --id 01 -m ECDSA --signature-format openssl -i $t/in -o $t/out >/dev/null 2>&1
            cat $t/out; rm -r $t

            """, to: "sign")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: sign)
        // The log's key and the disclosure key are files, beside the token's public key.
        _ = try Binary.run(["keys", "generate", "--out", scratch.path + "/soft"])
        for name in ["log.pem", "log.vkey", "disclosure.key"] {
            try FileManager.default.copyItem(atPath: "\(scratch.path)/soft/\(name)", toPath: "\(scratch.path)/hsm/\(name)")
        }
        let signer = ["--signer-command", sign, "--signer-key", scratch.path + "/hsm/p256.pub.pem", "--signer-digest"]
        let audit = try Binary.auditExample(to: scratch.path + "/out", signer)
        #expect(audit.code == 1, "\(audit.errors)")
        let verified = try Binary.run(["evidence", "verify", scratch.path + "/out/evidence", "--trust", scratch.path + "/hsm"])
        #expect(verified.code == 0, "\(verified.output)\(verified.errors)")
        let store = scratch.path + "/out/evidence.sqlite"
        let given = try Binary.run(["evidence", "disclose", "--store", store, "--tenant", "acme-gmbh", "--out", scratch.path + "/given"] + signer)
        #expect(given.code == 0, "\(given.errors)")
        // From a file's key to the token's: the old one signs, the token's key follows.
        let rotated = try Binary.run(
            ["keys", "rotate", "--key", scratch.path + "/soft/p256.pem", "--new-public", scratch.path + "/hsm/p256.pub.pem", "--out", scratch.path + "/next", "--store", store])
        #expect(rotated.code == 0, "\(rotated.errors)")
    }
}
