import CEL
import Foundation
import Ingest
import Residency
import Testing

/// The user's own tables by a mapping, and XML.
@Suite struct MappingTests {
    private static let yaml = """
        domicile-mapping: 1
        files: ["cmdb.*"]
        records: inventory/item
        resource:
          provider: azure
          type: $kind
          id: $asset
          name: "${asset} of ${owner}"
          account: $sub
          region: $location
          tags: {data: $class}
          aliases: [$host]
        values:
          type: {vm: microsoft.compute/virtualmachines}
          region: {Dublin: northeurope}
        """

    private func read(_ text: String, mapping yaml: String = yaml, name: String = "cmdb.txt") throws -> Reading {
        let scratch = Scratch()
        let file = try scratch.write("domicile-mapping.yaml", Array(yaml.utf8))
        let mapping = try #require(InputMapping.load(InputFile(path: file, name: "x/domicile-mapping.yaml")))
        let input = try scratch.write(name, Array(text.utf8))
        var reading = Reading(outcome: ReadOutcome())
        var resources: [Resource] = []
        reading.outcome = try InputReader().read(
            InputFile(path: input, name: "folder/\(name)"), plan: ReadPlan(mappings: [mapping]), hash: { _ in }, resources: { resources.append($0) },
            events: { _, _, _ in })
        reading.resources = resources
        return reading
    }

    @Test func `one mapping reads CSV, NDJSON, JSON and XML alike`() throws {
        let csv = "kind,asset,owner,sub,location,class,host\nvm,a1,ops,s1,Dublin,customer,a1.example\ndb,a2,dev,s2,eastus,,\n"
        let nd = #"{"kind":"vm","asset":"a1","owner":"ops","sub":"s1","location":"Dublin","class":"customer","host":"a1.example"}"# + "\n" + #"{"kind":"db","asset":"a2","owner":"dev","sub":"s2","location":"eastus"}"#
        let json = #"{"inventory":{"item":[{"kind":"vm","asset":"a1","owner":"ops","sub":"s1","location":"Dublin","class":"customer","host":"a1.example"},{"kind":"db","asset":"a2","owner":"dev","sub":"s2","location":"eastus"}]}}"#
        let xml = #"""
            <?xml version="1.0"?>
            <!DOCTYPE inventory>
            <inventory><note>x</note>
              <item kind="vm"><asset>a1</asset><owner>ops</owner><sub>s1</sub><location>Dublin</location><class><![CDATA[customer]]></class><host>a1.example</host></item>
              <item kind="db" asset="a2" owner="dev" sub="s2" location="eastus"/>
            </inventory>
            """#
        let noRecords = Self.yaml.replacingOccurrences(of: "records: inventory/item\n", with: "")
        for (text, mapping, pointers) in [
            (csv, Self.yaml, ["line:2", "line:3"]), (csv.replacingOccurrences(of: ",", with: ";"), Self.yaml, ["line:2", "line:3"]),
            (nd, noRecords, ["line:1", "line:2"]), (json, Self.yaml, ["/inventory/item/0", "/inventory/item/1"]),
            (xml, Self.yaml, ["/inventory/item[1]", "/inventory/item[2]"]),
        ] {
            let reading = try read(text, mapping: mapping)
            #expect(reading.outcome.format == "mapped" && reading.outcome.records == 2 && reading.outcome.malformed == 0, "\(text.prefix(20)) \(reading.messages)")
            try #require(reading.resources.count == 2)
            let (a, b) = (reading.resources[0], reading.resources[1])
            #expect(a.type == "microsoft.compute/virtualmachines" && b.type == "db" && a.provider == "azure")
            #expect(a.place == .region(provider: "azure", name: "northeurope") && b.place == .region(provider: "azure", name: "eastus"))
            #expect(a.account == "s1" && a.tags == ["data": "customer"] && a.aliases.contains("a1.example") && a.aliases.contains("a1 of ops"))
            #expect(reading.resources.map(\.pointer) == pointers)
        }
    }

    @Test func `a record that lacks what the mapping needs is malformed, with its line`() throws {
        let reading = try read("kind,asset\nvm,a1\nvm,\nvm,a3,x\n,a4\n")
        #expect(reading.resources.map(\.id) == ["a1"] && reading.outcome.malformed == 3)
        #expect(reading.outcome.diagnostics.compactMap(\.line) == [3, 4, 5])
        #expect(reading.resources.first?.place == .unknown("the record names no place"))
        let open = try read("kind,asset\nvm,\"a1\nvm,a2\n")
        #expect(open.outcome.malformed == 1 && open.messages == ["a quote is not closed"])
    }

    @Test func `a table larger than the window passes through it`() throws {
        var text = "kind,asset,location\n"
        for index in 0..<200_000 { text += "vm,asset-\(index),\"east\"\"us\n\"\n" }
        let reading = try read(text)
        #expect(reading.outcome.records == 200_000 && reading.outcome.malformed == 0, "\(reading.messages)")
        #expect(reading.resources.last?.pointer == "line:400000" && reading.resources.last?.id == "asset-199999")
    }

    @Test func `entities in XML are refused, whatever they would become`() throws {
        let item = "<inventory><item kind='vm' asset='a1'/><item kind='vm'><asset>&a;</asset></item></inventory>"
        let laughs = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]>"
        let reading = try read(laughs + item)
        #expect(reading.resources.isEmpty && reading.messages == ["declares entities, which are not expanded"])
        let outside = try read("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + item)
        #expect(outside.resources.isEmpty && outside.messages == ["declares entities, which are not expanded"])
        let cut = try read("<inventory>\n<item kind='vm' asset='a1'/>\n<item kind=")
        #expect(cut.resources.map(\.id) == ["a1"] && cut.outcome.malformed == 1 && cut.outcome.diagnostics.first?.line == 3, "\(cut.messages)")
    }

    @Test(arguments: [
        ("domicile-mapping: 1\nfiles: [a]\n", "`resource` is missing", 1), ("domicile-mapping: 1\nresource: {type: a, id: b}\n", "`files` is missing: which files is the mapping for?", 1),
        ("domicile-mapping: 1\nfiles: [a]\nresource: {type: a}\n", "`resource` has no `id`", 1), ("domicile-mapping: 1\nfile: [a]\n", nil, 2),
        ("domicile-mapping: 1\nfiles: [a]\nresource:\n  type: a\n  id: b\n  regoin: c\n", nil, 6), ("domicile-mapping: 1\nfiles: [a\n", nil, 3),
    ]) func `a mapping that is wrong says so with its line`(_ text: String, _ message: String?, _ line: Int) throws {
        let scratch = Scratch()
        let reading = try IngestTests.read(path: scratch.write("domicile-mapping.yaml", Array(text.utf8)))
        #expect(reading.outcome.format == "mapping" && reading.outcome.malformed == 1)
        if let message { #expect(reading.messages.contains(message), "\(reading.messages)") }
        #expect(reading.outcome.diagnostics.contains { $0.line == line }, "\(reading.outcome.diagnostics)")
    }
}
