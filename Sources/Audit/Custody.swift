import EvidenceVerify
import Ingest
import Residency

/// What inputs say of other inputs, and whether it is so: the cloud's own digest files over its logs, and what a storage says
/// of the objects that the inputs are copies of.
struct Custody {
    private let digests: LogIntegrity?
    private let hasLogsWithoutDigests: Bool
    private let storage: StorageCheck?

    /// Whether what is inflated must be hashed as well: digest files are over contents, not over files.
    static func needsContent(_ files: [InputFile]) -> Bool { files.contains { LogDigests.isDigest($0.name) } }

    /// Checks everything that can be, once all inputs are read.
    init(_ inputs: [InputSummary]) {
        digests = LogDigests(inputs).check()
        hasLogsWithoutDigests = digests == nil && inputs.contains { EventLayouts.areDigested($0.format) }
        storage = StorageCheck(inputs)
    }

    /// Puts what was found beside the rest of the coverage: what does not hold is a shortfall, what can't be told is a blind spot.
    func add(to coverage: inout Coverage) {
        var members: [String: CanonicalValue] = [:]
        if let digests {
            members[LogDigests.member] = digests.canonical
            coverage.shortfalls += LogDigests.shortfalls(digests)
            coverage.blindSpots += LogDigests.blindSpots(digests)
        } else if hasLogsWithoutDigests {
            coverage.blindSpots.append(LogDigests.missing)
        }
        if let storage {
            members["storage"] = storage.canonical
            coverage.shortfalls += storage.shortfalls
            coverage.blindSpots += storage.blindSpots
        }
        if !members.isEmpty { coverage.integrity = .object(members) }
    }
}
