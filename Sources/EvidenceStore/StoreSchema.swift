internal import Evidence
internal import GRDB

/// The tables of a store. `user_version` counts the versions; a newer one than this program knows is refused.
enum StoreSchema {
    static let version = 1
    /// "Domi": tells a store from any other SQLite file.
    static let applicationID = 0x446F_6D69

    /// Whether there is nothing to prepare: a reader need not wait for a writer then.
    static func isCurrent(_ db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "PRAGMA user_version") == version && Int.fetchOne(db, sql: "PRAGMA application_id") == applicationID
    }

    /// Makes the tables in an empty file, or checks that the file is a store that this program understands.
    static func prepare(_ db: Database, path: String) throws {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_schema") == 0
        if isEmpty, version == 0, application == 0 {
            try db.execute(sql: runs + log)
            try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(Self.version)")
            return
        }
        guard application == applicationID else {
            throw EvidenceError(.corrupt, "`\(path)` is a database, but not a store of runs", hint: "give another --store")
        }
        guard version <= Self.version else {
            throw EvidenceError(
                .newer, "the store `\(path)` was written by a newer version (format \(version), this program knows \(Self.version))",
                hint: "use that version; nothing was changed")
        }
    }

    /// How the tables, indices and triggers of a store differ from those that this program makes: a trigger that is gone forbids
    /// nothing.
    static func differences(_ db: Database) throws -> [String] {
        func objects(_ db: Database) throws -> [String: String] {
            let rows = try Row.fetchAll(db, sql: "SELECT type || ' `' || name || '`' AS name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
            return Dictionary(rows.map { ($0["name"], $0["sql"] ?? "") }, uniquingKeysWith: { $1 })
        }
        let own = try DatabaseQueue().write { db in
            try prepare(db, path: "")
            return try objects(db)
        }
        let there = try objects(db)
        return Set(own.keys).union(there.keys).sorted().compactMap { name in
            if there[name] == nil { return "the \(name) is gone" }
            if own[name] == nil { return "a \(name) is there that this program did not make" }
            return own[name] == there[name] ? nil : "the \(name) was changed"
        }
    }

    private static let runs = """
        CREATE TABLE run(
          seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, now TEXT NOT NULL, outcome TEXT NOT NULL,
          findings INTEGER NOT NULL, findings_sha256 TEXT NOT NULL, header BLOB NOT NULL) STRICT;
        CREATE TABLE finding(
          run INTEGER NOT NULL REFERENCES run(seq), idx INTEGER NOT NULL, id TEXT NOT NULL, verdict TEXT NOT NULL,
          line BLOB, PRIMARY KEY(run, idx)) WITHOUT ROWID, STRICT;
        CREATE TABLE statement(
          pae_sha256 TEXT PRIMARY KEY, run INTEGER NOT NULL REFERENCES run(seq), envelope BLOB NOT NULL, entry INTEGER) STRICT;
        CREATE TABLE file(sha256 TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT;
        CREATE TABLE run_file(
          run INTEGER NOT NULL REFERENCES run(seq), name TEXT NOT NULL, sha256 TEXT NOT NULL REFERENCES file(sha256),
          PRIMARY KEY(run, name)) WITHOUT ROWID, STRICT;

        """

    // `entry_append` must not use COUNT(*): it makes every append read the whole table.
    private static let log = """
        CREATE TABLE entry(
          idx INTEGER PRIMARY KEY CHECK(idx >= 0), kind TEXT NOT NULL, created INTEGER NOT NULL,
          leaf_hash BLOB NOT NULL CHECK(length(leaf_hash) = 32), record BLOB NOT NULL) STRICT;
        CREATE TABLE node(
          level INTEGER NOT NULL CHECK(level > 0), idx INTEGER NOT NULL, hash BLOB NOT NULL CHECK(length(hash) = 32),
          PRIMARY KEY(level, idx)) WITHOUT ROWID, STRICT;
        CREATE TABLE checkpoint(size INTEGER PRIMARY KEY, root BLOB NOT NULL, created INTEGER NOT NULL, note TEXT NOT NULL) STRICT;
        CREATE TABLE cosignature(
          size INTEGER NOT NULL REFERENCES checkpoint(size), witness TEXT NOT NULL, line TEXT NOT NULL,
          PRIMARY KEY(size, witness)) WITHOUT ROWID, STRICT;
        CREATE TABLE legal_hold(
          id TEXT PRIMARY KEY, matter TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, placed_by TEXT NOT NULL,
          placed INTEGER NOT NULL, released INTEGER) STRICT;
        CREATE TRIGGER entry_append BEFORE INSERT ON entry WHEN NEW.idx <> (SELECT COALESCE(MAX(idx), -1) + 1 FROM entry)
          BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
        CREATE TRIGGER entry_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
        CREATE TRIGGER entry_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
        CREATE TRIGGER node_update BEFORE UPDATE ON node BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
        CREATE TRIGGER node_delete BEFORE DELETE ON node BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
        CREATE TRIGGER checkpoint_update BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
        CREATE TRIGGER checkpoint_delete BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'the log is append only'); END;
        CREATE TRIGGER finding_delete BEFORE DELETE ON finding BEGIN SELECT RAISE(ABORT, 'findings are erased by pruning only'); END;
        CREATE TRIGGER finding_update BEFORE UPDATE ON finding
          WHEN NEW.run <> OLD.run OR NEW.idx <> OLD.idx OR NEW.id <> OLD.id OR NEW.verdict <> OLD.verdict OR NEW.line IS NOT NULL
          BEGIN SELECT RAISE(ABORT, 'findings are never changed'); END;
        CREATE TRIGGER finding_hold BEFORE UPDATE ON finding
          WHEN EXISTS(SELECT 1 FROM legal_hold h JOIN run r ON r.seq = OLD.run
            WHERE h.released IS NULL AND substr(r.now, 1, 10) BETWEEN h.first AND h.last)
          BEGIN SELECT RAISE(ABORT, 'under legal hold'); END;
        """
}
