import EvidenceVerify
import Ingest
import Residency

/// What inputs say of other inputs, and whether it is so: the cloud's own digest files over its logs, and what a storage says
/// of the objects that the inputs are copies of.
struct Custody {
    private let cloudTrail: LogIntegrity?
    private let hasLogsWithoutDigests: Bool
    private let storage: StorageCheck?

    /// Whether what is inflated must be hashed as well: digest files are over contents, not over files.
    static func needsContent(_ files: [InputFile]) -> Bool { files.contains { $0.name.contains(CloudTrailFiles.digestMark) } }

    /// Checks everything that can be, once all inputs are read.
    init(_ inputs: [InputSummary]) {
        cloudTrail = CloudTrailFiles(inputs).check()
        hasLogsWithoutDigests = cloudTrail == nil && inputs.contains { $0.format == "aws-cloudtrail" }
        storage = StorageCheck(inputs)
    }

    /// Puts what was found beside the rest of the coverage: what does not hold is a shortfall, what can't be told is a blind spot.
    func add(to coverage: inout Coverage) {
        var members: [String: CanonicalValue] = [:]
        if let cloudTrail {
            members["cloudtrail"] = cloudTrail.canonical
            coverage.shortfalls += CloudTrailFiles.shortfalls(cloudTrail)
            coverage.blindSpots += CloudTrailFiles.blindSpots(cloudTrail)
        } else if hasLogsWithoutDigests {
            coverage.blindSpots.append("no CloudTrail digest files were given: nothing shows that no log file is missing or was changed")
        }
        if let storage {
            members["storage"] = storage.canonical
            coverage.shortfalls += storage.shortfalls
            coverage.blindSpots += storage.blindSpots
        }
        if !members.isEmpty { coverage.integrity = .object(members) }
    }
}
