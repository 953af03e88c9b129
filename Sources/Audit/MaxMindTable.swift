import CMaxMind
import Engine
import Residency

/// A MaxMind database that the user gives: which country an address is in, as its maker guesses.
final class MaxMindTable: AddressTable {
    /// Never written after `init`; the library only reads it, from any thread.
    private nonisolated(unsafe) let database: OpaquePointer
    let source: String
    let date: String
    let digest: String

    init(path: String, digest: String) throws(AuditError) {
        var status: Int32 = 0
        guard let database = cmaxmind_open(path, &status) else {
            throw .other("`\(path)` is no MaxMind database: \(String(cString: cmaxmind_message(status)).lowercased())")
        }
        self.database = database
        self.digest = digest
        source = String(cString: cmaxmind_type(database))
        date = Clock.day(Int64(clamping: cmaxmind_built(database)))
    }

    deinit { cmaxmind_close(database) }

    func country(of address: [UInt8]) -> Country? {
        guard address.count == 4 || address.count == 16 else { return nil }
        let code = String(unsafeUninitializedCapacity: 8) { text in
            text.withMemoryRebound(to: CChar.self) { text in
                guard let base = text.baseAddress else { return 0 }
                return cmaxmind_country(database, address, address.count == 16, base)
            }
        }
        return Country(code)
    }
}
