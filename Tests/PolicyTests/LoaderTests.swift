import CEL
import Policy
import Residency
import Testing

@Suite struct LoaderTests {
    private let policy = """
        policy: eu-hosting
        title: Data of EU workspaces is stored and processed in the EU
        basis: [GDPR Art. 44, C5 PSS-12]
        severity: critical
        applies_to:
          data: [customer]
          tenants: {home: eu, names: ["acme*"]}
          systems: billing
          accounts: ["011122223333"]
          providers: [aws]
        require:
          stored: {in: eu}
          accessed: {in: [eu, eu-adequate], severity: low, basis: contract}
        allow:
          - {processor: billing, activity: [transferred, copied], to: us, basis: SCC 2021/914, until: 2027-06-30}
          - {resource: "logs-*", to: [US, "aws:us-east-1"], basis: consent}
        coverage: {accounts: [011122223333], regions: [eu-west-1], logs: {every: 90m}}
        cases:
          - name: in Ireland
            given: [{activity: stored, place: "aws:eu-west-1", id: b, data: customer, home: eu}]
            expect: satisfied
          - name: in Virginia
            given:
              - {activity: stored, place: "region:aws/us-east-1", attempted: true}
              - {activity: accessed, place: unknown}
            expect: {stored: violated, accessed: unresolved, coverage: none}
        """

    @Test func `a policy is what its file says`() throws {
        let (book, found) = Samples.load(policy)
        #expect(found == [])
        let policy = try #require(book.policies.first)
        #expect(policy.id == "eu-hosting" && policy.severity == .critical && policy.basis.count == 2 && policy.line == 1)
        #expect(policy.scope.data == ["customer"] && policy.scope.homes == ["eu"] && policy.scope.tenants == ["acme*"])
        #expect(policy.scope.systems == ["billing"] && policy.scope.accounts == ["011122223333"] && policy.scope.providers == ["aws"])
        #expect(policy.requirements.map(\.activity) == [.accessed, .stored])
        #expect(policy.requirements.map(\.severity) == [.low, .critical])
        #expect(policy.requirements.map(\.basis) == [["contract"], ["GDPR Art. 44", "C5 PSS-12"]])
        #expect(policy.requirements.map(\.line) == [13, 12])
        #expect(policy.requirements[0].jurisdictions == ["eu", "eu-adequate"])
        #expect(policy.allowances.map(\.activity) == [.transferred, .copied, .transferred])
        // The end of 30 June 2027 in UTC.
        #expect(policy.allowances.map(\.until) == [1_814_400_000, 1_814_400_000, nil])
        #expect(policy.allowances[2].resource == "logs-*" && policy.allowances[2].to == ["US", "aws:us-east-1"])
        #expect(policy.coverage.accounts == ["011122223333"] && policy.coverage.logsEvery == 5400)
        #expect(policy.digest == Samples.digest(self.policy))
    }

    @Test func `the cases of a policy are kept with their lines`() throws {
        let cases = try #require(Samples.load(policy).0.policies.first).cases
        #expect(cases.map(\.name) == ["in Ireland", "in Virginia"] && cases.map(\.line) == [19, 22])
        #expect(cases[0].overall == .satisfied && cases[0].expect.isEmpty)
        #expect(
            cases[1].overall == nil
                && cases[1].expect == ["stored": .violated, "accessed": .unresolved, "coverage": PolicyCase.Expected.none])
        #expect(cases[0].given[0].place == .region(provider: "aws", name: "eu-west-1") && cases[0].given[0].home == "eu")
        #expect(cases[0].given[0].provider == "aws")
        #expect(cases[1].given[0].attempted && cases[1].given[1].place == .unknown("the case says so"))
    }

    @Test func `one file may hold several documents and lists`() {
        let text = """
            policy: a
            title: A
            require: {stored: {in: eu}}
            ---
            - {policy: b, title: B, require: {stored: {in: eu}}}
            - {policy: c, title: C, require: {stored: {in: eu}}}
            ---
            subjects: {rules: [{names: ["x-*"], data: customer}]}
            waivers:
              - {policy: a, subject: x, reason: r, owner: o, expires: 2027-01-01}
            ---
            """
        let (book, found) = Samples.load(text)
        #expect(found == [])
        #expect(book.policies.map(\.id) == ["a", "b", "c"])
        #expect(book.waivers.count == 1 && book.subjects.rules.count == 1)
    }

    @Test func `a vector is what its file says`() throws {
        let text = """
            vectors:
              - id: aws.dynamodb.global-table
                says: table data is replicated to {place}
                activity: copied
                resource: [AWS::DynamoDB::Table, aws_dynamodb_table]
                when: has(resource.replicas)
                each: resource.replicas
                subject: resource.id
                place: region(item.regionName)
                confidence: low
                reference: DynamoDB API
                since: 2026-11
                cases:
                  - name: a replica
                    resource: {type: T, n: 3, f: 1.5, b: true, z: null, list: [a], text: "3"}
                    expect: [{place: "aws:us-east-1", subject: t, attempted: true}, {place: unknown}]
              - id: aws.kms.replicate
                says: a key is at {place}
                activity: key-held
                event: {service: kms, action: [ReplicateKey, Get*]}
                place: region(event.region)
                reference: KMS API
                cases:
                  - event: {eventName: ReplicateKey}
                    expect: []
            types:
              - {holds: nothing, why: configuration, types: [AWS::IAM::Role, "aws_iam_*"]}
            blind:
              - {source: aws-config, types: [AWS::EFS::FileSystem], says: cannot show replication}
            """
        let (book, found) = Samples.load(text)
        #expect(found == [])
        let vectors = book.catalogue.vectors.filter { $0.file == "policies/test.yaml" }
        #expect(vectors.map(\.id) == ["aws.dynamodb.global-table", "aws.kms.replicate"])
        #expect(vectors[0].trigger == .resource(types: ["AWS::DynamoDB::Table", "aws_dynamodb_table"]))
        #expect(vectors[1].trigger == .event(service: "kms", actions: ["ReplicateKey", "Get*"]))
        #expect(vectors[0].lowConfidence && !vectors[1].lowConfidence && vectors[0].provider == "aws")
        #expect(vectors[0].place.source == "region(item.regionName)" && vectors[0].place.line == 9 && vectors[0].place.column == 12)
        #expect(vectors[0].cases.count == 1 && vectors[0].cases[0].expect.count == 2 && vectors[0].cases[0].expect[0].attempted)
        #expect(vectors[0].cases[0].expect.map(\.place) == ["region:aws/us-east-1", "unknown"])
        guard case .resource(let value) = vectors[0].cases[0].record else { throw Unexpected() }
        #expect(value == ["type": "T", "n": 3, "f": 1.5, "b": true, "z": .null, "list": ["a"], "text": "3"])
        #expect(vectors[1].cases[0].name == "line 24" && vectors[1].cases[0].expect.isEmpty)
        #expect(book.catalogue.dataless == [.init(provider: "aws", types: ["AWS::IAM::Role", "aws_iam_*"], why: "configuration")])
        #expect(book.catalogue.blindSpots.map(\.source) == ["aws-config"])
    }

    private struct Unexpected: Error {}

    @Test func `a user's file overrides what is built in`() {
        let (book, found) = Samples.load(
            """
            provider: aws
            places: [{name: eu-west-1, country: FR}]
            networks: [{cidr: 203.0.113.0/24, country: FR}, {cidr: 198.51.100.0/24, place: "aws:eu-central-1"}]
            jurisdictions:
              - {id: uk, countries: [GB, GG]}
              - {id: eu-adequate, countries: [JP]}
            """)
        #expect(found == [])
        #expect(book.gazetteer.resolve(.region(provider: "aws", name: "eu-west-1")).location.codes == ["FR"])
        #expect(book.gazetteer.resolve(.address("203.0.113.1")).location.codes == ["FR"])
        #expect(book.gazetteer.resolve(.address("198.51.100.1")).location.codes == ["DE"])
        #expect(book.jurisdictions.members(of: "uk", on: "2026-11-22")?.countries.map(\.code) == ["GB", "GG"])
        // Without a version it is the whole truth: the built-in version must not win.
        #expect(book.jurisdictions.members(of: "eu-adequate", on: "2026-11-22")?.countries.map(\.code) == ["JP"])
        #expect(book.jurisdictionsDigest != Samples.load("policy: x\ntitle: X\nrequire: {stored: {in: eu}}").0.jurisdictionsDigest)
    }

    @Test func `norway is a country`() {
        let (book, found) = Samples.load("jurisdictions: [{id: north, countries: [NO, SE]}]")
        #expect(found == [])
        #expect(book.jurisdictions.members(of: "north", on: "2026-11-22")?.countries.map(\.code) == ["NO", "SE"])
    }

    static let tenantFiles: [(String, String)] = [
        (
            "t.yaml",
            "tenants:\n  - {tenant: acme, home: eu, names: [\"acme-*\"], accounts: [011122223333]}\n  - {tenant: globex, home: us}\n"
        ),
        ("t.yaml", "acme: {home: eu, names: [\"acme-*\"], accounts: [\"011122223333\"]}\nglobex: us\n"),
        ("t.csv", "tenant,home,names,accounts\nacme,eu,acme-*,011122223333\n\n# a comment\nglobex,us\n"),
        ("t", "Tenant, Home, Names, Accounts\r\n\"acme\",eu,\"acme-*\",011122223333\r\nglobex,us\r\n"),
        ("t.csv", "\u{FEFF}home,tenant,accounts,names\nus,globex\neu,acme,011122223333,acme-*\n"),
    ]

    @Test(arguments: tenantFiles)
    func `tenants may be a list, a map or CSV`(_ path: String, _ text: String) {
        let (book, found) = Samples.load([], tenants: Samples.file(path, text))
        #expect(found == [])
        #expect(
            book.tenants == [
                Tenant(name: "acme", home: "eu", names: ["acme-*"], accounts: ["011122223333"]), Tenant(name: "globex", home: "us"),
            ])
    }

    @Test func `a waiver holds to the end of its last day`() throws {
        let text = """
            waivers:
              - policy: eu-hosting
                requirement: [stored, coverage]
                subject: "acme-*"
                reason: migration
                owner: platform@example.com
                approver: dpo@example.com
                ticket: SEC-1
                expires: 2027-01-31
                category: mitigated
            """
        let (book, found) = Samples.load([], waivers: [Samples.file("w.yaml", text)])
        #expect(found == [])
        let waiver = try #require(book.waivers.first)
        #expect(waiver.expires == 1_801_440_000 && waiver.note.expires == "2027-01-31" && waiver.note.category == .mitigated)
        #expect(waiver.requirements == ["stored", "coverage"] && waiver.subject == "acme-*" && waiver.line == 2)
    }

    @Test func `waivers may be a bare list`() {
        let text = "- {policy: eu-hosting, subject: a, reason: r, owner: o, expires: 2027-01-31}\n"
        let (book, found) = Samples.load([], waivers: [Samples.file("w.yaml", text)])
        #expect(found == [] && book.waivers.count == 1)
    }

    @Test func `rules of subjects are kept and tags replace the usual ones`() {
        let (book, found) = Samples.load(
            """
            subjects:
              tags: {data: [class], home: []}
              rules:
                - {names: ["acme-*"], types: ["AWS::*"], accounts: ["1"], data: customer, tenant: acme, home: [eu, uk], system: billing}
            """)
        #expect(found == [])
        #expect(book.subjects.dataTags == ["class"] && book.subjects.homeTags == [] && book.subjects.tenantTags.contains("tenant"))
        #expect(book.subjects.rules.map(\.homes) == [["eu", "uk"]])
    }

    @Test func `the order of the files changes nothing but the waivers' order`() {
        let a = Samples.file("a.yaml", "policy: a\ntitle: A\nrequire: {stored: {in: north}}")
        let b = Samples.file("b.yaml", "jurisdictions: [{id: north, any: [cold]}]")
        let c = Samples.file("c.yaml", "jurisdictions: [{id: cold, countries: [NO]}]")
        for files in [[a, b, c], [c, b, a], [b, a, c]] {
            let (book, found) = Samples.load(files)
            #expect(found == [] && book.policies.count == 1)
            #expect(book.jurisdictionsDigest == Samples.load([a, b, c]).0.jurisdictionsDigest)
        }
    }

    static let broken: [[UInt8]] = [
        [], [0], [0xFF, 0xFE, 0x00], Array("policy: \u{0}".utf8), Array("\u{FEFF}policy: x".utf8), Array("---\n---\n...\n".utf8),
        Array("- - - -".utf8),
        Array("&a [*a]".utf8), Array("!!map x".utf8), Array("%YAML 9.9\n---\na: b".utf8), Array("a: |99\n b".utf8),
        Array("policy: {policy: {policy: x}}".utf8),
        Array(repeating: UInt8(ascii: "-"), count: 100_000), Array(repeating: UInt8(ascii: "["), count: 100_000),
        Array("a: ".utf8) + Array(repeating: UInt8(ascii: "x"), count: 200_000), Array(String(repeating: "- ", count: 5_000).utf8),
        Array((0..<2_000).map { String(repeating: " ", count: $0) + "a:\n" }.joined().utf8),
    ]

    @Test(arguments: broken.indices)
    func `no file brings the loader down`(_ index: Int) {
        let file = SourceFile(path: "x.yaml", bytes: Self.broken[index])
        let (book, found) = Samples.load([file], tenants: file, waivers: [file])
        #expect(book.policies.isEmpty)
        for one in found { #expect(one.rendered(source: file.bytes).count < 1_000) }
    }
}
