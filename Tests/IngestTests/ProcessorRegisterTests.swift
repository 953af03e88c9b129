import CEL
import Ingest
import Residency
import Testing

@Suite struct ProcessorRegisterTests {
    @Test func `YAML and CSV give the same processors`() throws {
        let yaml = """
            # who works for us
            processors:
              - name: mailer
                title: Mailer Inc.
                entity_country: US
                storage: [US, IE]
                processing: US
                data: [customer]
                transfer_basis: SCC 2021/914, module 2
                until: 2027-06-30
                hosts: [api.mailer.example]
            """
        let csv = """
            name,title,Entity country,storage,processing,data,transfer_basis,until,hosts
            mailer,Mailer Inc.,US,"US;IE",US,customer,"SCC 2021/914, module 2",2027-06-30,api.mailer.example
            """
        for text in [yaml, csv, csv.replacing("\n", with: "\r\n")] {
            let reading = try read(text)
            #expect(reading.outcome.format == "processor-register" && reading.outcome.records == 1, "\(reading.messages)")
            let processor = try #require(reading.resources.first)
            #expect(processor.provider == "register" && processor.type == "processor" && processor.id == "mailer")
            #expect(processor.aliases == ["Mailer Inc.", "api.mailer.example"])
            let values = try #require(processor.attributes.member("values"))
            #expect(values.member("storage") == ["US", "IE"] && values.member("processing") == ["US"])
            #expect(values.member("transfer_basis") == "SCC 2021/914, module 2" && values.member("until") == "2027-06-30")
        }
    }

    @Test func `NO is a country in storage, and a word in quotes or not`() throws {
        let reading = try read("processors:\n  - {name: x, storage: [NO, \"NO\"]}\n")
        #expect(reading.resources.first?.attributes.member("values")?.member("storage") == ["NO", "NO"])
    }

    @Test func `all that is wrong with an entry is told at once, with its line`() throws {
        let reading = try read("processors:\n  - {name: ok}\n  - {nam: x, procesing: [US], status: alive, storage: {a: 1}}\n")
        #expect(reading.outcome.records == 1 && reading.outcome.malformed == 1)
        #expect(reading.outcome.diagnostics.allSatisfy { $0.line == 3 })
        #expect(reading.messages.count == 5)
        #expect(reading.outcome.diagnostics.compactMap(\.hint) == ["did you mean `name`?", "did you mean `processing`?"])
    }

    @Test func `a text that is not YAML, and aliases without end, are refused`() throws {
        let broken = try read("processors:\n  - {name: [}\n")
        #expect(broken.outcome.malformed == 1 && broken.outcome.diagnostics.first?.line == 2)
        var laughs = "processors:\n  - &a {name: x, storage: [US, US, US, US, US, US, US, US, US]}\n"
        var last = "a"
        for letter in ["b", "c", "d", "e", "f", "g", "h", "i", "j"] {
            laughs += "  - &\(letter) {name: y, storage: [\(Array(repeating: "*\(last)", count: 9).joined(separator: ", "))]}\n"
            last = letter
        }
        let reading = try read(laughs)
        #expect(reading.outcome.malformed >= 1)
    }

    @Test func `a line with too many fields is told`() throws {
        let reading = try read("name,storage\na,US\nb,US,DE\n")
        #expect(reading.outcome.records == 1 && reading.messages == ["3 fields where the first line names 2"])
    }
}
