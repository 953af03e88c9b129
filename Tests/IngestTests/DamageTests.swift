import Foundation
import Ingest
import Residency
import Testing

/// Every wrong input is counted, told with its place, and what is right in it is read all the same.
@Suite struct DamageTests {
    static let cases: [(name: String, text: String, events: [String], malformed: Int, message: String?)] = {
        let (a, b, c) = (event("A"), event("B"), event("C"))
        let cut = String(b.dropLast(30))
        return [
            ("cut in the middle of a list", #"{"Records":[\#(a),\#(cut)"#, ["A"], 1, "the text ends inside a value"),
            ("cut after a comma", #"{"Records":[\#(a),"#, ["A"], 1, "the text ends inside a value"),
            ("cut after a list", #"{"Records":[\#(a)]"#, ["A"], 1, "the text ends inside a value"),
            ("a line that is cut", "\(a)\n\(cut)\n\(c)\n", ["A", "C"], 1, nil),
            ("a line of something else", "\(a)\nhello\n\(c)", ["A", "C"], 1, "neither a number nor `true`, `false`, `null`"),
            ("two lines of something else", "\(a)\n!\nhello\n\(c)", ["A", "C"], 2, nil),
            ("a string that does not end", "\(a)\n{\"eventName\":\"\n\(c)", ["A", "C"], 1, nil),
            (
                "an element with a missing comma in it", #"[\#(a),{"eventName":"B" "eventSource":"s"},\#(c)]"#, ["A", "C"], 1,
                "`,` or a closing bracket is due here"
            ),
            ("an element with a missing colon", #"[\#(a),{"eventName" "B"},\#(c)]"#, ["A", "C"], 1, "`:` is due after a member's name"),
            ("an element that is a number", "[\(a),17,\(c)]", ["A", "C"], 1, "a record is not an object"),
            ("an element that is null", "[\(a),null,\(c)]", ["A", "C"], 1, "a record is not an object"),
            (
                "an event without a name", #"[\#(a),{"eventSource":"s3.amazonaws.com","awsRegion":"x"},\#(c)]"#, ["A", "C"], 1,
                "a record without `eventSource` and `eventName` is not a CloudTrail event"
            ),
            ("a missing comma between elements", "[\(a) \(b),\(c)]", ["A", "B", "C"], 1, "`,` or a closing bracket is due here"),
            ("brackets too many after an element", "[\(a)}},\(c)]", ["A", "C"], 1, "`,` or a closing bracket is due here"),
            ("a comma too many", "[\(a),,\(c)]", ["A"], 1, "a value is due here"),
            ("text after the document", #"{"Records":[\#(a)]} x"#, ["A"], 1, "neither a number nor `true`, `false`, `null`"),
            ("a bracket after the document", #"{"Records":[\#(a)]}}"#, ["A"], 1, "a value is due here"),
            (
                "invalid escapes in an envelope",
                #"[{"_raw":"{\"eventVersion\":\q,\"awsRegion\":1}"},{"_raw":"\#(a.replacingOccurrences(of: "\"", with: "\\\""))"}]"#,
                ["A"], 1, "a wrong escape in `_raw`"
            ),
            ("an envelope with a broken event", #"[{"_raw":"{\"eventVersion\":1,\"awsRegion\"}"},{"detail":\#(a)}]"#, ["A"], 1, nil),
            ("a number that is none", #"[\#(a),{"eventName":01},\#(c)]"#, ["A", "C"], 1, "neither a number nor `true`, `false`, `null`"),
        ]
    }()

    @Test(arguments: cases.indices) func `what is wrong is told and the rest is read`(_ index: Int) throws {
        let (name, text, events, malformed, message) = Self.cases[index]
        let reading = try read(text)
        #expect(reading.events.compactMap { $0.fields["eventName"] } == events.map { "\"\($0)\"" }, "\(name): \(reading.messages)")
        #expect(reading.outcome.malformed == malformed, "\(name): \(reading.messages)")
        if let message { #expect(reading.messages.contains(message), "\(name): \(reading.messages)") }
        #expect(reading.outcome.diagnostics.allSatisfy { $0.byte != nil }, "\(name)")
    }

    @Test func `bytes that are not UTF-8 make their record malformed, and only that`() throws {
        for bad: [UInt8] in [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0x80]] {
            var bytes = Array("[\(event("A")),".utf8)
            let place = bytes.count + 20
            bytes += Array(event("B").utf8)
            bytes.insert(contentsOf: bad, at: place)
            bytes += Array(",\(event("C"))]".utf8)
            let reading = try read(bytes)
            #expect(reading.events.map(\.fields["eventName"]) == [#""A""#, #""C""#], "\(bad)")
            #expect(reading.messages == ["not UTF-8"])
            #expect(abs((reading.outcome.diagnostics.first?.byte ?? 0) - place) < 5)
        }
    }

    @Test func `text that is not ASCII is UTF-8 like any other`() throws {
        let text = event("Ü").replacingOccurrences(of: #""b""#, with: #""müller/résumé/数据/😀""#)
        for shift in 0..<70 {
            let reading = try read(String(repeating: " ", count: shift) + text, plan(["requestParameters.bucketName"]))
            #expect(reading.events.first?.fields["requestParameters.bucketName"] == #""müller/résumé/数据/😀""#)
            #expect(reading.outcome.malformed == 0)
        }
    }

    @Test func `after the first flaw, parts that nobody asked for are checked too`() throws {
        let hidden = event("B", more: #","additionalEventData":{"x":tru}"#)
        #expect(try read("\(hidden)\n\(event("C"))").events.count == 2)
        let reading = try read("oops\n\(event("A"))\n\(hidden)\n\(event("C"))")
        #expect(reading.outcome.malformed == 2 || reading.outcome.format == "unknown")
        let before = try read("\(hidden)\n\(event("A"))\noops\n")
        #expect(before.events.count == 2 && before.outcome.malformed == 2)
        #expect(before.messages.contains { $0.hasPrefix("a record that was read is not JSON to its end") })
        let later = try read("\(event("A"))\noops\n\(hidden)\n\(event("C"))")
        #expect(later.events.map(\.fields["eventName"]) == [#""A""#, #""C""#])
        #expect(later.outcome.malformed == 2)
    }

    @Test func `nesting deeper than the limit is malformed and harms nothing`() throws {
        for (depth, fine) in [(400, true), (600, false), (10_000, false), (1_000_000, false)] {
            let deep = String(repeating: #"{"a":["#, count: depth / 2) + String(repeating: "]}", count: depth / 2)
            let text = "[\(event("A")),\(event("B", more: #","additionalEventData":\#(deep)"#)),\(event("C"))]"
            let reading = try read(text)
            #expect(reading.events.count == (fine ? 3 : 2), "\(depth)")
            #expect(reading.outcome.malformed == (fine ? 0 : 1), "\(depth)")
            if !fine { #expect(reading.messages == ["nested too deep"]) }
        }
    }

    @Test func `numbers of any size pass through as they are`() throws {
        let big = "123456789012345678901234567890"
        let reading = try read(event(more: #","additionalEventData":{"bytes":\#(big)}"#), plan(["additionalEventData.bytes"]))
        #expect(reading.events[0].fields["additionalEventData.bytes"] == big)
    }

    @Test func `an empty file is a note, not an error`() throws {
        let reading = try read("")
        #expect(reading.outcome.format == "unknown" && reading.outcome.malformed == 0)
        #expect(reading.outcome.diagnostics.map(\.level) == [.note])
        #expect(try read(gzip([])).outcome.malformed == 0)
    }

    @Test func `what no format knows is described`() throws {
        #expect(try read("PK\u{3}\u{4}xxxx").messages == ["is a zip archive (unpack it first); nothing was read from it"])
        #expect(try read(#"{"a":1,"b":2}"#).messages == ["is JSON of a kind that is not known, with `a`, `b`; nothing was read from it"])
        #expect(try read("<html>").messages == ["looks like XML or HTML; nothing was read from it"])
        #expect(try read(" \n\n").messages == ["is empty; nothing was read from it"])
        #expect(try read([UInt8](repeating: 0x61, count: 257) + Array("ustar".utf8)).messages == ["is a tar archive (unpack it first); nothing was read from it"])
        #expect(try read("hello").messages == ["is text of a kind that is not known; nothing was read from it"])
    }

    @Test func `what goes with an input that is read says what to give instead`() throws {
        func hint(_ text: String) throws -> String { try read(text).outcome.diagnostics.first.map { "\($0.message) | \($0.hint ?? "")" } ?? "" }
        #expect(try hint(#"{"serial":1,"encrypted_data":"AA","encryption_version":"v0"}"#).contains("encrypted state of OpenTofu"))
        #expect(try hint(#"{"@level":"info","@module":"terraform.ui","terraform":"1.9.0"}"#).contains("terraform show -json"))
        #expect(try hint("PK\u{3}\u{4}\u{14}      tfplan  ").contains("terraform show -json"))
        #expect(try hint("# a\nresource \"aws_s3_bucket\" \"b\" {\n}\n").contains("is Terraform's source"))
        #expect(try hint("Terraform will perform the following actions:\n").contains("shows it to people"))
        #expect(try hint("param l string\nresource s 'Microsoft.Storage/storageAccounts@2023-01-01' = {\n}\n").contains("az bicep build"))
        #expect(try hint("{{- if .Values.x }}\napiVersion: v1\nkind: ConfigMap\n").contains("helm template"))
        #expect(try hint("# a chart's file that made nothing\n---\n") == "is empty; nothing was read from it | ")
        #expect(try hint(#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","parameters":{}}"#).contains("give the template"))
    }

    @Test(arguments: [false, true]) func `text in UTF-16 is read as the UTF-8 that it would be`(_ isBig: Bool) throws {
        func utf16(_ units: some Sequence<UInt16>) -> [UInt8] {
            let text = [0xfeff] + units
            return text.flatMap { isBig ? [UInt8($0 >> 8), UInt8($0 & 0xff)] : [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        }
        let one = event(more: #","additionalEventData":{"x":"Jürgen 𝄞 €"}"#)
        let reading = try read(utf16((one + "\r\n" + event()).utf16), plan(["additionalEventData.x"]))
        #expect(reading.outcome.format == "aws-cloudtrail" && reading.events.count == 2 && reading.outcome.malformed == 0, "\(reading.messages)")
        #expect(reading.events[0].fields["additionalEventData.x"] == "Jürgen 𝄞 €" || reading.events[0].fields["additionalEventData.x"] == "\"Jürgen 𝄞 €\"")
        // Longer than a window, so that characters lie across its edges.
        let many = String(repeating: one + "\n", count: 6000)
        #expect(many.utf16.count > 2 << 20)
        #expect(try read(utf16(many.utf16)).events.count == 6000)
        // Half a pair is no character, and half a unit no end.
        #expect(try read(utf16(Array(one.utf16) + [0xd834])).outcome.malformed == 1)
        let cut = try read(utf16(one.utf16) + [0x20])
        #expect(cut.events.count == 1 && cut.messages == ["ends in the middle of a character of UTF-16"])
    }

    @Test func `diagnostics are bounded and say how many there were`() throws {
        let reading = try read(event() + "\n" + String(repeating: "oops\n", count: 500))
        #expect(reading.outcome.malformed == 500)
        #expect(reading.outcome.diagnostics.count == ReadLimits.defaultMaxDiagnostics + 1)
        #expect(reading.messages.last == "and 480 more of these")
    }
}
