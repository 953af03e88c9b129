import CEL
import Ingest
import Residency
import Testing

@Suite struct AWSConfigTests {
    private func item(_ name: String, status: String = "OK", more: String = "") -> String {
        """
        {"configurationItemStatus":"\(status)","resourceType":"AWS::S3::Bucket","resourceId":"\(name)","resourceName":"\(name)",\
        "ARN":"arn:aws:s3:::\(name)","awsAccountId":"111122223333","awsRegion":"eu-west-1","tags":{"data":"customer"}\(more)}
        """
    }

    private func quoted(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    @Test func `items are read from each thing they come in`() throws {
        let (a, b) = (item("a"), item("b"))
        let envelopes: [(String, String)] = [
            (#"{"fileVersion":"1.0","configSnapshotId":"x","configurationItems":[\#(a),\#(b)]}"#, "/configurationItems/1"),
            ("[\(a),\(b)]", "/1"),
            ("\(a)\n\(b)\n", "line:2"),
            (#"{"baseConfigurationItems":[\#(a),\#(b)],"unprocessedResourceKeys":[]}"#, "/baseConfigurationItems/1"),
            (#"[{"configurationItem":\#(a)},{"configurationItem":\#(b)}]"#, "/1/configurationItem"),
            (
                #"[{"invokingEvent":"\#(quoted(#"{"configurationItem":\#(a)}"#))"},{"invokingEvent":"\#(quoted(#"{"configurationItem":\#(b)}"#))"}]"#,
                "/1/invokingEvent/configurationItem"
            ),
            (#"{"Results":["\#(quoted(a))","\#(quoted(b))"],"QueryInfo":{}}"#, "/Results/1"),
            (
                #"[{"detail-type":"x","detail":{"configurationItem":\#(a)}},{"detail":{"configurationItem":\#(b)}}]"#,
                "/1/detail/configurationItem"
            ),
        ]
        for (text, pointer) in envelopes {
            let reading = try read(text)
            #expect(reading.outcome.format == "aws-config", "\(text.prefix(60))")
            #expect(reading.resources.map(\.id) == ["arn:aws:s3:::a", "arn:aws:s3:::b"], "\(text.prefix(60)): \(reading.messages)")
            #expect(reading.resources.last?.pointer == pointer)
            #expect(reading.resources.map(\.ordinal) == [0, 1])
            #expect(reading.outcome.records == 2 && reading.outcome.resources == 2 && reading.outcome.malformed == 0)
            #expect(reading.outcome.pointers.pointer(1) == pointer)
        }
    }

    @Test func `an item becomes a resource`() throws {
        let more =
            #","configuration":"{\"name\":\"a\",\"list\":[1]}","supplementaryConfiguration":{"R":"{\"rules\":[]}","S":"\"{\\\"x\\\":1}\"","T":"plain"}"#
        let resource = try #require(try read(item("a", more: more)).resources.first)
        #expect(resource.provider == "aws" && resource.type == "AWS::S3::Bucket" && resource.account == "111122223333")
        #expect(resource.place == .region(provider: "aws", name: "eu-west-1"))
        #expect(resource.aliases == ["a"])
        #expect(resource.tags == ["data": "customer"])
        let attributes = resource.attributes
        #expect(attributes.member("type") == "AWS::S3::Bucket" && attributes.member("region") == "eu-west-1")
        #expect(attributes.member("tags")?.member("data") == "customer")
        #expect(attributes.member("configuration")?.member("list") == [1])
        #expect(attributes.member("supplementaryConfiguration")?.member("R")?.member("rules") == [])
        #expect(attributes.member("supplementaryConfiguration")?.member("S")?.member("x") == 1)
        #expect(attributes.member("supplementaryConfiguration")?.member("T") == "plain")
        #expect(attributes.member("resourceId") == "a", "the record stays as it was delivered")
    }

    @Test func `tags may be a list of pairs, and the name of the ARN may be small`() throws {
        let text =
            #"{"resourceType":"AWS::SQS::Queue","resourceId":"u","arn":"arn:aws:sqs:eu-west-1:1:q","awsRegion":"eu-west-1","tags":[{"key":"k","value":"v"}]}"#
        let resource = try #require(try read(text).resources.first)
        #expect(resource.tags == ["k": "v"] && resource.id == "arn:aws:sqs:eu-west-1:1:q" && resource.account == "1")
    }

    @Test func `places that are no region`() throws {
        func place(_ region: String, arn: String = "arn:aws:s3:::a") throws -> PlaceReference? {
            try read(#"{"resourceType":"T","resourceId":"a","arn":"\#(arn)","configuration":{}\#(region)}"#).resources.first?.place
        }
        #expect(try place(#","awsRegion":"global""#) == .region(provider: "aws", name: "global"))
        #expect(try place(#","awsRegion":"Not Applicable""#) == .region(provider: "aws", name: "global"))
        #expect(try place("", arn: "arn:aws:iam::1:role/x") == .region(provider: "aws", name: "global"))
        #expect(try place("", arn: "arn:aws:sqs:eu-west-3:1:q") == .region(provider: "aws", name: "eu-west-3"))
        #expect(try place("") == .unknown("the configuration item names no region"))
    }

    @Test func `what was deleted is counted, not handed over`() throws {
        let reading = try read("[\(item("a", status: "ResourceDeleted")),\(item("b"))]")
        #expect(reading.resources.map(\.id) == ["arn:aws:s3:::b"])
        #expect(reading.resources.first?.ordinal == 1)
        #expect(reading.outcome.records == 2 && reading.outcome.resources == 1)
        #expect(reading.messages == ["1 configuration items tell of resources that are deleted or not recorded"])
    }

    @Test func `an item that is not JSON is malformed, with its place`() throws {
        let reading = try read("[\(item("a")),{\"resourceType\":\"T\",\"resourceId\":\"x\",\"configuration\":{\"a\":tru}},\(item("b"))]")
        #expect(reading.resources.count == 2 && reading.outcome.malformed == 1)
        #expect(reading.resources.last?.ordinal == 2)
    }
}
