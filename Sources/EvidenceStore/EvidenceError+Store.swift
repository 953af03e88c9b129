public import Evidence
internal import GRDB

extension EvidenceError.Code {
    /// The file can't be opened, or its folder can't be written.
    public static let unreadable = Self("unreadable")
    /// The file is something else, or damaged.
    public static let corrupt = Self("corrupt")
    /// A newer version of the program wrote the file.
    public static let newer = Self("newer")
    /// The disk is full.
    public static let full = Self("full")
    /// Another run is writing.
    public static let busy = Self("busy")
    /// The same run id with other contents.
    public static let conflict = Self("conflict")
    /// The log is not the one that earlier checkpoints were signed for; to sign now would fork it.
    public static let forked = Self("forked")
    /// What was asked for is not in the store.
    public static let missing = Self("missing")
    /// A legal hold forbids it.
    public static let held = Self("held")
    /// Anything else that SQLite says.
    public static let failed = Self("failed")
}

extension EvidenceError {
    /// Runs the body and turns what SQLite says into an error of ours that names the file.
    static func translating<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw EvidenceError(error, path: path)
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let detail = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_NOTADB: self.init(.corrupt, "`\(path)` is not a store of runs: \(detail)", hint: "give another --store")
        case .SQLITE_CORRUPT:
            self.init(
                .corrupt, "the store `\(path)` is damaged: \(detail)", hint: "restore it from a backup; `evidence log verify` checks it")
        case .SQLITE_FULL: self.init(.full, "the disk is full: `\(path)` was left as it was")
        case .SQLITE_BUSY, .SQLITE_LOCKED: self.init(.busy, "another run is writing to `\(path)`", hint: "try again when it has ended")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY, .SQLITE_AUTH:
            self.init(.unreadable, "can't open the store `\(path)`: \(detail)", hint: "does its folder exist, and may you write there?")
        case .SQLITE_IOERR: self.init(.unreadable, "can't read or write the store `\(path)`: \(detail)")
        default: self.init(.failed, "the store `\(path)`: \(detail)")
        }
    }
}
