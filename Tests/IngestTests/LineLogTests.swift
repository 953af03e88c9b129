import Foundation
import Ingest
import Residency
import Testing

/// Logs whose events are lines.
@Suite struct LineLogTests {
    private func fields(_ text: String, _ paths: [String]) throws -> [[String: String]] {
        try read(text, plan(paths)).events.map(\.fields)
    }

    @Test func `columns of a flow are found by the heading, in whatever order, and of those that nobody asks for nothing is kept`() throws {
        let text = "dstaddr region interface-id pkt-dstaddr start action flow-direction\n198.51.100.7 eu-west-1 eni-1 203.0.113.4 1732190000 ACCEPT egress\n"
        let found = try fields(text, ["dstaddr", "pkt_dstaddr", "interface_id", "requestParameters.bucketName"])
        #expect(
            found == [
                ["dstaddr": "198.51.100.7", "pkt_dstaddr": "203.0.113.4", "interface_id": "eni-1", "region": "eu-west-1", "start": "1732190000"]
            ])
    }

    static let flows: [(name: String, text: String, records: Int, malformed: Int, rejected: Int)] = {
        let line = "2 111122223333 eni-1 10.0.1.5 198.51.100.7 41892 443 6 14 2841 1732190000 1732190060 ACCEPT OK"
        return [
            ("without a heading", line, 1, 0, 0),
            ("with the time of a log group", "2026-11-21T10:00:00.000Z \(line)\n2026-11-21T10:00:00.000Z \(line)", 2, 0, 0),
            ("a refused one", line.replacingOccurrences(of: "ACCEPT", with: "REJECT"), 1, 0, 1),
            ("one that is cut", "\(line)\n2 111122223333 eni-1 10.0.1.5", 1, 1, 0),
            ("one with a field too many", "\(line)\n\(line) more", 1, 1, 0),
            ("a time that is none", "\(line)\n\(line.replacingOccurrences(of: "1732190000", with: "soon"))", 1, 1, 0),
            ("two spaces", "\(line)\n\(line.replacingOccurrences(of: " 443", with: "  443"))", 1, 1, 0),
            ("lines of Windows", "\(line)\r\n\r\n\(line)\r\n", 2, 0, 0),
            ("two files in one", "version srcaddr dstaddr start\n2 a b 1732190000\nstart dstaddr action\n1732190001 c ACCEPT\n", 2, 0, 0),
        ]
    }()

    @Test(arguments: flows.indices) func `flows are read or told`(_ index: Int) throws {
        let row = Self.flows[index]
        let reading = try read(row.text)
        #expect(reading.outcome.format == "aws-vpc-flow", "\(row.name)")
        #expect(reading.outcome.records == row.records && reading.outcome.malformed == row.malformed, "\(row.name): \(reading.messages)")
        #expect(reading.events.count { $0.fields["rejected"] != nil } == row.rejected, "\(row.name)")
    }

    @Test func `a field that is a hyphen is missing`() throws {
        let text = "srcaddr dstaddr interface-id start\n- - eni-1 1732190000\n"
        #expect(try fields(text, ["dstaddr", "interface_id"]) == [["interface_id": "eni-1", "start": "1732190000"]])
    }

    @Test func `quotes inside quotes and brackets around a time do not shift the fields`() throws {
        let found = try fields(
            ReaderContractTests.s3Access("403"), ["remote_ip", "bucket", "user_agent", "version_id", "host_header", "request_uri"])
        #expect(found.count == 1)
        #expect(
            found.first == [
                "remote_ip": "198.51.100.7", "bucket": "orders", "user_agent": #"Console "quoted"/0.4"#, "request_uri": "GET /a.csv HTTP/1.1",
                "host_header": "orders.s3.eu-west-1.amazonaws.com", "operation": "REST.GET.OBJECT", "time": "21/Nov/2026:10:00:00 +0000",
                "failed": "403",
            ])
    }

    @Test func `a line that is cut is no access`() throws {
        let line = ReaderContractTests.s3Access("200")
        let reading = try read("\(line)\n\(line.prefix(150))\n\(line)")
        #expect(reading.outcome.records == 2 && reading.outcome.malformed == 1)
        #expect(reading.outcome.diagnostics.first?.byte == line.utf8.count + 1)
        #expect(reading.outcome.pointers.pointer(1) == "line:2" && reading.outcome.pointers.pointer(2) == "line:3")
    }

    @Test func `each kind of load balancer has its own order`() throws {
        let sample = try #require(ReaderContractTests.logs.first { $0.format == "aws-elb" })
        let found = try fields(sample.text, ["client", "elb", "status", "domain_name"])
        #expect(found.map { $0["client"] } == ["198.51.100.7", "198.51.100.7", "198.51.100.7"])
        #expect(found.map { $0["elb"] } == ["app/lb/50dc6c495c0c9188", "net/lb/c6e77e28c25b2234", "classic"])
        #expect(found.map { $0["type"] } == ["https", "tls", nil])
        #expect(found.map { $0["region"] } == ["eu-west-1", "eu-west-1", nil])
        #expect(found.map { $0["account"] } == ["111122223333", "111122223333", nil])
        #expect(found.map { $0["failed"] } == [nil, nil, "503"])
        #expect(found.map { $0["time"] } == ["2026-11-21T10:00:00.186641Z", "2026-11-21T10:00:01", "2026-11-21T10:00:02.945958Z"])
    }

    @Test func `day and time of a request are one field`() throws {
        let sample = try #require(ReaderContractTests.logs.first { $0.format == "aws-cloudfront" })
        let found = try fields(sample.text, ["c_ip", "cs_host", "x_edge_location"])
        #expect(
            found.first == [
                "timestamp": "2026-11-21\t10:00:00", "c_ip": "198.51.100.7", "cs_host": "d1.cloudfront.net", "x_edge_location": "LHR62-C2",
            ])
        #expect(found.last?["failed"] == "403")
    }

    @Test func `a long log passes through a window, and the places go on`() throws {
        let line = "2 111122223333 eni-1 10.0.1.5 198.51.100.7 41892 443 6 14 2841 1732190000 1732190060 ACCEPT OK\n"
        let count = 12_000_000 / line.utf8.count
        let scratch = Scratch()
        let path = try scratch.write("flows", Array(String(repeating: line, count: count).utf8))
        let reading = try read(path: path, keeping: false)
        #expect(reading.outcome.records == count && reading.outcome.malformed == 0)
        #expect(reading.outcome.pointers.pointer(count - 1) == "line:\(count)")
    }

    @Test func `a line longer than a record may be is told and stepped over`() throws {
        let line = "2 111122223333 eni-1 10.0.1.5 198.51.100.7 41892 443 6 14 2841 1732190000 1732190060 ACCEPT OK\n"
        let long = String(repeating: "x", count: 9 << 20) + "\n"
        let reading = try read(line + long + line, plan(limits: ReadLimits(maxRecordBytes: 1 << 20)))
        #expect(reading.outcome.records == 2 && reading.outcome.malformed == 1)
        #expect(reading.outcome.pointers.pointer(2) == "line:3")
    }

    @Test func `a cancelled task stops reading lines`() async throws {
        let line = "2 111122223333 eni-1 10.0.1.5 198.51.100.7 41892 443 6 14 2841 1732190000 1732190060 ACCEPT OK\n"
        let scratch = Scratch()
        let path = try scratch.write("flows", Array(String(repeating: line, count: 100_000).utf8))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            do { _ = try read(path: path, keeping: false) } catch let error as ReadError { return "\(error.code)" }
            return "read to its end"
        }
        #expect(try await task.value == "cancelled")
    }
}
