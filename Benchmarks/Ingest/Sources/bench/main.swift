// bench DIR [ROUNDS]: inflates every .gz below DIR, and reads it as an audit does, in turns; CPU time of this one thread.
import CInflate
import CScan
import Glibc
import Ingest
import Residency

/// About the number of paths that the AWS catalogue reads.
let paths = [
    "eventSource", "eventName", "eventTime", "awsRegion", "recipientAccountId", "errorCode", "sourceIPAddress", "resources",
    "userIdentity.accountId", "userIdentity.type", "userIdentity.arn", "vpcEndpointId", "requestParameters.bucketName",
    "requestParameters.keyId", "requestParameters.replicaRegion", "requestParameters.tableName", "requestParameters.roleArn",
    "requestParameters.Host", "requestParameters.functionName", "requestParameters.secretId", "requestParameters.replicaUpdates",
    "requestParameters.ReplicationConfiguration.Rule", "requestParameters.x-amz-copy-source", "responseElements.tableDescription",
    "additionalEventData.bytesTransferredOut",
]

func seconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// Reads a file as `inflate_only` does: the file, then member after member into one buffer.
func inflateOnly(_ path: String, _ inflater: OpaquePointer, _ raw: UnsafeMutablePointer<UInt8>, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    let file = open(path, O_RDONLY)
    defer { close(file) }
    let count = Glibc.read(file, raw, capacity)
    var (at, total) = (0, 0)
    while at < count {
        var (used, made) = (0, 0)
        guard cinflate_whole_gzip(inflater, raw + at, count - at, out, capacity, &used, &made) == CINFLATE_OK else { break }
        at += used
        total += made
    }
    return total
}

let capacity = 64 << 20
guard CommandLine.arguments.count > 1, let inflater = cinflate_whole_new() else {
    print("usage: bench DIR [ROUNDS]")
    exit(64)
}
let rounds = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 7 : 7
let files = try InputTree.files(in: [CommandLine.arguments[1]]).files.filter { $0.name.hasSuffix(".gz") }
let (raw, out) = (UnsafeMutablePointer<UInt8>.allocate(capacity: capacity), UnsafeMutablePointer<UInt8>.allocate(capacity: capacity))
var projection = Projection()
for path in paths { _ = projection.slot(path.split(separator: ".").map(String.init)) }
let plan = ReadPlan(projections: ["aws": projection])
let reader = InputReader()
var (inflating, reading): ([Double], [Double]) = ([], [])
var (bytes, events, fields, batches) = (0, 0, 0, 0)
for _ in 0..<rounds {
    var begin = seconds()
    bytes = 0
    for file in files { bytes += inflateOnly(file.path, inflater, raw, out) }
    inflating.append(Double(bytes) / (seconds() - begin) / 1e6)
    begin = seconds()
    (events, fields, batches) = (0, 0, 0)
    for file in files {
        let outcome = try reader.read(file, plan: plan, hash: { _ in }, resources: { _ in }) { _, _, batch in
            batches += 1
            for index in 0..<(batch.count * batch.width) where batch.fields[index].length > 0 { fields += 1 }
        }
        events += outcome.events
    }
    reading.append(Double(bytes) / (seconds() - begin) / 1e6)
}
let ratios = zip(inflating, reading).map { $1 / $0 }
func rounded(_ value: Double, _ digits: Double) -> Double { (value * digits).rounded() / digits }
print(
    "\(files.count) files, \(bytes) bytes inflated, \(events) events, \(fields) fields, \(batches) batches, kernel \(String(cString: cscan_kernel()))"
)
print("inflate only      \(rounded(median(inflating), 1)) MB/s a core, best \(rounded(inflating.max() ?? 0, 1))")
print("inflate and scan  \(rounded(median(reading), 1)) MB/s a core, best \(rounded(reading.max() ?? 0, 1))")
print("ratio             \(rounded(median(ratios), 1000)), best \(rounded(ratios.max() ?? 0, 1000)), of \(rounds) rounds in turns")
