import Foundation
import Testing

/// What can go wrong with a night's run and its store, with the built binary.
@Suite(.serialized) struct StoreFaultTests {
    private static func arguments(_ vault: Vault, now: String = Binary.now, store: String? = nil, out: String = "night") -> [String] {
        [
            "audit", "\(Binary.example)/inputs", "\(Binary.example)/register.yaml", "--policies", Binary.example, "--now", now, "--out", vault.path + "/" + out,
            "--quiet", "--key", vault.key, "--store", store ?? vault.store,
        ]
    }

    /// More with DOMICILE_KILLS=200.
    private static let kills = ProcessInfo.processInfo.environment["DOMICILE_KILLS"].flatMap { Int($0) } ?? 8

    @Test func `killed at any moment of a run, the log is whole, extends, and the bundle is whole or not there`() throws {
        let vault = try Vault()
        var duration = 0.0
        for night in 0..<Self.kills + 1 {
            let day = 21 + night % 8
            let now = "2027-\(1 + night / 8 % 9)-\(day)T06:00:00Z".replacing(#/-(\d)-/#) { "-0\($0.1)-" }
            let process = Process()
            process.executableURL = URL(filePath: Binary.path)
            process.arguments = Self.arguments(vault, now: now)
            process.currentDirectoryURL = Binary.root
            for side in [\Process.standardOutput, \Process.standardError] { process[keyPath: side] = FileHandle.nullDevice }
            let started = Date()
            try process.run()
            if night == 0 {
                process.waitUntilExit()
                duration = Date().timeIntervalSince(started)
                continue
            }
            // More often late, when things are written.
            usleep(UInt32(duration * 1_000_000 * max(Double.random(in: 0...1), Double.random(in: 0...1))))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let audited = try vault.verifyLog()
            #expect(audited.code == 0, "\(audited.output)\(audited.errors)")
            let bundle = vault.path + "/night/evidence"
            if FileManager.default.fileExists(atPath: bundle) {
                let verified = try vault.verify(bundle)
                #expect(verified.code == 0, "\(verified.output)")
            }
        }
        let after = try Binary.run(Self.arguments(vault, now: "2027-12-01T06:00:00Z"), in: Binary.root.path)
        #expect(after.code == 1, "\(after.errors)")
        #expect(try vault.verifyLog().code == 0 && vault.verify(vault.path + "/night/evidence").code == 0)
    }

    @Test func `two runs at once on one store both enter its log`() throws {
        let vault = try Vault()
        let runs = try (0..<2).map { number in
            let process = Process()
            process.executableURL = URL(filePath: Binary.path)
            process.arguments = Self.arguments(vault, now: "2026-11-2\(1 + number)T06:00:00Z", out: "n\(number)")
            process.currentDirectoryURL = Binary.root
            for side in [\Process.standardOutput, \Process.standardError] { process[keyPath: side] = FileHandle.nullDevice }
            try process.run()
            return process
        }
        for run in runs {
            run.waitUntilExit()
            #expect(run.terminationStatus == 1)
        }
        let audited = try vault.verifyLog()
        #expect(audited.code == 0 && audited.output.contains(" 3 runs"), "\(audited.output)")
        for number in 0..<2 { #expect(try vault.verify(vault.path + "/n\(number)/evidence").code == 0) }
    }

    @Test func `a backup put back is refused, and nothing is signed`() throws {
        let vault = try Vault()
        try vault.makeBundle()
        func files() -> [(String, Data)] {
            ["", "-wal", "-shm"].compactMap { suffix in FileManager.default.contents(atPath: vault.store + suffix).map { (suffix, $0) } }
        }
        let backup = files()
        let archived = try vault.run("evidence", "checkpoint", "--store", vault.store).output
        _ = try Binary.run(Self.arguments(vault, now: "2026-11-21T06:00:00Z"), in: Binary.root.path)
        let newer = try vault.scratch.write(try vault.run("evidence", "checkpoint", "--store", vault.store).output, to: "newer.txt")
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: vault.store + suffix) }
        for (suffix, data) in backup { try data.write(to: URL(filePath: vault.store + suffix)) }
        let refused = try Binary.run(Self.arguments(vault, now: "2026-11-22T06:00:00Z", out: "third"), in: Binary.root.path)
        #expect(refused.code == 3 && refused.errors.contains("has 4 entries, and 6 were signed before: an old copy of the store was put back"), "\(refused.errors)")
        #expect(refused.errors.contains("put back the newest copy of the store") && !refused.errors.contains("cannot be written"), "\(refused.errors)")
        #expect(!FileManager.default.fileExists(atPath: vault.path + "/third/evidence"))
        // The archived checkpoint says so too, without the file beside the store.
        try FileManager.default.removeItem(atPath: vault.store + ".checkpoint")
        let old = try vault.scratch.write(archived, to: "old.txt")
        #expect(try vault.verifyLog(["--old-checkpoint", old]).code == 0)
        let found = try vault.verifyLog(["--old-checkpoint", newer])
        #expect(found.code == 1 && found.output.contains("the store was put back"), "\(found.output)")
    }

    @Test func `a store of a newer version is left alone`() throws {
        let vault = try Vault()
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: vault.store + suffix) }
        var data = try Data(contentsOf: URL(filePath: vault.store))
        // Bytes 60 to 63 of an SQLite file are its user_version.
        data.replaceSubrange(60..<64, with: [0, 0, 0, 99])
        try data.write(to: URL(filePath: vault.store))
        let refused = try Binary.run(Self.arguments(vault, now: "2026-11-21T06:00:00Z"), in: Binary.root.path)
        #expect(refused.code == 3 && refused.errors.contains("newer version (format 99"), "\(refused.errors)")
        #expect(try Data(contentsOf: URL(filePath: vault.store))[60..<64] == data[60..<64])
    }

    @Test func `a clock that went back is in the log, and stops nothing`() throws {
        let vault = try Vault()
        let back = try Binary.run(Self.arguments(vault, now: "2026-11-19T06:00:00Z"), in: Binary.root.path)
        #expect(back.code == 1, "\(back.errors)")
        let audited = try vault.verifyLog()
        #expect(audited.code == 0 && audited.output.contains("the clock went back by 86400 s"), "\(audited.output)")
    }

    /// What a byte is changed in, and what is said of it.
    private static let changes: [(what: String, place: String, named: String)] = [
        ("an entry of the log", "\"type\":\"disclosure\"", "entry 2: "), ("a finding", "\"severity\":\"critical\"", "its findings are not those that were written"),
        ("a run's header", "\"jurisdictions\":{\"sha256\"", "run 20261120T060000Z-"), ("a policy", "Section 7 of our data processing agreement", "its content is another"),
        ("a checkpoint", "\n\n\u{2014} domicile.local/log ", "checkpoint "), ("a statement", "\"payloadType\":\"application/vnd.in-toto+json\"", "statement "),
    ]

    @Test func `a byte changed in the database is found and named`() throws {
        let vault = try Vault()
        #expect(try !FileManager.default.fileExists(atPath: vault.store + "-wal") && vault.verifyLog().code == 0)
        let content = try Data(contentsOf: URL(filePath: vault.store))
        for (what, place, named) in Self.changes {
            var changed = content
            let range = try #require(changed.range(of: Data(place.utf8)), "no \(what) in the store")
            changed[range.upperBound - 3] ^= 1
            try changed.write(to: URL(filePath: vault.store))
            let found = try vault.verifyLog()
            #expect(found.code == 1 && found.output.split(separator: "\n").contains { $0.hasPrefix("FAILS") && $0.contains(named) }, "\(what): \(found.output)\(found.errors)")
        }
        // In the tree of the file itself: SQLite says which page. Bytes 16 and 17 are how long a page is.
        var changed = content
        let page = Int(content[16]) << 8 | Int(content[17])
        #expect(page == 16_384)
        changed[page] ^= 0xFF
        try changed.write(to: URL(filePath: vault.store))
        let found = try vault.verifyLog()
        #expect(found.code != 0 && (found.output + found.errors).contains("database"), "\(found.output)\(found.errors)")
    }

    @Test func `with its write-ahead log cut, a store whose newest night was signed is refused, and with it whole goes on`() throws {
        let vault = try Vault()
        var night = 21
        // Killed between the commit and the end the store keeps its write-ahead log; which moment that is differs.
        while !FileManager.default.fileExists(atPath: vault.store + "-wal"), night < 27 {
            let before = try vault.text("out/evidence.sqlite.checkpoint")
            let process = Process()
            process.executableURL = URL(filePath: Binary.path)
            process.arguments = Self.arguments(vault, now: "2026-11-\(night)T06:00:00Z")
            process.currentDirectoryURL = Binary.root
            for side in [\Process.standardOutput, \Process.standardError] { process[keyPath: side] = FileHandle.nullDevice }
            try process.run()
            while process.isRunning, try vault.text("out/evidence.sqlite.checkpoint") == before { usleep(200) }
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            night += 1
        }
        let names = ["", "-wal", "-shm", ".checkpoint"]
        let files = names.map { FileManager.default.contents(atPath: vault.store + $0) }
        let wal = try #require(files[1], "no night left a write-ahead log")
        for length in [0, 31, 32, wal.count / 3, wal.count / 2, wal.count - 1, wal.count] {
            for (name, data) in zip(names, files) {
                try? FileManager.default.removeItem(atPath: vault.store + name)
                try (name == "-wal" ? data?.prefix(length) : name == "-shm" ? nil : data)?.write(to: URL(filePath: vault.store + name))
            }
            let next = try Binary.run(Self.arguments(vault, now: "2026-11-28T06:00:00Z", out: "next"), in: Binary.root.path)
            let audited = try vault.verifyLog()
            if length == wal.count {
                #expect(next.code == 1 && audited.code == 0, "\(next.errors)\(audited.output)")
            } else {
                #expect(next.code == 3 && next.errors.contains("an old copy of the store was put back, or the end of it was lost"), "\(length): \(next.code) \(next.errors)")
                #expect(audited.code == 1 && audited.output.contains("the store was put back"), "\(length): \(audited.output)")
            }
        }
    }

    private static let canMount: Bool = {
        guard getuid() == 0, FileManager.default.fileExists(atPath: "/usr/bin/unshare") else { return false }
        let tried = try? Binary.execute("/usr/bin/unshare", ["-m", "mount", "-t", "tmpfs", "-o", "size=64k", "x", "/mnt"])
        return tried?.code == 0
    }()

    @Test(.enabled(if: canMount, "a file system of a fixed size can't be mounted here"), arguments: [40, 200, 500, 900, 1400, 2000, 2600])
    func `on a full disk the run ends with its reason, and what was there is whole`(kilobytes: Int) throws {
        let vault = try Vault()
        let disk = vault.path + "/disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        let run = Self.arguments(vault, now: "2026-11-21T06:00:00Z", store: disk + "/evidence.sqlite", out: "disk/night").map { "'\($0)'" }.joined(separator: " ")
        // The store with one run is on the disk; then there is so much room and no more.
        let script = """
            set -e; mount -t tmpfs -o size=64m x \(disk); cp \(vault.store)* \(disk)/
            mount -o remount,size=$(( $(du -sk \(disk) | cut -f1) + \(kilobytes) ))k \(disk)
            cd \(Binary.root.path); '\(Binary.path)' \(run) 2>\(vault.path)/errors && code=0 || code=$?
            mount -o remount,size=64m \(disk); ls \(disk) > \(vault.path)/left; [ -d \(disk)/night/evidence ] && cp -r \(disk)/night/evidence \(vault.path)/made
            cp \(disk)/evidence.sqlite* \(vault.path)/; exit $code
            """
        let ended = try Binary.execute("/usr/bin/unshare", ["-m", "/bin/bash", "-c", script])
        let errors = try vault.text("errors")
        #expect(ended.code == 3 || ended.code == 1, "\(ended.code) \(errors)\(ended.errors)")
        if ended.code == 3 { #expect(errors.contains("No space left") || errors.contains("disk is full") || errors.contains("disk I/O"), "\(errors)") }
        let audited = try Binary.run(["evidence", "log", "verify", "--store", vault.path + "/evidence.sqlite", "--trust", vault.trust + "/log.vkey"])
        #expect(audited.code == 0, "\(audited.output)\(audited.errors)")
        if FileManager.default.fileExists(atPath: vault.path + "/made") { #expect(try vault.verify(vault.path + "/made").code == 0) }
    }
}
