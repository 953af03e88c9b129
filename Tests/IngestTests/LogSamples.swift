/// One small input of each log format, for the contract that all readers share.
extension ReaderContractTests {
    static let logs: [Sample] = [
        Sample(
            format: "aws-cloudtrail-digest",
            text: #"{"awsAccountId":"111122223333","digestStartTime":"2026-11-21T10:00:00Z","digestEndTime":"2026-11-21T11:00:00Z","digestS3Bucket":"b","#
                + #""logFiles":[{"s3Bucket":"b","s3Object":"a.json.gz","hashValue":"00","hashAlgorithm":"SHA-256"},{"s3Object":"b.json.gz"}]}"#,
            records: 2, isHandedOver: false),
        Sample(format: "aws-waf", text: waf("ALLOW") + "\n" + waf("BLOCK"), records: 2),
        Sample(
            format: "aws-bedrock",
            text: """
                {"schemaType":"ModelInvocationLog","schemaVersion":"1.0","timestamp":"2026-11-21T10:00:00Z","accountId":"111122223333","region":"eu-west-1",\
                "operation":"Converse","modelId":"eu.amazon.nova-lite-v1:0","inferenceRegion":"eu-north-1","input":{"inputBodyJson":{"messages":[]}},"output":{}}
                {"schemaType":"ModelInvocationLog","timestamp":"2026-11-21T10:00:01Z","region":"eu-west-1","operation":"InvokeModel","modelId":"m","errorCode":"X"}
                """, records: 2),
        Sample(format: "aws-eventbridge", text: bridge("Object Created", "aws.s3") + "\n" + bridge("Copy Job State Change", "aws.backup"), records: 2),
        Sample(format: "gcp-logging", text: "[\(googleAudit),\n \(googleFlow),{\"insertId\":\"3\",\"logName\":\"projects/p/logs/syslog\",\"timestamp\":\"2026-11-21T10:00:00Z\"}]", records: 3),
        Sample(format: "azure-logs", text: #"{"records":[\#(azureRecord),\#(azureRecord)]}"#, records: 2),
        Sample(
            format: "azure-logs",
            text: #"{"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"},{"name":"OperationName","type":"string"},"#
                + #"{"name":"Properties","type":"dynamic"}],"rows":[["2026-11-21T10:00:00Z","GetBlob","{\"a\":1}"],["2026-11-21T10:00:01Z","PutBlob",null]]}]}"#,
            records: 2),
        Sample(
            format: "azure-flow",
            text: #"{"records":[{"time":"2026-11-21T10:00:00Z","category":"NetworkSecurityGroupFlowEvent","resourceId":"/SUBSCRIPTIONS/S/NSG/N","#
                + #""properties":{"Version":2,"flows":[{"rule":"r","flows":[{"mac":"000D3AF8","flowTuples":["1732190000,10.0.0.4,198.51.100.7,1,443,T,O,A,B,,,,","#
                + #""1732190001,203.0.113.9,10.0.0.4,2,22,T,I,D,B,,,,"]}]}]}}]}"#, records: 2),
        Sample(format: "kubernetes-audit", text: kubernetesAudit("get") + "\n" + kubernetesAudit("list"), records: 2),
        Sample(
            format: "github-audit",
            text: """
                {"@timestamp":1732190000000,"_document_id":"a","action":"git.clone","actor":"alicia","actor_location":{"country_code":"DE"},"org":"acme","repo":"acme/shop"}
                {"@timestamp":1732190001000,"action":"org.add_member","actor":"robert","actor_id":7,"org":"acme","created_at":1732190001000}
                """, records: 2),
        Sample(format: "otlp", text: traces, records: 2),
        Sample(
            format: "ocsf",
            text: """
                {"class_uid":6003,"category_uid":6,"activity_id":1,"time":1732190000000,"cloud":{"provider":"AWS","region":"eu-west-1"},"api":{"operation":"GetObject"},"status_id":1}
                {"class_uid":4001,"category_uid":4,"activity_id":6,"time":1732190001000,"dst_endpoint":{"ip":"198.51.100.7"},"status_id":2}
                """, records: 2),
        Sample(
            format: "aws-vpc-flow",
            text: """
                version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
                2 111122223333 eni-1 10.0.1.5 198.51.100.7 41892 443 6 14 2841 1732190000 1732190060 ACCEPT OK
                2 111122223333 eni-1 203.0.113.4 10.0.1.5 5 22 6 1 40 1732190000 1732190060 REJECT OK
                2 111122223333 eni-1 - - - - - - - 1732190000 1732190060 - NODATA

                """, records: 3, tellsWhenCut: false),
        Sample(format: "aws-s3-access", text: s3Access("200") + "\n" + s3Access("403") + "\n", records: 2, tellsWhenCut: false),
        Sample(
            format: "aws-elb",
            text: """
                https 2026-11-21T10:00:00.186641Z app/lb/50dc6c495c0c9188 198.51.100.7:2817 10.0.0.1:80 0.08 0.04 0.03 200 200 0 57 "GET https://e.example:443/ HTTP/1.1" "curl/7.46.0" ECDHE TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/t/73e2 "Root=1-58" "e.example" "-" 0 2026-11-21T10:00:00.1Z "forward" "-" "-"
                tls 2.0 2026-11-21T10:00:01 net/lb/c6e77e28c25b2234 g3d4 198.51.100.7:51341 172.16.0.4:443 5 2 98 246 - arn:aws:acm:eu-west-1:111122223333:certificate/2a - ECDHE tlsv12 - e.example - - - 2026-11-21T09:59:50
                2026-11-21T10:00:02.945958Z classic 198.51.100.7:2817 10.0.0.1:80 0.00 0.00 0.00 503 503 0 29 "GET http://e.example:80/ HTTP/1.1" "curl/7.38.0" - -

                """, records: 3, tellsWhenCut: false),
        subscription,
        Sample(
            format: "aws-cloudwatch", text: "2026-11-21T10:00:00.000Z \(event("A"))\n2026-11-21T10:00:01.000Z \(waf("ALLOW"))\n", records: 2, tellsWhenCut: false),
        Sample(
            format: "aws-cloudfront",
            text: "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer)\n"
                + "2026-11-21\t10:00:00\tLHR62-C2\t392\t198.51.100.7\tGET\td1.cloudfront.net\t/a.html\t200\t-\n"
                + "2026-11-21\t10:00:01\tFRA2\t392\t198.51.100.8\tGET\td1.cloudfront.net\t/b.html\t403\t-\n", records: 2, tellsWhenCut: false),
        Sample(
            format: "aws-cloudtrail-table",
            text: """
                {"eventversion":"1.08","eventtime":"2026-11-21T10:00:00Z","eventsource":"s3.amazonaws.com","eventname":"GetObject","awsregion":"eu-west-1","requestparameters":"{\\"bucketName\\":\\"b\\"}"}
                {"eventversion":"1.08","eventtime":"2026-11-21T10:00:01Z","eventsource":"s3.amazonaws.com","eventname":"PutObject","awsregion":"eu-west-1","requestparameters":null}
                """, records: 2),
        Sample(
            format: "aws-cloudfront",
            text: """
                {"date":"2026-11-21","time":"10:00:00","x-edge-location":"LHR62-C2","c-ip":"198.51.100.7","cs-method":"GET","cs(Host)":"d1.cloudfront.net","sc-status":"200"}
                {"timestamp":"1732190000.123","x-edge-location":"FRA2","c-ip":"198.51.100.8","cs-method":"GET","cs(Host)":"d1.cloudfront.net","sc-status":403}
                """, records: 2),
    ]

    /// Messages of four logs and of none, as a subscription delivers them.
    static let subscription: Sample = {
        let messages = [
            event("A"), waf("BLOCK"), kubernetesAudit("get"), "2 111122223333 eni-1 10.0.1.5 198.51.100.7 41892 443 6 14 2841 1732190000 1732190060 REJECT OK",
            "started", #"{"level":"info"}"#,
        ]
        let events = messages.enumerated().map { number, message in
            let text = message.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            return #"{"id":"\#(number)","timestamp":1732190000000,"message":"\#(text)"}"#
        }
        return Sample(
            format: "aws-cloudwatch",
            text: #"{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"g","logStream":"s","subscriptionFilters":["f"],"logEvents":["#
                + events.joined(separator: ",") + "]}", records: messages.count)
    }()

    static func waf(_ action: String) -> String {
        #"{"timestamp":1732190000000,"formatVersion":1,"webaclId":"arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/w/1","action":"\#(action)","#
            + #""httpSourceName":"ALB","httpSourceId":"app/shop/1","httpRequest":{"clientIp":"198.51.100.7","country":"DE","headers":[{"name":"a","value":"b"}]}}"#
    }

    static func bridge(_ type: String, _ source: String, detail: String = #"{"state":"COMPLETED","bucket":{"name":"b"}}"#) -> String {
        #"{"version":"0","id":"1","detail-type":"\#(type)","source":"\#(source)","account":"111122223333","time":"2026-11-21T10:00:00Z","#
            + #""region":"eu-west-1","resources":[],"detail":\#(detail)}"#
    }

    static let googleAudit =
        #"{"insertId":"1","logName":"projects/p/logs/cloudaudit.googleapis.com%2Fdata_access","timestamp":"2026-11-21T10:00:00.5Z","severity":"INFO","#
        + #""resource":{"type":"gcs_bucket","labels":{"project_id":"p","location":"eu","bucket_name":"b"}},"protoPayload":{"serviceName":"storage.googleapis.com","#
        + #""methodName":"storage.objects.get","resourceName":"projects/_/buckets/b/objects/o","requestMetadata":{"callerIp":"198.51.100.7"},"#
        + #""status":{"code":7},"resourceLocation":{"currentLocations":["eu"]}}}"#

    static let googleFlow =
        #"{"insertId":"2","logName":"projects/p/logs/compute.googleapis.com%2Fvpc_flows","timestamp":"2026-11-21T10:00:00Z","resource":{"type":"gce_subnetwork","#
        + #""labels":{"location":"europe-west3-a"}},"jsonPayload":{"reporter":"SRC","connection":{"src_ip":"10.0.0.2","dest_ip":"198.51.100.7"}}}"#

    static let azureRecord =
        #"{"time":"2026-11-21T10:00:00.0000000Z","resourceId":"/SUBSCRIPTIONS/S/STORAGEACCOUNTS/A","category":"StorageRead","operationName":"GetBlob","#
        + #""statusText":"Success","statusCode":200,"callerIpAddress":"198.51.100.7:50023","location":"westeurope","uri":"https:\/\/a.blob.core.windows.net\/c\/b"}"#

    static func kubernetesAudit(_ verb: String) -> String {
        #"{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"a","stage":"ResponseComplete","requestURI":"/api","verb":"\#(verb)","sourceIPs":["198.51.100.7"],"#
            + #""objectRef":{"resource":"secrets","namespace":"n","name":"s"},"responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"2026-11-21T10:00:00.1Z"}"#
    }

    static let traces =
        #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"orders"}},{"key":"cloud.region","value":{"stringValue":"eu-west-1"}}]},"#
        + #""scopeSpans":[{"scope":{"name":"s"},"spans":[{"traceId":"1","name":"a","kind":3,"startTimeUnixNano":"1732190000000000000","#
        + #""attributes":[{"key":"server.address","value":{"stringValue":"api.example"}},{"key":"n","value":{"intValue":"5"}}]},{"traceId":"1","name":"b","kind":2}]}]}]}"#

    static func s3Access(_ status: String) -> String {
        let owner = String(repeating: "7", count: 64)
        return #"\#(owner) orders [21/Nov/2026:10:00:00 +0000] 198.51.100.7 - 3E57427F3EXAMPLE REST.GET.OBJECT a.csv "GET /a.csv HTTP/1.1" \#(status) - 113 - 7 - "-" "#
            + #""Console "quoted"/0.4" - s9lz= SigV4 ECDHE AuthHeader orders.s3.eu-west-1.amazonaws.com TLSV1.2 - -"#
    }
}
