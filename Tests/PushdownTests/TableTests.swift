import Audit
import CEL
import Foundation
import Ingest
import Policy
import Pushdown
import Reports
import Residency
import Testing

/// Tables of events in Spark, written as Parquet by code that is not ours: what a layout keeps is judged as in files, to the byte,
/// and what it lacks is refused by name.
struct TableTests {
    /// Whether an event says itself what the layout keeps of it: its own columns hold texts or nothing, requests and answers objects.
    static func tidied(_ event: Value, id: Int, _ layout: Layout) -> Value {
        let objects = ["requestParameters", "responseElements", "additionalEventData", "serviceEventDetails"]
        var members: [(String, Value)] = [("eventID", .string(String(format: "%08d", id)))]
        for key in event.keys ?? [] {
            guard let name = key.stringValue, name != "eventID", let value = event.member(name) else { continue }
            // An error that is the empty text is none, wherever it is kept.
            if objects.contains(name) ? value.keys != nil : value.stringValue != nil { members.append((name, value)) }
        }
        return .object(members)
    }

    struct Data {
        let scratch: Scratch
        /// The files that a local audit reads.
        var inputs: [String] { [scratch.path + "/logs"] }
    }

    static let perFile = 400

    static func write(_ layout: Layout, seeds: [UInt64], _ rules: RuleBook) throws -> Data {
        let data = Data(scratch: try Scratch())
        for (file, seed) in seeds.enumerated() {
            var generator = EventGenerator(seed: seed, rules.catalogue)
            let events = try (0..<perFile).map { index in
                String(decoding: JSON.write(tidied(try JSON.parse(generator.event()), id: file * perFile + index, layout)), as: UTF8.self)
            }
            try data.scratch.write("{\"Records\":[\(events.joined(separator: ","))]}", to: "logs/\(file).json")
        }
        try data.scratch.write(writer, to: "write.py")
        let process = Process()
        process.executableURL = URL(filePath: try #require(EngineCommand.spark))
        process.arguments = ["--master", "local[2]", "--conf", "spark.ui.enabled=false", data.scratch.path + "/write.py", layout.rawValue, data.scratch.path]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return data
    }

    /// A run without what names its inputs: each record by the number of its event.
    static func bare(_ run: Run) throws -> [UInt8] {
        var run = run
        for finding in run.findings.indices {
            for index in run.findings[finding].observations.indices {
                let record = run.findings[finding].observations[index].record
                let number = record.pointer.hasPrefix("event ") ? Int(record.pointer.dropFirst(6)) : Int(record.pointer.dropFirst("/Records/".count)).map { record.input * perFile + $0 }
                run.findings[finding].observations[index].record = RecordReference(input: 0, ordinal: try #require(number, "\(record.pointer)"), pointer: "")
            }
        }
        (run.id, run.inputs) = ("", [])
        // Files lack the digests that trails have beside them, a table lacks them always.
        #expect(run.coverage.blindSpots.count == 1)
        run.coverage.blindSpots = []
        return try Reports.render(run, as: .json)
    }

    static func table(_ layout: Layout, _ data: Data, _ rules: RuleBook) throws -> AuditRun {
        let engine = try SparkSQL(command: EngineCommand.spark, settings: ["spark.driver.memory=3g"], threads: 2)
        var audit = AuditRun(inputs: [], rules: rules, now: LogEngineChecks.now, jobs: 2, toolVersion: "test")
        audit.table = LogTable("parquet.`\(data.scratch.path)/table`", layout: layout, engine: engine)
        return audit
    }

    @Suite(.serialized, .enabled(if: EngineCommand.spark != nil, "spark-submit not found; SPARK_HOME or DOMICILE_SPARK names a Spark 4"))
    struct OnSpark {
        @Test(arguments: [Layout.athenaCloudTrail, .ocsfAPIActivity])
        func `what the layout keeps is judged as in files`(_ layout: Layout) async throws {
            var rules = try LogEngineChecks.rules()
            let events = try #require(EventLayouts.of(layout.format))
            let lost = Set(Statement(rules.catalogue, events: events, dialect: .sparkSQL, layout: layout).refusals.filter(\.isLost).map(\.vector))
            #expect(lost.contains("aws.kms.key-use"))
            rules.catalogue.vectors.removeAll { lost.contains($0.id) }
            let data = try TableTests.write(layout, seeds: [1, 2, 3], rules)
            let local = try await AuditRun(inputs: data.inputs, rules: rules, now: LogEngineChecks.now, jobs: 2, toolVersion: "test").run()
            let pushed = try await TableTests.table(layout, data, rules).run()
            #expect(local.summary.events == 3 * TableTests.perFile && local.findings.count > 100)
            let (own, other) = (try TableTests.bare(local), try TableTests.bare(pushed))
            let kept = try data.scratch.keep(own, other)
            #expect(own == other, "kept in \(kept)")
            let input = try #require(pushed.inputs.first)
            #expect(pushed.inputs.count == 1 && input.records == 3 * TableTests.perFile && input.malformed == 0 && input.sha256.count == 64)
        }

        @Test func `what a table lacks is named, and keeps the answer from being proven`() async throws {
            let rules = try LogEngineChecks.rules()
            let data = try TableTests.write(.ocsfAPIActivity, seeds: [1], rules)
            let run = try await TableTests.table(.ocsfAPIActivity, data, rules).run()
            let text = try #require(run.coverage.shortfalls.first { $0.contains("were not asked") })
            #expect(text.contains("aws.kms.key-use") && !text.contains("aws.elb.client"), "\(text)")
        }

        @Test func `a table that is not there is an error that says so`() async throws {
            let data = Data(scratch: try Scratch())
            let audit = try TableTests.table(.athenaCloudTrail, data, try LogEngineChecks.rules())
            let error = await #expect(throws: AuditError.self) { _ = try await audit.run() }
            #expect(error?.text.contains("PATH_NOT_FOUND") == true, "\(error?.text ?? "")")
        }
    }

    /// Writes a layout's table out of logs as AWS's readers do: Athena's turns requests and answers into text, Security Lake's
    /// members into OCSF's.
    static let writer = #"""
        import datetime
        import glob
        import ipaddress
        import json
        import sys

        from pyspark.sql import SparkSession
        from pyspark.sql.types import StringType, StructField, StructType, TimestampType

        layout, folder = sys.argv[1:]
        TEXTS = (
            "eventVersion eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage requestID eventID readOnly "
            "eventType apiVersion recipientAccountId sharedEventID vpcEndpointId eventCategory").split()
        JSONS = "requestParameters responseElements additionalEventData serviceEventDetails".split()


        def struct(**members):
            return StructType([StructField(name, kind) for name, kind in members.items()])


        def written(value):
            return None if value is None else json.dumps(value, ensure_ascii=False)


        def is_address(text):
            try:
                return bool(ipaddress.ip_address(text))
            except ValueError:
                return False


        def row(e):
            if layout == "athena-cloudtrail":
                return [e.get(name) for name in TEXTS] + [written(e.get(name)) for name in JSONS]
            time, caller = e.get("eventTime"), e.get("sourceIPAddress")
            has_address = caller is not None and is_address(caller)
            return [
                time and datetime.datetime.fromisoformat(time.replace("Z", "+00:00")),
                (e["eventName"], (e["eventSource"],), (written(e.get("requestParameters")),), (e.get("errorCode"), written(e.get("responseElements")))),
                (e.get("awsRegion"), (e.get("recipientAccountId"),)), (caller if has_address else None, None if has_address else caller),
                (e.get("userAgent"),), (e["eventID"],)]


        text = StringType()
        if layout == "athena-cloudtrail":
            schema = StructType([StructField(name.lower(), text) for name in TEXTS + JSONS])
        else:
            schema = struct(
                time_dt=TimestampType(),
                api=struct(operation=text, service=struct(name=text), request=struct(data=text), response=struct(error=text, data=text)),
                cloud=struct(region=text, account=struct(uid=text)), src_endpoint=struct(ip=text, domain=text), http_request=struct(user_agent=text),
                metadata=struct(uid=text))
        spark = SparkSession.builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
        events = [e for path in sorted(glob.glob(folder + "/logs/*")) for e in json.load(open(path, encoding="utf-8"))["Records"]]
        spark.createDataFrame([row(e) for e in events], schema).repartition(3).write.parquet(folder + "/table")
        """#
}
