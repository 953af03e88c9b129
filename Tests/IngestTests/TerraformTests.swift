import CEL
import Ingest
import Residency
import Testing

@Suite struct TerraformTests {
    private func place(_ reading: Reading, _ address: String) -> String? {
        reading.resources.first { $0.attributes.member("address") == .string(address) }?.place.text
    }

    @Test func `a state gives one resource for each instance, and none for data sources`() throws {
        let text = """
            {"version": 4, "terraform_version": "1.9.2", "serial": 7, "lineage": "x", "outputs": {}, "resources": [
             {"mode": "managed", "type": "aws_s3_bucket", "name": "a", "provider": "provider[\\"registry.terraform.io/hashicorp/aws\\"].west",
              "instances": [{"attributes": {"arn": "arn:aws:s3:::acme", "bucket": "acme", "id": "acme", "region": "eu-west-1", "tags": {"data": "customer"}}}]},
             {"module": "module.m[\\"x.y\\"]", "mode": "managed", "type": "google_storage_bucket", "name": "b", "provider": "provider[\\"registry.terraform.io/hashicorp/google\\"]",
              "instances": [{"index_key": 0, "attributes": {"id": "b0", "location": "EU", "project": "p", "labels": {"data": "log"}}},
                            {"index_key": "k", "attributes": {"id": "b1", "location": "europe-west1", "project": "p"}}]},
             {"mode": "data", "type": "aws_region", "name": "now", "provider": "provider[\\"registry.terraform.io/hashicorp/aws\\"]", "instances": [{"attributes": {}}]},
             {"mode": "managed", "type": "azurerm_storage_account", "name": "c", "provider": "provider[\\"registry.terraform.io/hashicorp/azurerm\\"]",
              "instances": [{"attributes": {"id": "/subscriptions/s1/resourceGroups/g", "location": "West Europe"}}]}]}
            """
        let reading = try read(text)
        #expect(reading.outcome.format == "terraform-state")
        #expect(reading.outcome.records == 5 && reading.outcome.resources == 4 && reading.outcome.malformed == 0)
        #expect(reading.resources.map(\.provider) == ["aws", "gcp", "gcp", "azure"])
        #expect(reading.resources.map(\.account) == ["", "p", "p", "s1"])
        #expect(reading.resources[0].id == "arn:aws:s3:::acme" && reading.resources[0].aliases == ["aws_s3_bucket.a", "acme"])
        #expect(reading.resources[0].tags == ["data": "customer"] && reading.resources[1].tags == ["data": "log"])
        #expect(place(reading, "aws_s3_bucket.a") == "region:aws/eu-west-1")
        #expect(place(reading, #"module.m["x.y"].google_storage_bucket.b[0]"#) == "region:gcp/EU")
        #expect(place(reading, #"module.m["x.y"].google_storage_bucket.b["k"]"#) == "region:gcp/europe-west1")
        #expect(place(reading, "azurerm_storage_account.c") == "region:azure/westeurope")
        #expect(reading.resources[2].pointer == "/resources/1/instances/1")
        #expect(reading.resources[0].attributes.member("values")?.member("bucket") == "acme")
    }

    @Test func `a state of version 3 is read as far as it tells`() throws {
        let text = """
            {"version": 3, "terraform_version": "0.11.7", "serial": 1, "modules": [{"path": ["root", "m"], "resources": {
             "aws_s3_bucket.a.0": {"type": "aws_s3_bucket", "provider": "provider.aws", "primary": {"id": "x", "attributes": {"id": "x", "region": "us-east-1", "tags.%": "1", "tags.data": "customer"}}},
             "data.aws_region.r": {"type": "aws_region", "primary": {"id": "y"}}}}]}
            """
        let reading = try read(text)
        #expect(reading.outcome.records == 2 && reading.resources.count == 1)
        #expect(reading.resources[0].tags == ["data": "customer"] && reading.resources[0].provider == "aws")
        #expect(reading.resources[0].attributes.member("address") == "module.m.aws_s3_bucket.a.0")
    }

    private static let plan = """
        {"format_version": "1.2", "terraform_version": "1.9.2", "variables": {"region": {"value": "eu-central-1"}},
         "planned_values": {"root_module": {
           "resources": [
             {"address": "aws_s3_bucket.a", "mode": "managed", "type": "aws_s3_bucket", "name": "a", "provider_name": "registry.terraform.io/hashicorp/aws", "values": {"bucket": "a", "tags_all": {"data": "customer"}}},
             {"address": "aws_sqs_queue.q", "mode": "managed", "type": "aws_sqs_queue", "name": "q", "provider_name": "registry.terraform.io/hashicorp/aws", "values": {"name": "q", "list": [{"x": 1}, {}]}},
             {"address": "aws_db_instance.v6", "mode": "managed", "type": "aws_db_instance", "name": "v6", "provider_name": "registry.terraform.io/hashicorp/aws", "values": {"region": "ap-southeast-2"}},
             {"address": "google_sql_database_instance.unknown", "mode": "managed", "type": "google_sql_database_instance", "name": "unknown", "provider_name": "registry.terraform.io/hashicorp/google", "values": {}},
             {"address": "data.aws_region.r", "mode": "data", "type": "aws_region", "name": "r", "values": {}}],
           "child_modules": [{"address": "module.m[\\"k.l\\"]", "resources": [
             {"address": "module.m[\\"k.l\\"].aws_sqs_queue.q", "mode": "managed", "type": "aws_sqs_queue", "name": "q", "provider_name": "registry.terraform.io/hashicorp/aws", "values": {"name": "q2"}}]}]}},
         "resource_changes": [
           {"address": "aws_s3_bucket.a", "mode": "managed", "type": "aws_s3_bucket", "name": "a", "change": {"actions": ["create"], "after_unknown": {"arn": true, "rule": [{"id": true}]}}},
           {"address": "aws_sqs_queue.q", "mode": "managed", "type": "aws_sqs_queue", "name": "q", "change": {"actions": ["create"], "after_unknown": {"list": [{}, {"y": true}]}}},
           {"address": "google_sql_database_instance.unknown", "mode": "managed", "type": "google_sql_database_instance", "name": "unknown", "change": {"actions": ["create"], "after_unknown": {"region": true}}},
           {"address": "aws_s3_bucket.old", "mode": "managed", "type": "aws_s3_bucket", "name": "old", "change": {"actions": ["delete"], "before": {"bucket": "old"}, "after": null, "after_unknown": false}}],
         "configuration": {
           "provider_config": {
             "aws": {"name": "aws", "expressions": {"region": {"references": ["var.region"]}}},
             "aws.west": {"name": "aws", "alias": "west", "expressions": {"region": {"constant_value": "us-west-2"}}}},
           "root_module": {
             "resources": [{"address": "aws_s3_bucket.a", "type": "aws_s3_bucket", "name": "a", "provider_config_key": "aws"},
                           {"address": "aws_sqs_queue.q", "type": "aws_sqs_queue", "name": "q", "provider_config_key": "aws.west"}],
             "module_calls": {"m": {"module": {"resources": [{"address": "aws_sqs_queue.q", "type": "aws_sqs_queue", "name": "q", "provider_config_key": "aws.west"}]}}}}}}
        """

    @Test func `a plan is read as what will exist`() throws {
        let reading = try read(Self.plan)
        #expect(reading.outcome.format == "terraform-plan")
        #expect(reading.outcome.records == 7 && reading.outcome.resources == 5 && reading.outcome.malformed == 0)
        #expect(reading.messages == ["1 resources will be deleted by this plan and are not judged"])
        #expect(reading.outcome.pointers.pointer(6) == "/resource_changes/3")
        #expect(reading.resources.last?.pointer == "/planned_values/root_module/child_modules/0/resources/0")
    }

    @Test func `a region comes from the resource, its provider's constant or variable, an alias, or is unknown`() throws {
        let reading = try read(Self.plan)
        #expect(place(reading, "aws_s3_bucket.a") == "region:aws/eu-central-1")
        #expect(place(reading, "aws_sqs_queue.q") == "region:aws/us-west-2")
        #expect(place(reading, "aws_db_instance.v6") == "region:aws/ap-southeast-2")
        #expect(place(reading, #"module.m["k.l"].aws_sqs_queue.q"#) == "region:aws/us-west-2")
        #expect(place(reading, "google_sql_database_instance.unknown") == "unknown:known after apply")
    }

    /// A bucket whose region the plan does not know yet.
    private static func bucket(_ expressions: String, provider: String) -> String {
        """
        {"format_version": "1.2", "terraform_version": "1.9.2",
         "resource_changes": [{"address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "name": "b",
           "provider_name": "registry.terraform.io/hashicorp/aws",
           "change": {"actions": ["create"], "before": null, "after": {"bucket": "b"}, "after_unknown": {"region": true, "arn": true}}}],
         "configuration": {"provider_config": {"aws": {"name": "aws", "expressions": {\(provider)}}},
           "root_module": {"resources": [{"address": "aws_s3_bucket.b", "mode": "managed", "type": "aws_s3_bucket", "name": "b",
             "provider_config_key": "aws", "expressions": {\(expressions)}}]}}}
        """
    }

    @Test(arguments: [
        ("", "\"region\": {\"constant_value\": \"eu-west-1\"}", nil, "region:aws/eu-west-1", "the provider's, since the resource sets none"),
        ("\"region\": {\"references\": [\"var.x\"]}", "\"region\": {\"constant_value\": \"eu-west-1\"}", nil, "unknown:known after apply", "it sets one"),
        ("", "", "eu-north-1", "region:aws/eu-north-1", "what the user states, where the file says nothing"),
        ("", "\"region\": {\"constant_value\": \"eu-west-1\"}", "eu-north-1", "region:aws/eu-west-1", "the file counts first"),
    ] as [(String, String, String?, String, String)])
    func `a region that nobody sets is the provider's`(_ expressions: String, _ provider: String, _ stated: String?, _ expected: String, _ why: String) throws {
        let reading = try read(Self.bucket(expressions, provider: provider), ReadPlan(stated: StatedOrigin(region: stated)))
        #expect(place(reading, "aws_s3_bucket.b") == expected, "\(why)")
        let shown = expected.hasPrefix("unknown:") ? expected : String(expected.split(separator: "/")[1])
        #expect(reading.resources.first?.attributes.member("region") == .string(shown), "the reason stays with the record")
    }

    @Test(arguments: [
        (#"{"references": ["var.places.second", "var.places"]}"#, "region:aws/us-east-1", "a part of a variable"),
        (#"{"references": ["var.list[1]", "var.list"]}"#, "region:aws/us-west-2", "an element of one"),
        (#"{"references": ["var.one", "var.two"]}"#, "unknown:", "of two variables nobody says how they are used"),
        (#"{"references": ["var.missing"]}"#, "unknown:", "a variable that the plan does not hold"),
    ])
    func `a provider's region is a variable's value only where it is one variable`(_ region: String, _ expected: String, _ why: String) throws {
        let variables = #""variables": {"places": {"value": {"second": "us-east-1"}}, "list": {"value": ["a", "us-west-2"]}, "one": {"value": "eu-west-1"}, "two": {"value": "eu-west-2"}}, "#
        let text = Self.bucket("", provider: "\"region\": \(region)").replacing("{\"format_version\"", with: "{\(variables)\"format_version\"")
        #expect(place(try read(text), "aws_s3_bucket.b")?.hasPrefix(expected) == true, "\(why)")
    }

    @Test(arguments: [
        (#"{"constant_value": "us-east-1"}"#, "region:aws/us-east-1"), (#"{"references": ["var.home"]}"#, "region:aws/eu-west-1"),
        (#"{"references": ["local.x"]}"#, "unknown:"),
    ])
    func `a provider of a module means the module's variables, not the root's`(_ argument: String, _ expected: String) throws {
        let text = """
            {"format_version": "1.2", "variables": {"region": {"value": "ap-south-1"}, "home": {"value": "eu-west-1"}},
             "planned_values": {"root_module": {"child_modules": [{"address": "module.m", "resources": [
               {"address": "module.m.aws_sqs_queue.q", "mode": "managed", "type": "aws_sqs_queue", "name": "q", "provider_name": "aws", "values": {}}]}]}},
             "configuration": {
               "provider_config": {"module.m:aws": {"name": "aws", "module_address": "module.m", "expressions": {"region": {"references": ["var.region"]}}}},
               "root_module": {"module_calls": {"m": {"expressions": {"region": \(argument)}, "module": {"variables": {"region": {"default": "sa-east-1"}},
                 "resources": [{"address": "aws_sqs_queue.q", "type": "aws_sqs_queue", "name": "q", "provider_config_key": "module.m:aws"}]}}}}}}
            """
        #expect(place(try read(text), "module.m.aws_sqs_queue.q")?.hasPrefix(expected) == true)
        let given = text.replacing("\"expressions\": {\"region\": \(argument)}", with: "\"expressions\": {}")
        #expect(place(try read(given), "module.m.aws_sqs_queue.q") == "region:aws/sa-east-1", "the variable's default")
    }

    @Test func `what is forgotten stays, what is put off comes, and planning that failed is not whole`() throws {
        func change(_ name: String, _ actions: String, before: String, after: String) -> String {
            #"{"address": "aws_s3_bucket.\#(name)", "mode": "managed", "type": "aws_s3_bucket", "name": "\#(name)", "change": {"actions": [\#(actions)], "before": \#(before), "after": \#(after)}}"#
        }
        let text = """
            {"format_version": "1.2", "planned_values": {"root_module": {}}, "errored": true, "resource_changes": [
              \(change("gone", "\"delete\"", before: #"{"region": "us-east-1"}"#, after: "null")),
              \(change("left", "\"forget\"", before: #"{"region": "us-east-2"}"#, after: "null"))],
             "deferred_changes": [{"reason": "instance_count_unknown", "resource_change": \(change("later", "\"create\"", before: "null", after: #"{"region": "us-west-1"}"#))}]}
            """
        let reading = try read(text)
        #expect(reading.resources.map { "\($0.id) \($0.place.text)" } == ["aws_s3_bucket.left region:aws/us-east-2", "aws_s3_bucket.later region:aws/us-west-1"])
        #expect(reading.outcome.malformed == 1 && reading.messages == [
            "1 resources will be deleted by this plan and are not judged", "1 resources will be forgotten by Terraform, not deleted, and are judged as they were",
            "1 changes are put off to a later plan and are judged as far as this one knows them", "planning ended with an error: what was not planned is not here",
        ])
    }

    @Test func `what azapi makes is a resource of Azure, whichever way its body is kept`() throws {
        for body in [
            #"{"properties": {"locations": [{"locationName": "eastus"}]}}"#, #""{\"properties\": {\"locations\": [{\"locationName\": \"eastus\"}]}}""#,
            #"{"type": ["object", {}], "value": {"properties": {"locations": [{"locationName": "eastus"}]}}}"#,
        ] {
            let text = """
                {"version": 4, "terraform_version": "1.9.2", "serial": 7, "lineage": "x", "resources": [{"mode": "managed", "type": "azapi_resource", "name": "c",
                  "provider": "provider[\\"registry.terraform.io/azure/azapi\\"]", "instances": [{"attributes": {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.DocumentDB/databaseAccounts/c",
                    "type": "Microsoft.DocumentDB/databaseAccounts@2023-04-15", "location": "westeurope", "body": \(body)}}]}]}
                """
            let resource = try #require(try read(text).resources.first)
            #expect(resource.type == "microsoft.documentdb/databaseaccounts" && resource.place.text == "region:azure/westeurope" && resource.account == "s")
            #expect(resource.attributes.member("properties")?.member("locations")?.elements?.first?.member("locationName") == "eastus")
            #expect(resource.attributes.member("location") == "westeurope" && resource.attributes.member("address") == "azapi_resource.c")
        }
    }

    @Test func `a state of nothing is a state`() throws {
        #expect(try read(#"{"format_version":"1.0"}"#).outcome.format == "terraform-state")
    }

    @Test func `what will be known only after an apply says so where it stands`() throws {
        let reading = try read(Self.plan)
        let bucket = try #require(reading.resources.first?.attributes.member("values"))
        #expect(bucket.member("arn") == "unknown:known after apply")
        #expect(bucket.member("rule")?.elements?.first?.member("id") == "unknown:known after apply")
        #expect(bucket.member("bucket") == "a")
        let list = reading.resources[1].attributes.member("values")?.member("list")?.elements
        #expect(list?[0].member("x") == 1 && list?[1].member("y") == "unknown:known after apply")
        #expect(reading.resources[0].id == "aws_s3_bucket.a", "an unknown ARN is no name")
    }

    @Test func `terraform show of a state is a state`() throws {
        let text =
            #"{"format_version":"1.0","terraform_version":"1.9","values":{"root_module":{"resources":[{"address":"aws_sqs_queue.q","mode":"managed","type":"aws_sqs_queue","name":"q","provider_name":"aws","values":{"arn":"arn:aws:sqs:eu-west-1:1:q"}}]}}}"#
        let reading = try read(text)
        #expect(reading.outcome.format == "terraform-state" && reading.resources.map(\.account) == ["1"])
        #expect(place(reading, "aws_sqs_queue.q") == "region:aws/eu-west-1")
    }

    @Test func `lines that continuous integration puts around a plan are left out`() throws {
        let reading = try read("[command]/usr/bin/terraform show -json\n\(Self.plan)\n::debug::done\n")
        #expect(reading.outcome.resources == 5 && reading.outcome.malformed == 0)
    }

    @Test func `a plan that is not JSON to its end gives nothing and says where`() throws {
        for text in [Self.plan + "}", String(Self.plan.dropLast(2))] {
            let reading = try read(text)
            #expect(reading.outcome.resources == 0 && reading.outcome.malformed == 1)
            #expect(reading.outcome.diagnostics.first?.byte != nil)
        }
    }

    @Test func `a state that is cut or broken gives the resources before and after the flaw`() throws {
        let block = #"{"mode":"managed","type":"aws_sqs_queue","name":"q","instances":[{"attributes":{"id":"x"}}]}"#
        let cut = try read(#"{"version":4,"serial":1,"resources":[\#(block),\#(block),{"mode":"man"#)
        #expect(cut.outcome.resources == 2 && cut.outcome.malformed == 1)
        let broken = try read(#"{"version":4,"serial":1,"resources":[\#(block),{"mode" "managed"},\#(block)],"lineage":"l"}"#)
        #expect(broken.outcome.resources == 2 && broken.outcome.malformed == 1)
        #expect(broken.resources.map(\.pointer) == ["/resources/0/instances/0", "/resources/2/instances/0"])
        let empty = try read(#"{"version":4,"terraform_version":"1.9.2","serial":1,"lineage":"l","resources":[]}"#)
        #expect(empty.outcome.format == "terraform-state" && empty.outcome.records == 0 && empty.outcome.malformed == 0)
        let two = try read(#"{"version":4,"serial":1,"resources":[]} {"else":1}"#)
        #expect(two.outcome.malformed == 1)
    }
}
