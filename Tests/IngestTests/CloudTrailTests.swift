import Foundation
import Ingest
import Residency
import Testing

@Suite struct CloudTrailTests {
    /// Each envelope around two events, and where the second stands.
    static let envelopes: [(name: String, text: String, pointer: String)] = {
        let (a, b) = (event("A"), event("B"))
        func quoted(_ text: String) -> String { text.replacingOccurrences(of: "\"", with: "\\\"") }
        return [
            ("a list of records", #"{"Records":[\#(a),\#(b)]}"#, "/Records/1"),
            ("a list that is not alone", #"{"x":{"Records":[1]},"Records":[\#(a), \#(b) ], "y": 1}"#, "/Records/1"),
            ("a bare list", "[\(a),\n\(b)]", "/1"),
            ("lines", "\(a)\n\(b)\n", "line:2"),
            ("lines with blank ones between", "\n\(a)\n\n\r\n\(b)", "line:5"),
            ("documents one after the other", "\(a)\(b)", "line:1"),
            ("lists one after the other", #"{"Records":[\#(a)]}{"Records":[\#(b)]}"#, "/Records/0"),
            ("EventBridge", #"{"detail-type":"x","region":"us-east-1","detail":\#(a)}"# + "\n" + #"{"detail":\#(b)}"#, "line:2/detail"),
            ("a list of EventBridge events", #"[{"detail":\#(a)},{"detail":\#(b)}]"#, "/1/detail"),
            ("data", #"[{"data":{"Records":[\#(a)]}},{"data":{"Records":[\#(b)]}}]"#, "/1/data/Records/0"),
            (
                "lookup-events", #"{"Events":[{"EventName":"A","CloudTrailEvent":"\#(quoted(a))"},{"CloudTrailEvent":"\#(quoted(b))"}]}"#,
                "/Events/1/CloudTrailEvent"
            ),
            (
                "a line for each looked-up event", #"{"CloudTrailEvent":"\#(quoted(a))"}"# + "\n" + #"{"CloudTrailEvent":"\#(quoted(b))"}"#,
                "line:2/CloudTrailEvent"
            ),
            ("a search's results", #"{"results":[{"_raw":"\#(quoted(a))"},{"_raw":"\#(quoted(b))"}]}"#, "line:1/results/1/_raw"),
            ("results one by one", #"{"preview":false,"result":{"_raw":"\#(quoted(a))"}}"# + "\n" + #"{"preview":false,"result":{"_raw":"\#(quoted(b))"}}"#, "line:2/result/_raw"),
            ("rows of a query", #"[{"@timestamp":"t","@message":"\#(quoted(a))"},{"@timestamp":"t","@message":"\#(quoted(b))"}]"#, "/1/@message"),
            ("a lake's rows", #"[{"eventjson":"\#(quoted(a))"},{"eventjson":"\#(quoted(b))"}]"#, "/1/eventjson"),
            ("_raw", #"[{"_raw":"\#(quoted(a))"},{"_raw":"\#(quoted(b))"}]"#, "/1/_raw"),
            (
                "OpenSearch", #"[{"@timestamp":"x","event":{"name":"ct"},"aws":{"cloudtrail":\#(a)}},{"aws":{"cloudtrail":\#(b)}}]"#,
                "/1/aws/cloudtrail"
            ),
            (
                "a shipper's, with the event as it was",
                #"{"event":{"original":"\#(quoted(a))","action":"A"},"aws":{"cloudtrail":{"event_version":"1.08"}}}"# + "\n"
                    + #"{"aws":{"cloudtrail":{"event_version":"1.08"}},"event":{"original":"\#(quoted(b))"}}"#,
                "line:2/event/original"
            ),
            (
                "a search's hits", #"{"took":1,"hits":{"total":2,"hits":[{"_id":"1","_source":\#(a)},{"_source":\#(b)}]}}"#,
                "line:1/hits/hits/1/_source"
            ),
            ("a mark at the beginning", "\u{feff}" + #"{"Records":[\#(a),\#(b)]}"#, "/Records/1"),
        ]
    }()

    @Test func `an event that is cut down to its service and name is one, and a bucket's notification is not`() throws {
        #expect(try read(#"{"eventSource":"s3.amazonaws.com","eventName":"GetObject"}"#).outcome.format == "aws-cloudtrail")
        #expect(try read(#"{"eventSource":"aws:s3","eventName":"ObjectCreated:Put"}"#).outcome.format == "unknown")
    }

    @Test(arguments: envelopes.indices) func `two events are read from each envelope`(_ index: Int) throws {
        let envelope = Self.envelopes[index]
        let reading = try read(envelope.text, plan(["requestParameters.bucketName"]))
        #expect(reading.outcome.format == "aws-cloudtrail", "\(envelope.name)")
        #expect(reading.events.map(\.fields["eventName"]) == [#""A""#, #""B""#], "\(envelope.name): \(reading.messages)")
        #expect(reading.events.map(\.ordinal) == [0, 1])
        #expect(reading.events.allSatisfy { $0.fields["requestParameters.bucketName"] == #""b""# })
        #expect(reading.outcome.records == 2 && reading.outcome.events == 2 && reading.outcome.malformed == 0)
        #expect(reading.outcome.pointers.pointer(1) == envelope.pointer, "\(envelope.name)")
        #expect(String(decoding: reading.hashed, as: UTF8.self) == envelope.text)
    }

    @Test func `the offset of an event is where its brace stands in the inflated input`() throws {
        let text = #"{"Records":[\#(event("A")), \#(event("B"))]}"#
        let bytes = Array(text.utf8)
        for input in [bytes, gzip(bytes)] {
            for found in try read(input).events {
                #expect(String(decoding: bytes[Int(found.offset)...].prefix(15), as: UTF8.self) == #"{"eventVersion""#)
            }
        }
    }

    @Test func `null is told apart from absent, and a nested member of the same name is not taken`() throws {
        let decoy = #","requestParameters":{"awsRegion":"us-east-1","deep":{"eventName":"Decoy"},"list":[{"eventName":"Decoy"}]}"#
        let reading = try read(
            #"{"Records":[\#(event("A", more: #","errorCode":null,"requestID":"{\"eventName\":\"Decoy\"}""#)),"#
                + event("B").replacingOccurrences(of: #","requestParameters":{"bucketName":"b"}"#, with: decoy) + "]}",
            plan(["responseElements", "requestParameters.awsRegion"]))
        #expect(reading.events[0].fields["responseElements"] == "null")
        #expect(reading.events[0].fields["errorCode"] == "null")
        #expect(reading.events[1].fields["errorCode"] == nil)
        #expect(reading.events.map(\.fields["eventName"]) == [#""A""#, #""B""#])
        #expect(reading.events[1].fields["awsRegion"] == #""eu-west-1""#)
        #expect(reading.events[1].fields["requestParameters.awsRegion"] == #""us-east-1""#)
    }

    @Test func `a path and what is below it can both be wanted`() throws {
        let reading = try read(event(), plan(["requestParameters", "requestParameters.bucketName", "requestParameters.bucketName.deeper"]))
        #expect(reading.events[0].fields["requestParameters"] == #"{"bucketName":"b"}"#)
        #expect(reading.events[0].fields["requestParameters.bucketName"] == #""b""#)
        #expect(reading.events[0].fields["requestParameters.bucketName.deeper"] == nil)
    }

    @Test func `a name is compared by what it says`() throws {
        let escaped = event().replacingOccurrences(of: #""awsRegion""#, with: #""aws\u0052egion""#)
        #expect(try read("\(escaped)\n").events[0].fields["awsRegion"] == #""eu-west-1""#)
    }

    @Test func `of a member that comes twice the last counts, and that is told`() throws {
        let twice = event(more: #","awsRegion":"us-east-1","requestParameters":{"key":"k"}"#)
        let reading = try read("[\(twice)]", plan(["requestParameters.bucketName", "requestParameters.key"]))
        #expect(reading.events[0].fields["awsRegion"] == #""us-east-1""#)
        #expect(reading.events[0].fields["requestParameters.bucketName"] == nil, "it belongs to the first `requestParameters`")
        #expect(reading.events[0].fields["requestParameters.key"] == #""k""#)
        #expect(reading.messages == ["/0 has a member twice; the last one counts"])
    }

    @Test func `a list of records that comes twice hides nothing`() throws {
        #expect(try read(#"{"Records":[\#(event())],"Records":[\#(event("B"))]}"#).events.count == 2)
    }

    @Test func `Insights are counted and not handed over`() throws {
        let insight =
            #"{"eventVersion":"1.07","eventTime":"t","awsRegion":"r","eventID":"i","insightDetails":{"eventName":"X"},"eventCategory":"Insight"}"#
        let reading = try read(#"{"Records":[\#(event("A")),\#(insight),\#(event("B"))]}"#)
        #expect(reading.outcome.records == 3 && reading.outcome.events == 2 && reading.outcome.malformed == 0)
        #expect(reading.events.map(\.ordinal) == [0, 2])
        #expect(reading.outcome.pointers.pointer(2) == "/Records/2")
    }

    @Test func `notifications of a bucket are not CloudTrail`() throws {
        let text =
            #"{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"r","eventTime":"t","eventName":"ObjectCreated:Put"}]}"#
        #expect(try read(text).outcome.format == "unknown")
    }

    @Test func `an empty file of records has a format and none`() throws {
        let reading = try read(#"{"Records":[]}"#)
        #expect(reading.outcome.format == "aws-cloudtrail" && reading.outcome.records == 0 && reading.outcome.malformed == 0)
    }

    @Test func `many events come in batches whose ordinals and places go on`() throws {
        let count = 3000
        let list = #"{"Records":[\#((0..<count).map { event("E\($0)") }.joined(separator: ","))]}"#
        let lines = (0..<count).map { event("E\($0)") }.joined(separator: "\n")
        for text in [list, lines] {
            let reading = try read(text)
            #expect(reading.batches > 3)
            #expect(reading.events.map(\.ordinal) == Array(0..<count))
            #expect(reading.events.map(\.fields["eventName"]) == (0..<count).map { "\"E\($0)\"" })
        }
        #expect(try read(lines).outcome.pointers.pointer(2999) == "line:3000")
        #expect(try read(list).outcome.pointers.pointer(2999) == "/Records/2999")
    }
}
