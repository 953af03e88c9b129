import CEL
import Policy
import Residency
import Testing

@Suite struct PlaceFunctionTests {
    private static let record: Value = [
        "region": "eu-west-1", "none": .null, "empty": "", "later": "unknown:known after apply", "number": 7, "one": ["a": 1],
        "many": ["a", "b"],
        "arn": "arn:aws:kms:eu-west-1:111122223333:key/abc:def", "bucket": "arn:aws:s3:::acme-logs",
        "user": "arn:aws:iam::111122223333:user/x",
        "url": "https://User@SQS.us-east-1.amazonaws.com:443/q?x#y", "caller": "203.0.113.7", "service": "config.amazonaws.com",
        "words": "AWS Internal",
        "six": "2001:db8::1", "job": "projects/p/locations/europe-west1/jobs/j",
    ]

    private static let names: NameForms = {
        var names = NameForms()
        names.add("arn:{partition}:{service}:{region}:{account}:{name}", provider: "aws")
        names.add("/things/{account}/{name}")
        names.addRegionPath("projects/{project}/locations/{region}", provider: "gcp")
        return names
    }()

    /// An expression over `resource`, and its value, or a part of its error.
    static let rows: [(String, Value)] = [
        ("region(resource.region)", "region:aws/eu-west-1"),
        ("zone(resource.region + 'a')", "region:aws/eu-west-1a"),
        ("region(resource.none)", "unknown:no region is given"),
        ("region(resource.empty)", "unknown:no region is given"),
        ("region(resource.later)", "unknown:known after apply"),
        ("country(resource.later)", "unknown:known after apply"),
        ("placeOf(resource.arn)", "region:aws/eu-west-1"),
        ("placeOf(resource.bucket)", "resource:arn:aws:s3:::acme-logs"),
        ("placeOf('acme-logs')", "resource:acme-logs"),
        ("placeOf(named('arn:aws:s3:::', 'acme-logs'))", "resource:arn:aws:s3:::acme-logs"),
        ("placeOf(named('arn:aws:s3:::', resource.arn))", "region:aws/eu-west-1"),
        ("placeOf(named('arn:aws:s3:::', resource.bucket))", "resource:arn:aws:s3:::acme-logs"),
        ("placeOf(named('arn:aws:s3:::', resource.later))", "unknown:known after apply"),
        ("placeOf(named('arn:aws:s3:::', resource.?nothing))", "unknown:no resource is named"),
        ("placeOf(named('arn:aws:s3:::', resource.empty))", "unknown:no resource is named"),
        ("placeOf(resource.job)", "region:gcp/europe-west1"),
        ("placeOf(null)", "unknown:no resource is named"),
        ("host(resource.url)", "host:sqs.us-east-1.amazonaws.com"),
        ("host('example.com:8443')", "host:example.com"),
        ("host('https://[2001:db8::1]:443/')", "host:2001:db8::1"),
        ("address(resource.caller)", "ip:203.0.113.7"),
        ("address(resource.six)", "ip:2001:db8::1"),
        ("address(resource.service)", "host:config.amazonaws.com"),
        ("address(resource.words)", "unknown:`AWS Internal` is neither an address nor a host"),
        ("address('201.252.42.03')", "unknown:`201.252.42.03` is not an internet address"),
        ("country('de')", "country:DE"),
        ("country('deu')", "country:DE"),
        ("country('GBR')", "country:GB"),
        ("country('CA-QC')", "country:CA-QC"),
        ("country('xyz')", "unknown:`xyz` is no country's code"),
        ("country('Germany')", "unknown:`Germany` is no country's code"),
        ("unknown('nobody says')", "unknown:nobody says"),
        ("paired(region('westeurope'))", "paired:region:aws/westeurope"),
        ("paired(placeOf('acme-logs'))", "paired:resource:acme-logs"),
        ("paired(region(resource.later))", "unknown:known after apply"),
        ("json('{\"a\": [1, \"x\"]}').a[1]", "x"),
        ("json(resource.one).a == 1 ? 'one' : ''", "one"),
        ("string(size(json('accepted {')))", "0"),
        ("json(resource.later)", "unknown:known after apply"),
        ("string(size(json(resource.?nothing)))", "0"),
        ("placeOf('//run.example.com/Projects/p/locations/europe-west1')", "region:gcp/europe-west1"),
        ("placeOf('projects/p/locations')", "resource:projects/p/locations"),
        ("placeOf('projects/p/x/locations/europe-west1')", "resource:projects/p/x/locations/europe-west1"),
        ("placeOf('/things/a/b')", "resource:/things/a/b"),
        ("part(resource.arn, 'region')", "eu-west-1"),
        ("part(resource.arn, 'account')", "111122223333"),
        ("part(resource.arn, 'service')", "kms"),
        ("part(resource.arn, 'name')", "key/abc:def"),
        ("part('/things/a/b', 'account')", "a"),
        ("part('/things/a/b', 'region')", ""),
        ("part(resource.bucket, 'region')", ""),
        ("part('acme-logs', 'region')", ""),
        ("part(resource.none, 'region')", ""),
        ("region(resource.?region)", "region:aws/eu-west-1"),
        ("region(resource.?lacking.?deeper)", "unknown:no region is given"),
        ("list(resource.?lacking)", []),
        ("list(resource.many)", ["a", "b"]),
        ("list(resource.region)", ["eu-west-1"]),
        ("list(resource.none)", []),
        ("list(resource.one).map(x, x.a)", [1]),
        ("resource.many.map(x, region(x))", ["region:aws/a", "region:aws/b"]),
    ]

    @Test(arguments: rows)
    func `a function makes the text of a place`(_ source: String, _ expected: Value) throws {
        let program = try ExpressionEnvironment.make(provider: "aws", names: Self.names).compile(source)
        #expect(program.evaluate([Self.record, .null, .null]) == .success(expected))
    }

    @Test(arguments: ["json('{\"location\": \"westeu')", "region(resource.number)", "country(resource.many)", "region(resource.lacking)", "address(item)", "region(event.x)"])
    func `what is no text and what is lacking is an error, never a place`(_ source: String) throws {
        let program = try ExpressionEnvironment.make(provider: "aws", names: Self.names).compile(source)
        guard case .failure = program.evaluate([Self.record, .null, 5]) else {
            Issue.record("`\(source)` has a value")
            return
        }
    }

    @Test func `a vector is told by the fields that it reads`() throws {
        let program = try ExpressionEnvironment.make(provider: "aws", names: Self.names).compile("region(event.requestParameters.region)")
        #expect(program.references == [Reference("event", ["requestParameters", "region"])])
    }
}
