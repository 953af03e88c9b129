import Foundation
import Ingest
import Residency
import Testing

/// Logs whose events are JSON.
@Suite struct JSONLogTests {
    @Test func `entries of Cloud Logging are told apart by their payload`() throws {
        let sample = try #require(ReaderContractTests.logs.first { $0.format == "gcp-logging" })
        let reading = try read(sample.text, plan(["protoPayload.requestMetadata.callerIp", "jsonPayload.connection.dest_ip"], for: "gcp"))
        #expect(reading.events.map(\.word) == ["", "vpc-flow", "log-entry"])
        #expect(reading.events[0].fields["protoPayload.serviceName"] == #""storage.googleapis.com""#)
        #expect(reading.events[0].fields["protoPayload.requestMetadata.callerIp"] == #""198.51.100.7""#)
        #expect(reading.events[0].fields["failed"] == "7")
        #expect(reading.events[1].fields["jsonPayload.connection.dest_ip"] == #""198.51.100.7""#)
        #expect(reading.events[1].fields["failed"] == nil)
    }

    @Test(arguments: [[0, 1, 2], [1, 0, 2], [2, 1, 0]])
    func `what services tell EventBridge lies beside what it has from CloudTrail`(_ order: [Int]) throws {
        let lines = [
            ReaderContractTests.bridge("Copy Job State Change", "aws.backup"),
            ReaderContractTests.bridge("AWS API Call via CloudTrail", "aws.s3", detail: event("A")),
            ReaderContractTests.bridge("Object Created", "aws.s3"),
        ]
        let text = order.map { lines[$0] }.joined(separator: "\n")
        let reading = try read(text, plan(["eventName", "detailType", "detail.state", "detail.bucket.name"], for: "aws"))
        #expect(reading.outcome.format == (order[0] == 1 ? "aws-cloudtrail" : "aws-eventbridge"))
        #expect(reading.events.count == 3 && reading.outcome.malformed == 0)
        let called = reading.events.map { $0.fields["eventName"] ?? $0.fields["detailType"] ?? "" }
        #expect(called == order.map { [#""Copy Job State Change""#, #""A""#, #""Object Created""#][$0] })
        #expect(reading.events.compactMap { $0.fields["detail.bucket.name"] } == [#""b""#, #""b""#])
    }

    @Test func `a call that is cut down to its payload is known, and may lack its service`() throws {
        let text = #"{"protoPayload":{"serviceName":"s.googleapis.com","methodName":"m"}}"# + "\n" + #"{"protoPayload":{"methodName":"m"},"resource":{"type":"project"}}"#
        let reading = try read(text, plan(["protoPayload.methodName"], for: "gcp"))
        #expect(reading.outcome.format == "gcp-logging" && reading.events.count == 2 && reading.outcome.malformed == 0)
        #expect(try read(#"{"protoPayload":{"a":1}}"#).outcome.format == "unknown")
    }

    @Test func `rows of a table have the payload under another name`() throws {
        let row =
            #"{"logName":"projects/p/logs/a","timestamp":"2026-11-21T10:00:00Z","protopayload_auditlog":{"serviceName":"s.googleapis.com","methodName":"m","#
            + #""requestMetadata":{"callerIp":"198.51.100.7"},"resourceLocation":{"currentLocations":["eu"]},"status":{"code":0}}}"#
        let reading = try read(row, plan(["protoPayload.requestMetadata.callerIp", "protoPayload.resourceLocation.currentLocations"], for: "gcp"))
        #expect(reading.events.first?.fields["protoPayload.methodName"] == #""m""#)
        #expect(reading.events.first?.fields["protoPayload.requestMetadata.callerIp"] == #""198.51.100.7""#)
        #expect(reading.events.first?.fields["protoPayload.resourceLocation.currentLocations"] == #"["eu"]"#)
        #expect(reading.events.first?.fields["failed"] == nil, "a code of 0 is success")
    }

    /// The same operation, as the shapes write it.
    static let azure: [(name: String, text: String)] = [
        (
            "diagnostic settings",
            #"{"time":"2026-11-21T10:00:00Z","resourceId":"/r","operationName":"o","category":"c","resultType":"Failure","callerIpAddress":"198.51.100.7","location":"westeurope"}"#
        ),
        (
            "the activity log as it is listed",
            #"[{"eventTimestamp":"2026-11-21T10:00:00Z","resourceId":"/r","operationName":{"value":"o","localizedValue":"O"},"category":{"value":"c"},"#
                + #""status":{"value":"Failed"},"httpRequest":{"clientIpAddress":"198.51.100.7"},"location":"westeurope","correlationId":"1"}]"#
        ),
        (
            "the same in pages",
            #"{"value":[{"eventTimestamp":"2026-11-21T10:00:00Z","resourceId":"/r","operationName":{"value":"o"},"category":{"value":"c"},"#
                + #""status":{"value":"Failed"},"httpRequest":{"clientIpAddress":"198.51.100.7"},"location":"westeurope"}],"nextLink":"x"}"#
        ),
        (
            "the Python SDK",
            #"{"event_timestamp":"2026-11-21T10:00:00Z","resource_id":"/r","operation_name":{"value":"o"},"category":{"value":"c"},"correlation_id":"1","#
                + #""status":{"value":"Failed"},"http_request":{"client_ip_address":"198.51.100.7"},"location":"westeurope"}"#
        ),
        (
            "Log Analytics",
            #"[{"TimeGenerated":"2026-11-21T10:00:00Z","_ResourceId":"/r","OperationNameValue":"o","CategoryValue":"c","ActivityStatusValue":"Failure","#
                + #""CallerIpAddress":"198.51.100.7","Location":"westeurope"}]"#
        ),
        (
            "a table of Log Analytics",
            #"{"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"_ResourceId","type":"string"},"#
                + #"{"name":"OperationNameValue","type":"string"},{"name":"CategoryValue","type":"string"},{"name":"ActivityStatusValue","type":"string"},"#
                + #"{"name":"CallerIpAddress","type":"string"},{"name":"Location","type":"string"}],"#
                + #""rows":[["2026-11-21T10:00:00Z","/r","o","c","Failure","198.51.100.7","westeurope"]]}]}"#
        ),
    ]

    @Test func `rows of a table have places, and what a query only counted is told`() throws {
        let text = #"{"tables":[{"columns":[{"name":"OperationName"},{"name":"Properties","type":"dynamic"},{"name":"TimeGenerated"},{"name":"n"}],"rows":["#
            + #"["GetBlob","{\"requestbody\":\"x\"}","2026-11-21T10:00:00Z",1],["GetBlob",null,null,2],["PutBlob"]]},{"rows":[]}]}"#
        let reading = try read(text, plan(["requestBody"], for: "azure"))
        #expect(reading.outcome.format == "azure-logs" && reading.events.count == 1 && reading.outcome.malformed == 3, "\(reading.messages)")
        #expect(reading.events.first?.fields["requestBody"] == #""x""#)
        #expect(reading.outcome.pointers.pointer(0) == "/tables/0/rows/0")
    }

    @Test func `a row of a table is known by the table's name`() throws {
        let text = #"[{"TableName":"PrimaryResult","TimeGenerated":"2026-11-21T10:00:00Z","OperationName":"GetBlob","CallerIpAddress":"198.51.100.7","Type":"StorageBlobLogs"}]"#
        #expect(try read(text, plan(["callerAddress"], for: "azure")).outcome.format == "azure-logs")
    }

    @Test(arguments: azure.indices) func `whatever the shape, the reader's fields are the same`(_ index: Int) throws {
        let shape = Self.azure[index]
        let reading = try read(shape.text, plan(["callerAddress", "resource"], for: "azure"))
        #expect(reading.outcome.format == "azure-logs" && reading.outcome.malformed == 0, "\(shape.name): \(reading.messages)")
        let fields = try #require(reading.events.first?.fields, "\(shape.name)")
        #expect(fields["operation"] == #""o""# && fields["kind"] == #""c""# && fields["resource"] == #""/r""#, "\(shape.name): \(fields)")
        #expect(fields["callerAddress"] == #""198.51.100.7""# && fields["region"] == #""westeurope""#, "\(shape.name): \(fields)")
        #expect(fields["failed"] != nil && fields["eventTime"] == #""2026-11-21T10:00:00Z""#, "\(shape.name): \(fields)")
    }

    @Test(arguments: ["Success", "Succeeded", "Start", "Started", "Accepted", "0"]) func `what succeeds is not attempted`(_ word: String) throws {
        let text = Self.azure[0].text.replacingOccurrences(of: "Failure", with: word)
        #expect(try read(text).events.first?.fields["failed"] == nil)
    }

    @Test func `sign-ins are their own kind, and their location is a country`() throws {
        let listed = #"{"value":[{"createdDateTime":"2026-11-21T10:00:00Z","userPrincipalName":"u","ipAddress":"198.51.100.7","location":{"countryOrRegion":"DE"},"status":{"errorCode":0}}]}"#
        let delivered =
            #"{"time":"2026-11-21T10:00:00Z","resourceId":"/tenants/t","operationName":"Sign-in activity","category":"SignInLogs","resultType":"50126","location":"DE","tenantId":"t","#
            + #""properties":{"userPrincipalName":"u","ipAddress":"198.51.100.7","location":{"countryOrRegion":"DE"},"status":{"errorCode":50126}}}"#
        for (text, failed) in [(listed, nil), (delivered, "50126")] {
            let reading = try read(text, plan(["country", "callerAddress"], for: "azure"))
            #expect(reading.events.map(\.word) == ["signin"])
            #expect(reading.events.first?.fields["country"] == #""DE""#)
            #expect(reading.events.first?.fields["callerAddress"] == #""198.51.100.7""#)
            #expect(reading.events.first?.fields["failed"] == failed)
        }
    }

    @Test func `tuples of both kinds of flow logs are events with a place of their own`() throws {
        let sample = try #require(ReaderContractTests.logs.first { $0.format == "azure-flow" })
        let network =
            #"{"records":[{"time":"t","category":"FlowLogFlowEvent","targetResourceID":"/n","macAddress":"00","flowRecords":{"flows":[{"aclID":"a","#
            + #""flowGroups":[{"rule":"r","flowTuples":["1663146003599,10.0.0.6,198.51.100.7,23956,443,6,O,B,NX,0,0,0,0","1663146003599,nothing"]}]}]}}]}"#
        let first = try read(sample.text, plan(["dstaddr", "direction", "resource", "mac"], for: "azure"))
        #expect(first.events.map { $0.fields["dstaddr"] } == ["198.51.100.7", "10.0.0.4"])
        #expect(first.events.map { $0.fields["rejected"] } == [nil, "D"])
        #expect(first.events[0].fields["resource"] == "/SUBSCRIPTIONS/S/NSG/N" && first.events[0].fields["mac"] == "000D3AF8")
        #expect(first.outcome.pointers.pointer(1) == "/records/0/properties/flows/0/flows/0/flowTuples/1")
        let second = try read(network, plan(["dstaddr", "resource", "start"], for: "azure"))
        #expect(second.events.map(\.fields) == [["start": "1663146003599", "dstaddr": "198.51.100.7", "resource": "/n"]])
        #expect(second.outcome.malformed == 1)
        #expect(second.outcome.pointers.pointer(1) == "/records/0/flowRecords/flows/0/flowGroups/0/flowTuples/1")
    }

    @Test func `attributes are found by their keys, of the resource and of the span`() throws {
        let wanted = [["resource", "cloud.region"], ["attributes", "server.address"], ["attributes", "n"], ["kind"]]
        let reading = try read(ReaderContractTests.traces, plan(wanted, for: ["otel"]))
        #expect(reading.events.map(\.word) == ["span", "span"])
        #expect(reading.events.map { $0.fields["resource.cloud.region"] } == [#""eu-west-1""#, #""eu-west-1""#])
        #expect(reading.events.map { $0.fields["attributes.server.address"] } == [#""api.example""#, nil])
        #expect(reading.events.map { $0.fields["attributes.n"] } == [#""5""#, nil])
        #expect(reading.events.map { $0.fields["kind"] } == ["3", "2"])
        #expect(reading.events.map { $0.fields["startTimeUnixNano"] } == [#""1732190000000000000""#, nil])
        #expect(reading.outcome.pointers.pointer(1) == "/resourceSpans/0/scopeSpans/0/spans/1")
    }

    @Test func `documents of one line each have places of their own`() throws {
        let reading = try read("\(ReaderContractTests.traces)\n\(ReaderContractTests.traces)\n")
        #expect(reading.outcome.records == 4)
        #expect(reading.outcome.pointers.pointer(3) == "line:2/resourceSpans/0/scopeSpans/0/spans/1")
    }

    @Test func `logs, metrics, older names and answers of an interface are OTLP too`() throws {
        let logs = #"{"resourceLogs":[{"resource":{},"scopeLogs":[{"logRecords":[{"timeUnixNano":"1","body":{}},{"timeUnixNano":"2"}]}]}]}"#
        let metrics = #"{"resourceMetrics":[{"resource":{},"scopeMetrics":[{"metrics":[{"name":"m"}]}]}]}"#
        let older = #"{"resourceSpans":[{"instrumentationLibrarySpans":[{"spans":[{"name":"a"}]}]}]}"#
        #expect(try read(logs).events.map(\.word) == ["log", "log"])
        #expect(try read(metrics).events.map(\.word) == ["metric"])
        #expect(try read(older).events.map(\.word) == ["span"])
        #expect(try read(#"{"result":\#(ReaderContractTests.traces)}"#).events.map(\.word) == ["span", "span"])
    }

    @Test func `audit events come in lists, lines and texts`() throws {
        let event = ReaderContractTests.kubernetesAudit("get")
        let list = #"{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[\#(event),\#(event)]}"#
        let quoted = event.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
        for text in [list, "\(event)\n\(event)\n", #"{"items":[\#(event),{"message":"\#(quoted)"}],"apiVersion":"audit.k8s.io/v1"}"#] {
            let reading = try read(text, plan(["sourceIPs"], for: "kubernetes"))
            #expect(reading.outcome.format == "kubernetes-audit" && reading.outcome.records == 2, "\(reading.messages)")
            #expect(reading.events.allSatisfy { $0.fields["sourceIPs"] == #"["198.51.100.7"]"# && $0.fields["responseStatus.reason"] == nil })
        }
        let refused = event.replacingOccurrences(of: #""code":200"#, with: #""reason":"Forbidden","code":403"#)
        #expect(try read(refused).events.first?.fields["responseStatus.reason"] == #""Forbidden""#)
    }

    @Test func `findings of OCSF are counted and not handed over`() throws {
        let sample = try #require(ReaderContractTests.logs.first { $0.format == "ocsf" })
        let finding = #"{"class_uid":2004,"category_uid":2,"time":1}"#
        let reading = try read("[\(sample.text.replacingOccurrences(of: "\n", with: ",")),\(finding)]")
        #expect(reading.outcome.records == 3 && reading.outcome.events == 2 && reading.outcome.malformed == 0)
        #expect(reading.events.map { $0.fields["failed"] } == [nil, "2"])
        #expect(reading.messages == ["1 findings, inventory entries and other records of OCSF are not judged"])
    }

    @Test func `a request that WAF stopped is refused`() throws {
        let reading = try read(ReaderContractTests.waf("ALLOW") + "\n" + ReaderContractTests.waf("BLOCK") + "\n" + ReaderContractTests.waf("COUNT"))
        #expect(reading.events.map { $0.fields["refused"] } == [nil, #""BLOCK""#, nil])
    }

    @Test func `messages that went through CloudWatch are read as the logs they are`() throws {
        let sample = ReaderContractTests.subscription
        let made = plan([["sourceIPAddress"], ["refused"], ["dstaddr"], ["rejected"], ["timestamp"]], for: ["aws", "kubernetes"])
        let reading = try read(sample.text, made)
        #expect(reading.outcome.format == "aws-cloudwatch" && reading.outcome.malformed == 0)
        #expect(reading.events.map(\.word) == ["", "waf-request", "none", "vpc-flow", "cloudwatch", "cloudwatch"])
        #expect(reading.events[0].fields["eventName"] == #""A""# && reading.events[0].fields["eventTime"] == #""2026-11-21T10:00:00Z""#)
        #expect(reading.events[1].fields["refused"] == #""BLOCK""# && reading.events[1].fields["timestamp"] == "1732190000000")
        #expect(reading.events[2].fields["eventTime"] == #""2026-11-21T10:00:00.1Z""#)
        #expect(reading.events[3].fields["dstaddr"] == "198.51.100.7" && reading.events[3].fields["rejected"] == "REJECT")
        #expect(reading.events[4].fields["timestamp"] == "1732190000000")
        #expect(reading.outcome.pointers.pointer(3) == "/logEvents/3/message")
    }

    @Test func `deliveries stand one after the other, and messages about the delivery are counted apart`() throws {
        let control =
            #"{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","subscriptionFilters":[],"#
            + #""logEvents":[{"id":"","timestamp":1,"message":"CWL CONTROL MESSAGE: Checking health of destination Firehose."}]}"#
        let reading = try read(control + ReaderContractTests.subscription.text + ReaderContractTests.subscription.text)
        #expect(reading.outcome.records == 13 && reading.outcome.events == 12 && reading.outcome.malformed == 0)
        #expect(reading.messages == ["1 messages are of CloudWatch itself, about the delivery"])
    }

    @Test func `lines of a log group's export begin with a time`() throws {
        let reading = try read("2026-11-21T10:00:00.000Z \(event("A"))\n2026-11-21T10:00:01.000Z started\n{\n")
        #expect(reading.outcome.format == "aws-cloudwatch" && reading.events.map(\.word) == ["", "cloudwatch"])
        #expect(reading.outcome.malformed == 1 && reading.outcome.pointers.pointer(1) == "line:2")
        #expect(reading.events[0].offset == 25)
    }

    @Test func `answers of the command line hold messages too`() throws {
        let text = #"{"events":[{"logStreamName":"s","timestamp":1732190000000,"message":"2 1 eni-1 10.0.1.5 198.51.100.7 4 443 6 14 28 1732190000 1732190060 ACCEPT OK","#
            + #""ingestionTime":1,"eventId":"1"}],"searchedLogStreams":[]}"#
        let reading = try read(text, plan(["dstaddr"]))
        #expect(reading.outcome.format == "aws-cloudwatch" && reading.events.first?.fields["dstaddr"] == "198.51.100.7")
    }

    @Test func `a long answer of the command line is known by its first message`() throws {
        let entry = #"{"logStreamName":"s","timestamp":1732190000000,"message":"started","ingestionTime":1,"eventId":"1"}"#
        let reading = try read(#"{"events":["# + Array(repeating: entry, count: 5000).joined(separator: ",") + #"],"searchedLogStreams":[]}"#)
        #expect(reading.outcome.format == "aws-cloudwatch" && reading.outcome.records == 5000 && reading.outcome.malformed == 0)
    }

    @Test func `rows of a table are the events they were made from`() throws {
        let row =
            #"{"eventversion":"1.08","useridentity":{"type":"IAMUser","accountid":"111122223333","sessioncontext":{"sessionissuer":{"username":"u"}}},"#
            + #""eventtime":"2026-11-21T10:00:00Z","eventsource":"s3.amazonaws.com","eventname":"GetObject","awsregion":"eu-west-1","sourceipaddress":"192.0.2.7","#
            + #""errorcode":null,"requestparameters":"{\"bucketName\":\"b\"}","responseelements":"null","resources":[{"arn":"arn:aws:s3:::b","accountid":"1"}],"#
            + #""recipientaccountid":"111122223333"}"#
        let made = plan(["requestParameters.bucketName", "userIdentity.sessionContext.sessionIssuer.userName", "sourceIPAddress", "responseElements"])
        let reading = try read("\(row)\n{\"eventname\":\"x\"}\n\(row)\n", made)
        #expect(reading.outcome.format == "aws-cloudtrail-table" && reading.events.count == 2 && reading.outcome.malformed == 1)
        let fields = try #require(reading.events.first?.fields)
        #expect(fields["requestParameters.bucketName"] == #""b""# && fields["sourceIPAddress"] == #""192.0.2.7""#)
        #expect(fields["userIdentity.sessionContext.sessionIssuer.userName"] == #""u""#)
        #expect(fields["responseElements"] == "null" && fields["recipientAccountId"] == #""111122223333""#)
        #expect(reading.outcome.pointers.pointer(2) == "line:3")
    }

    @Test func `CloudFront's JSON has the names of its lines`() throws {
        let sample = try #require(ReaderContractTests.logs.last { $0.format == "aws-cloudfront" })
        let reading = try read(sample.text, plan(["c_ip", "cs_host", "x_edge_location", "timestamp"]))
        #expect(reading.events.map { $0.fields["cs_host"] } == [#""d1.cloudfront.net""#, #""d1.cloudfront.net""#])
        #expect(reading.events.map { $0.fields["x_edge_location"] } == [#""LHR62-C2""#, #""FRA2""#])
        #expect(reading.events[0].fields["timestamp"] == #""2026-11-21","time":"10:00:00""# && reading.events[0].fields["failed"] == nil)
        #expect(reading.events[1].fields["timestamp"] == #""1732190000.123""# && reading.events[1].fields["failed"] == "403")
    }
}
