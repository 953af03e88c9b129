import Evidence
import EvidenceStore
import EvidenceTestSupport
import EvidenceVerify
import Foundation
import GRDB
import Residency
import Testing

@Suite(.serialized) struct FaultTests {
    /// Appends nights to the store in a folder until something ends the process.
    private static func appendForever(_ folder: String) throws {
        let keys = try keys(folder)
        let store = try RunStore(path: "\(folder)/evidence.sqlite")
        var night = try store.runs().count
        while true {
            try append(night, store, keys, folder)
            night += 1
        }
    }

    private static func append(_ night: Int, _ store: RunStore, _ keys: KeySet, _ folder: String) throws {
        let time = StoredBundle.firstNight + night * 86400
        let run = SampleRun.make(id: "run-\(night)", findings: 40, now: UTCTime.text(time))
        let writer = BundleWriter(
            signers: [keys.statement], details: EvaluationDetails(logOrigin: keys.log.origin),
            log: { envelope, _ in try store.append(run, envelope: envelope, signer: keys.log, at: time) })
        try writer.write(run, files: [], to: "\(folder)/bundle")
    }

    private static func keys(_ folder: String) throws -> KeySet {
        var random = SeededRandom(7)
        return try KeySet.generate(origin: "acme.example/residency-log", using: &random)
    }

    @Test func `killed at any moment, the store is whole, the bundle is whole or the one before, and both go on`() async throws {
        let scratch = try Scratch()
        let folder = scratch.path
        let keys = try Self.keys(folder)
        try KeyFile.write(
            [
                KeyFile(name: "p256.pub.pem", text: keys.statement.publicKeyPEM, isSecret: false),
                KeyFile(name: "log.vkey", text: keys.log.verifierKey, isSecret: false),
            ], to: "\(folder)/keys")
        let key = try #require(LogKey(verifierKey: keys.log.verifierKey))
        var random = SeededRandom(81)
        for _ in 0..<Self.kills {
            let delay = UInt32.random(in: 1_000...200_000, using: &random)
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String, delay = delay as UInt32] in
                Thread.detachNewThread {
                    usleep(delay)
                    kill(getpid(), SIGKILL)
                }
                try FaultTests.appendForever(folder)
            }
            guard FileManager.default.fileExists(atPath: "\(folder)/evidence.sqlite") else { continue }
            let audit = try RunStore(path: "\(folder)/evidence.sqlite").verify(log: [Trusted(key)])
            #expect(audit.holds, "\(audit.problems)")
            if FileManager.default.fileExists(atPath: "\(folder)/bundle") {
                let report = try BundleVerifier.verify(bundle: "\(folder)/bundle", trust: Trust(path: "\(folder)/keys"))
                #expect(report.holds, "\(report.text)")
            }
        }
        let store = try RunStore(path: "\(folder)/evidence.sqlite")
        try Self.append(try store.runs().count, store, keys, folder)
        #expect(try store.verify(log: [Trusted(key)]).holds)
    }

    @Test(arguments: [0, 1, 33, 4000, 20_000]) func `with its write-ahead log cut short, the store has the runs that were whole`(
        length: Int
    ) throws {
        let bundle = try StoredBundle(nights: 0)
        try bundle.checkpointFiles()
        for night in 0..<3 { try bundle.run(night, findings: 5) }
        let copy = try Scratch()
        try copy.write("s.sqlite", try bundle.scratch.read("evidence.sqlite"))
        let wal = try bundle.scratch.read("evidence.sqlite-wal")
        #expect(wal.count > 20_000)
        try copy.write("s.sqlite-wal", Array(wal.prefix(length)))
        let store = try RunStore(path: "\(copy.path)/s.sqlite")
        let runs = try store.runs()
        for run in runs { #expect(try store.run(id: run.id)?.findings.count == 5) }
        let audit = try store.verify(log: [Trusted(try #require(bundle.logKey))])
        #expect(audit.holds && audit.runs == runs.count && runs.count < 3, "\(audit)")
        // What was signed is missing, and the checkpoint that was kept says so.
        try copy.write("s.sqlite.checkpoint", try bundle.scratch.read("evidence.sqlite.checkpoint"))
        #expect(try !store.verify(log: [Trusted(try #require(bundle.logKey))]).holds)
    }

    @Test func `two runs at once take turns, and the log holds both`() async throws {
        let bundle = try StoredBundle(nights: 1, findings: 3)
        let path = bundle.storePath
        let keys = bundle.keys
        let folder = bundle.scratch.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<2 {
                group.addTask {
                    let store = try RunStore(path: path)
                    for night in 0..<10 {
                        try FaultTests.append(100 + night * 2 + writer, store, keys, "\(folder)/\(writer)")
                    }
                }
            }
            for writer in 0..<2 {
                try FileManager.default.createDirectory(atPath: "\(folder)/\(writer)", withIntermediateDirectories: true)
            }
            try await group.waitForAll()
        }
        let audit = try bundle.store.verify(log: [Trusted(try #require(bundle.logKey))])
        #expect(audit.holds && audit.runs == 21, "\(audit)")
    }

    @Test func `damage to the file is an error with a name, never a crash`() throws {
        let bundle = try StoredBundle(nights: 3, findings: 30)
        try bundle.checkpointFiles()
        let content = try bundle.scratch.read("evidence.sqlite")
        let key = try #require(bundle.logKey)
        var random = SeededRandom(91)
        var silent = 0
        for _ in 0..<60 {
            let copy = try Scratch()
            var changed = content
            for _ in 0..<8 { changed[Int.random(in: 100..<content.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random) }
            try copy.write("s.sqlite", changed)
            do {
                let store = try RunStore(path: "\(copy.path)/s.sqlite")
                if try store.verify(log: [Trusted(key)]).holds { silent += 1 }
            } catch {
                #expect(error is EvidenceError, "\(error)")
            }
        }
        // Bytes of free pages and slack are no part of anything.
        #expect(silent < 25, "\(silent) of 60 damaged files passed")
    }

    /// More with DOMICILE_KILLS=200.
    private static let kills = ProcessInfo.processInfo.environment["DOMICILE_KILLS"].flatMap { Int($0) } ?? 12
}
