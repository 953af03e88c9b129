import Foundation
import Ingest
import Residency
import Testing

/// Inputs that are changed at random, for every format. A short run is part of the tests; `DOMICILE_FUZZ_SECONDS=600` tries each
/// format for ten minutes, and `DOMICILE_FUZZ_SEED` begins elsewhere.
///
/// What is tried stands in a file before it is read, so that a crash leaves it behind: `domicile-fuzz-FORMAT-NUMBER` in the folder for
/// temporary files. Inputs that make a reader say something new are kept, and changed further.
@Suite struct FuzzTests {
    static let seconds = ProcessInfo.processInfo.environment["DOMICILE_FUZZ_SECONDS"].flatMap(Double.init)
    static let seed = ProcessInfo.processInfo.environment["DOMICILE_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

    /// No input of these sizes may take longer.
    static let longest = 5.0

    /// A mapping is read, but holds no records, and so are the documents about other inputs.
    static let samples =
        ReaderContractTests.samples + [
            .init(
                format: "mapping",
                text: "domicile-mapping: 1\nfiles: [\"a*.csv\"]\nseparator: \";\"\nresource: {type: $kind, id: \"${a} of ${b.c}\", tags: {data: $d}}\n",
                records: 0, tellsWhenCut: false),
            .init(
                format: "aws-cloudtrail-keys", text: "{\"PublicKeyList\": [{\"Value\": \"MIIBCgKCAQEA\", \"Fingerprint\": \"8e1c\"}]}", records: 0,
                tellsWhenCut: false),
            .init(
                format: "storage-metadata",
                text: "[{\"name\": \"a.json\", \"bucket\": \"b\", \"md5Hash\": \"1B2M2Y8AsgTpgAmY7PhCfg==\", \"generation\": \"17\"}]", records: 0,
                tellsWhenCut: false),
        ]

    @Test func `every format has a sample`() {
        #expect(Set(Self.samples.map(\.format)) == Set(InputFormats.ids))
    }

    /// The coverage-guided targets begin with the same samples; `DOMICILE_WRITE_SEEDS=1` writes them.
    @Test func `the seeds of the fuzz targets are the samples`() throws {
        let folder = repository + "/Fuzz/seeds/readers"
        var numbers: [String: Int] = [:]
        for sample in Self.samples {
            numbers[sample.format, default: 0] += 1
            let path = "\(folder)/\(sample.format)/\(numbers[sample.format, default: 0])"
            if ProcessInfo.processInfo.environment["DOMICILE_WRITE_SEEDS"] != nil {
                try FileManager.default.createDirectory(atPath: "\(folder)/\(sample.format)", withIntermediateDirectories: true)
                try sample.text.write(toFile: path, atomically: true, encoding: .utf8)
            }
            let seed = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
            #expect(seed == sample.text, "\(path) is not the sample; DOMICILE_WRITE_SEEDS=1 writes it")
        }
    }

    @Test(arguments: samples) func `no input crashes a reader, hangs it, or makes the counts wrong`(
        _ sample: ReaderContractTests.Sample
    ) throws {
        let reader = InputReader()
        var dice = Dice(state: Self.seed &* 0x9e37 &+ UInt64(sample.format.utf8.reduce(0) { $0 &* 31 &+ Int($1) } & 0xffff_ffff))
        var pool = [Array(sample.text.utf8)]
        var said: Set<String> = []
        let others = Self.samples.map { Array($0.text.utf8) }
        let number = Self.samples.firstIndex { $0.text == sample.text } ?? 0
        let path = NSTemporaryDirectory() + "domicile-fuzz-\(sample.format)-\(number)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let start = Date()
        var tried = 0
        while Self.seconds.map({ Date().timeIntervalSince(start) < $0 }) ?? (tried < 150) {
            tried += 1
            var input = pool.randomElement(using: &dice) ?? []
            for _ in 0..<Int.random(in: 1...5, using: &dice) { Mutation.apply(&input, others, &dice) }
            if input.count > 64 << 10 { input.removeLast(input.count - 64 << 10) }
            let isPacked = Int.random(in: 0..<20, using: &dice) == 0
            var bytes = isPacked ? gzip(input) : input
            if isPacked, Bool.random(using: &dice) { Mutation.apply(&bytes, others, &dice) }
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let before = Date()
            let reading = try read(path: path, Self.everything, with: reader)
            let took = Date().timeIntervalSince(before)
            #expect(took < Self.longest, "\(sample.format): \(took) seconds for \(bytes.count) bytes of seed \(Self.seed)")
            Self.check(reading, bytes)
            let words = Self.signature(reading)
            if said.count < 4096, said.insert(words).inserted { pool.append(input) }
        }
        if Self.seconds != nil { print("\(sample.format): \(tried) inputs, \(said.count) different answers") }
    }

    private static func check(_ reading: Reading, _ bytes: [UInt8]) {
        let outcome = reading.outcome
        let ordinals = reading.resources.map(\.ordinal) + reading.events.map(\.ordinal)
        #expect(outcome.resources == reading.resources.count && outcome.events == reading.events.count)
        #expect(outcome.records >= outcome.resources + outcome.events)
        #expect(outcome.malformed == 0 || !outcome.diagnostics.isEmpty)
        #expect(outcome.format != ReadOutcome.unknownFormat || (outcome.records == 0 && !outcome.diagnostics.isEmpty))
        #expect(Set(ordinals).count == ordinals.count && ordinals.allSatisfy { $0 >= 0 && $0 < outcome.records + outcome.malformed })
        #expect(outcome.diagnostics.count <= ReadLimits.defaultMaxDiagnostics + 3)
        #expect(reading.hashed == bytes)
        for ordinal in ordinals.prefix(8) { #expect(!outcome.pointers.pointer(ordinal).isEmpty) }
    }

    /// What a reader said, without the numbers and names in it.
    private static func signature(_ reading: Reading) -> String {
        let messages = Set(reading.messages.map { String($0.filter { !$0.isNumber }.prefix(60)) }).sorted().joined(separator: "|")
        let size = { (count: Int) in count == 0 ? 0 : count.bitWidth - count.leadingZeroBitCount }
        return "\(reading.outcome.format) \(size(reading.outcome.records)) \(size(reading.outcome.malformed)) \(messages)"
    }

    /// Asks for all that the samples have, under every provider.
    static let everything = plan(
        [
            ["dstaddr"], ["pkt_dstaddr"], ["interface_id"], ["flow_direction"], ["remote_ip"], ["bucket"], ["host_header"], ["client"], ["elb"],
            ["c_ip"], ["x_edge_location"], ["cs_host"], ["httpRequest", "country"], ["webaclId"], ["modelId"], ["inferenceRegion"],
            ["requestParameters", "bucketName"], ["sourceIPAddress"], ["protoPayload", "requestMetadata", "callerIp"],
            ["protoPayload", "resourceLocation", "currentLocations"], ["jsonPayload", "connection", "dest_ip"], ["jsonPayload", "accesses"],
            ["callerAddress"], ["country"], ["resource"], ["resource", "cloud.region"], ["resource", "service.name"], ["direction"], ["rule"],
            ["attributes", "server.address"], ["attributes", "url.full"], ["kind"], ["sourceIPs"], ["objectRef", "namespace"],
            ["cloud", "provider"], ["dst_endpoint", "ip"], ["resources"], ["properties", "regionName"],
        ], for: ["aws", "gcp", "azure", "kubernetes", "otel", "ocsf"])
}

/// One change to an input.
private enum Mutation {
    static let tokens: [[UInt8]] = [
        #"{"#, #"}"#, "[", "]", "\"", "\\", ",", ":", "\n", "\r\n", " ", "\t", "-", "#Fields: ", "null", "true", "1e999", "-0", "\u{0}", "\"\":",
        #""\ud800""#, #"{"Records":["#, #"{"records":["#, #"{"items":["#, #"{"value":["#, #"{"resourceSpans":["#, #"{"data":"#, #"{"message":""#,
        "/*", "---\n", "- ", "&a ", "*a ", "<<: ", "99999999999999999999", "\u{feff}", String(repeating: "[", count: 600),
        String(repeating: "{\"a\":", count: 520), String(repeating: "x", count: 5000), "2 111122223333 eni-1 ", "version srcaddr dstaddr start\n",
    ].map { Array($0.utf8) } + [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]

    static func apply(_ input: inout [UInt8], _ others: [[UInt8]], _ dice: inout Dice) {
        let at = input.isEmpty ? 0 : Int.random(in: 0...input.count, using: &dice)
        let length = min(Int.random(in: 1...64, using: &dice), input.count - at)
        switch Int.random(in: 0..<12, using: &dice) {
        case 0 where at < input.count: input[at] = UInt8.random(in: 0...255, using: &dice)
        case 1 where at < input.count: input[at] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
        case 2, 3: input.insert(contentsOf: tokens.randomElement(using: &dice) ?? [], at: at)
        case 4: input.removeSubrange(at..<(at + length))
        case 5: input.insert(contentsOf: input[at..<(at + length)], at: at)
        case 6: input.removeLast(input.count - at)
        case 7:
            let other = others.randomElement(using: &dice) ?? []
            let from = Int.random(in: 0...other.count, using: &dice)
            input.insert(contentsOf: other[from..<min(other.count, from + Int.random(in: 1...200, using: &dice))], at: at)
        case 8:
            let other = others.randomElement(using: &dice) ?? []
            input = Array(input[..<at]) + other[Int.random(in: 0...other.count, using: &dice)...]
        case 9: input += input
        case 10:
            var lines = input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            lines.shuffle(using: &dice)
            input = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
        default:
            // A member's name or a word is repeated elsewhere.
            let token = tokens.randomElement(using: &dice) ?? []
            input.replaceSubrange(at..<(at + length), with: token)
        }
    }
}
