import Residency

/// What no format recognises: said, with a guess at what it is, and otherwise left alone.
enum Unknown {
    /// What an input looks like; where it is wrong, if it is not what it seems to be.
    private struct Likeness {
        var words: String
        var byte: Int?
        var line: Int?
        var hint: String?
    }

    static func describe(_ session: ReadSession, _ head: Head) throws(ReadError) {
        let titles = inputFormats.map { $0.title }.joined(separator: ", ")
        let likeness = try looksLike(session, head)
        let isEmpty = likeness.words == "is empty"
        session.say(
            isEmpty ? .note : .warning, line: likeness.line, byte: likeness.byte, "\(likeness.words); nothing was read from it",
            hint: likeness.hint ?? (isEmpty ? nil : "formats that are read: \(titles)"))
    }

    private static func looksLike(_ session: ReadSession, _ head: Head) throws(ReadError) -> Likeness {
        let bytes = session.window.bytes
        if bytes.isEmpty { return Likeness(words: session.window.damage == nil ? "is empty" : "cannot be inflated") }
        if let (_, name) = signatures.first(where: { bytes.starts(with: $0.0) }) {
            let isPlan = name.hasPrefix("a zip") && String(decoding: bytes.prefix(256), as: UTF8.self).contains("tfplan")
            return isPlan ? Likeness(words: "is a plan in Terraform's own form", hint: showPlan) : Likeness(words: "is \(name)")
        }
        if bytes.dropFirst(257).starts(with: Array("ustar".utf8)) { return Likeness(words: "is a tar archive (unpack it first)") }
        if bytes.prefix(4096).contains(0) { return Likeness(words: "is binary data") }
        switch head.firstByte {
        case nil: return Likeness(words: "is empty")
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if let known = source(head.lines(400)) { return known }
            if let fault = fault(session) { return Likeness(words: "is not JSON: \(fault.message)", byte: fault.at) }
            guard let object = head.candidates.first else { return Likeness(words: "looks like JSON of a kind that is not known") }
            if let known = relative(object, head) { return known }
            let keys = object.members.sorted { $0.value < $1.value }.prefix(6).map { "`\($0.key)`" }
            return Likeness(words: "is JSON of a kind that is not known, with \(keys.joined(separator: ", "))")
        case UInt8(ascii: "<"): return try xml(session)
        default: return source(head.lines(400)) ?? Likeness(words: "is text of a kind that is not known")
        }
    }

    /// JSON that goes with something that is read, and is not it.
    private static func relative(_ object: Head.Object, _ head: Head) -> Likeness? {
        if object.has("encrypted_data"), object.has("encryption_version") {
            return Likeness(words: "is an encrypted state of OpenTofu", hint: "`tofu state pull` gives it decrypted")
        }
        if object.has("@level"), object.has("@module"), object.has("terraform") || object.has("tofu") {
            return Likeness(words: "is what Terraform says while it runs", hint: showPlan)
        }
        if object.members["$schema"].flatMap({ head.text(at: $0) })?.lowercased().contains("deploymentparameters.json") == true {
            return Likeness(words: "is a file of parameters of Azure templates", hint: "give the template, or what exists after the deployment")
        }
        return nil
    }

    /// Source from which something that is read can be made.
    private static func source(_ lines: [String]) -> Likeness? {
        let said = lines.filter { line in !line.allSatisfy(\.isWhitespace) && !line.hasPrefix("#") && line != "---" }
        if said.isEmpty { return Likeness(words: "is empty") }
        if said[0].hasPrefix("{{") { return Likeness(words: "is a template of a Helm chart", hint: "`helm template` prints the objects that are read") }
        if lines.contains(where: { $0.contains("Terraform will perform the following actions") || $0.contains("OpenTofu will perform the following actions") }) {
            return Likeness(words: "is a plan as Terraform shows it to people", hint: showPlan)
        }
        if lines.contains(where: { $0.hasPrefix("policy:") }), lines.contains(where: { $0.hasPrefix("require:") }) {
            return Likeness(words: "is a policy", hint: "`--policies` reads it")
        }
        let blocks = ["resource \"", "module \"", "provider \"", "variable \"", "data \"", "output \"", "terraform {", "locals {"]
        if lines.contains(where: { line in line.hasSuffix("{") && blocks.contains(where: line.hasPrefix) }) {
            return Likeness(words: "is Terraform's source", hint: showPlan)
        }
        let isBicep = lines.contains { line in
            line.hasPrefix("targetScope") || (line.hasPrefix("resource ") || line.hasPrefix("module ")) && line.contains("'") && line.contains("=")
        }
        return isBicep ? Likeness(words: "is Bicep's source", hint: "`az bicep build --file main.bicep` makes the template that is read") : nil
    }

    private static let showPlan = "give what is planned: `terraform plan -out plan.bin && terraform show -json plan.bin > plan.json`"

    /// What keeps a text that is whole in the window from being JSON, or JSON documents one after the other.
    private static func fault(_ session: ReadSession) -> JSONFault? {
        guard session.window.isLast, session.window.damage == nil else { return nil }
        let bytes = session.window.bytes
        let maxDepth = session.plan.limits.maxDepth
        guard let fault = JSONFault.check(bytes, maxDepth: maxDepth) else { return nil }
        var at = 0
        while let end = session.scanner.end(bytes, at: at) {
            let document = UnsafeBufferPointer(rebasing: bytes[at..<end])
            guard JSONFault.check(document, maxDepth: maxDepth) == nil else { return fault }
            at = end
            while at < bytes.count, bytes[at] <= 0x20 { at += 1 }
            if at == bytes.count { return nil }
            guard bytes[at] == UInt8(ascii: "{") || bytes[at] == UInt8(ascii: "[") else { return fault }
        }
        return fault
    }

    private static func xml(_ session: ReadSession) throws(ReadError) -> Likeness {
        let hint = "give a mapping beside it: docs/formats/mapping.md"
        switch try XMLWalk.walk(session, path: [], element: { _, _, _ in }) {
        case .success(let root): return Likeness(words: "is XML, its root is `\(root)`", hint: hint)
        case .failure(let fault) where fault.isRefusal: return Likeness(words: "is XML that \(fault.message)", line: fault.line)
        case .failure(let fault): return Likeness(words: "looks like XML or HTML", line: fault.line)
        }
    }

    private static let signatures: [([UInt8], String)] = [
        ([0x50, 0x4b, 0x03, 0x04], "a zip archive (unpack it first)"),
        ([0xff, 0xfe, 0, 0], "text in UTF-32 (convert it to UTF-8)"),
        ([0x42, 0x5a, 0x68], "packed with bzip2 (unpack it first)"),
        ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "packed with xz (unpack it first)"),
        (Array("PAR1".utf8), "a Parquet file"),
        (Array("Obj\u{1}".utf8), "an Avro file"),
        (Array("ORC".utf8), "an ORC file"),
        (Array("SQLite format 3".utf8), "an SQLite database"),
        ([0x1f, 0x8b], "packed with gzip twice (unpack it once)"),
        (Array("%PDF".utf8), "a PDF file"),
    ]
}
