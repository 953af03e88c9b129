import CEL
import Residency

/// Terraform's state file, version 4 (and 3 as far as it tells).
///
///     {"version": 4, "terraform_version": "1.9.2", "serial": 7, "lineage": "...",
///      "resources": [{"mode": "managed", "type": "aws_s3_bucket", "name": "a",
///                     "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"attributes": {...}}]}]}
enum TerraformState: InputFormat {
    static let id = "terraform-state"
    static let title = "Terraform state"

    static func recognises(_ head: Head) -> Bool {
        head.candidates.contains { object in
            let isState = object.has("version") && (object.has("resources") || object.has("modules"))
            return isState && (object.has("terraform_version") || object.has("lineage") || object.has("serial"))
        }
    }

    static func read(_ session: ReadSession) throws(ReadError) {
        try ValueWalk.walk(session, lists: ["resources", "modules"]) { record, place in
            switch place.list {
            case "resources": block(record, session, place)
            case "modules": oldModule(record, session, place.pointer)
            // A state of nothing has no lists.
            default:
                guard record.member("version") == nil else { break }
                session.malformed(byte: place.byte, place: place.pointer, "a document without `version` is not a state")
            }
        }
    }

    private static func block(_ block: Value, _ session: ReadSession, _ place: RecordPlace) {
        let pointer = place.pointer
        guard let type = block.text("type"), let name = block.text("name") else {
            return session.malformed(byte: place.byte, place: pointer, "\(pointer) has no `type` and `name`")
        }
        let module = block.text("module") ?? ""
        let address = (module.isEmpty ? "" : module + ".") + "\(type).\(name)"
        for (index, instance) in (block.member("instances")?.elements ?? []).enumerated() {
            let place = "\(pointer)/instances/\(index)"
            let ordinal = session.number(place)
            // What a block `data` read is somebody else's resource.
            guard block.text("mode") != "data" else { continue }
            let key = instance.member("index_key")
            let resource = TerraformResource(
                address: address + suffix(key), module: module, type: type, name: name,
                providerName: providerName(block.text("provider") ?? ""),
                providerRegion: session.plan.stated.region, providerAccount: session.plan.stated.account, index: key,
                values: instance.member("attributes") ?? instance.member("attributes_flat") ?? .object([]))
            session.give(resource.resource(ordinal: ordinal, pointer: place))
        }
    }

    /// `[0]` or `["eu"]` after an address.
    static func suffix(_ key: Value?) -> String {
        switch key {
        case .int(let number): "[\(number)]"
        case .string(let text): "[\"\(text)\"]"
        default: ""
        }
    }

    /// The name in `provider["registry.terraform.io/hashicorp/aws"].alias`, `module.m.provider.aws` and `provider.aws.alias`.
    static func providerName(_ text: String) -> String {
        let quoted = text.split(separator: "\"", omittingEmptySubsequences: false)
        if quoted.count >= 3 { return String(quoted[quoted.count == 3 ? 1 : quoted.count - 2]) }
        let parts = text.split(separator: ".")
        guard let at = parts.lastIndex(of: "provider"), at + 1 < parts.count else { return text }
        return String(parts[at + 1])
    }

    /// Version 3: `modules[].resources` by address, attributes flat.
    private static func oldModule(_ module: Value, _ session: ReadSession, _ pointer: String) {
        let path = (module.member("path")?.elements ?? []).compactMap(\.stringValue).dropFirst().map { "module.\($0)" }
        for (key, resource) in module.member("resources")?.members ?? [] {
            let place = "\(pointer)/resources/\(key)"
            let ordinal = session.number(place)
            guard !key.hasPrefix("data."), let type = resource.text("type"), let primary = resource.member("primary") else { continue }
            var attributes = (primary.member("attributes")?.members ?? []).map { ($0.name, $0.value) }
            attributes += oldTags(attributes)
            let made = TerraformResource(
                address: (path + [key]).joined(separator: "."), module: path.joined(separator: "."), type: type,
                name: key.split(separator: ".").last.map(String.init) ?? key, providerName: providerName(resource.text("provider") ?? ""),
                providerRegion: session.plan.stated.region, providerAccount: session.plan.stated.account,
                values: .object(attributes))
            session.give(made.resource(ordinal: ordinal, pointer: place))
        }
    }

    /// `tags.team` = `data` as a map.
    private static func oldTags(_ attributes: [(String, Value)]) -> [(String, Value)] {
        let tags = attributes.filter { $0.0.hasPrefix("tags.") && $0.0 != "tags.%" }.map { (String($0.0.dropFirst(5)), $0.1) }
        return tags.isEmpty ? [] : [("tags", .object(tags))]
    }
}

extension ReadSession {
    /// Counts a record that is decoded, and says where it stands; its number.
    func number(_ place: String) -> Int {
        outcome.pointers.append(ordinal: ordinal, place: place)
        outcome.records += 1
        ordinal += 1
        return ordinal - 1
    }

    /// The whole input as one JSON document, parsed strictly but not decoded; `nil`, and told, if it is not one.
    func document() throws(ReadError) -> JSONSpan? {
        guard try readWhole() else { return nil }
        var bytes = window.bytes
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = UnsafeBufferPointer(rebasing: bytes[3...]) }
        bytes = insideWrapper(bytes)
        if let fault = JSONFault.check(bytes, maxDepth: plan.limits.maxDepth) {
            malformed(byte: fault.at, fault.message, hint: fault.isCut ? "was it copied or uploaded whole?" : nil)
            return nil
        }
        return JSONSpan(bytes, from: 0, scanner: scanner)
    }

    /// Continuous integration wraps what `terraform` prints in lines of its own (`[command]...`): the document without them.
    private func insideWrapper(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard bytes.starts(with: "[command]".utf8) || bytes.starts(with: "::".utf8) else { return bytes }
        var at = 0
        while let newline = Lines.newline(bytes, from: at) {
            at = newline + 1
            guard at < bytes.count, bytes[at] == UInt8(ascii: "{") else { continue }
            guard let end = scanner.end(bytes, at: at) else { return bytes }
            say(.note, byte: at, "lines around the document were left out")
            return UnsafeBufferPointer(rebasing: bytes[at..<end])
        }
        return bytes
    }
}
