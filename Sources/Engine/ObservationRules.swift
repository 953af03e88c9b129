import CEL
import Crypto
public import Policy
import Residency

/// Some action of a service, as events name it.
public struct EventClass: Sendable, Hashable {
    public var provider: String
    public var service: String
    public var action: String
}

/// What observations depend on besides the records: tells whether what was observed once would be observed again.
///
/// It is not policies, tenants, waivers, jurisdictions or where places are; of the catalogue it is the vectors that can
/// match what an input holds.
public struct ObservationRules: Sendable {
    /// A digest of what every input depends on: the program, the networks of addresses, how names are made.
    public let base: String
    private let catalogue: Catalogue
    /// What the words in a resource's or an event's texts are read by, which is more than its type tells.
    private let words: [UInt8]
    private var ofClass: [EventClass: [UInt8]] = [:]
    private var ofType: [String: [UInt8]] = [:]
    private var signatures: [[UInt8]] = []

    /// - Parameter program: what tells one build of the program, and one way of running it, from another.
    public init(_ rules: RuleBook, program: String) {
        catalogue = rules.catalogue
        var hash = SHA256()
        func add(_ text: String) {
            var text = text
            text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
            hash.update(data: [0])
        }
        add("domicile partial 2")
        add(program)
        for network in rules.gazetteer.networks {
            add(network.name)
            if case .countries = network.location { add("countries") } else { add("unknown") }
        }
        if let table = rules.gazetteer.geolocation { add(table.digest) }
        for text in rules.gazetteer.nameForms.texts { add(text) }
        // A table of addresses is read beside the others.
        if rules.gazetteer.geolocation != nil { add(rules.placesDigest) }
        words = Array("\(rules.placesDigest)\n".utf8)
        base = hash.finalize().prefix(16).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        signatures = rules.catalogue.vectors.map { vector in
            var writer = ByteWriter()
            writer.write(vector.id)
            writer.write("\(vector.trigger)")
            if !vector.sweeps.isEmpty { writer.write("\(vector.sweeps)") }
            for expression in [vector.when, vector.each, vector.subject, vector.place] { writer.write(expression?.source) }
            return Array(SHA256.hash(data: writer.bytes))
        }
    }

    /// A digest of the vectors that can match events of these classes and resources of these types (`aws/AWS::S3::Bucket`).
    public mutating func digest(classes: some Collection<EventClass>, types: some Collection<String>) -> [UInt8] {
        var parts: [[UInt8]] = classes.map { digest($0) } + types.map { digest(type: $0) }
        parts.sort { $0.lexicographicallyPrecedes($1) }
        return Array(SHA256.hash(data: Array(parts.joined())).prefix(16))
    }

    private mutating func digest(_ event: EventClass) -> [UInt8] {
        if let known = ofClass[event] { return known }
        var writer = ByteWriter()
        writer.write(event.provider)
        writer.write(event.service)
        writer.write(event.action)
        var (isNamed, isSwept) = (false, false)
        for (index, vector) in catalogue.vectors.enumerated() where vector.provider == event.provider && vector.matches(event) {
            writer.write(raw: signatures[index])
            (isNamed, isSwept) = (isNamed || vector.namesEvents, isSwept || !vector.sweeps.isEmpty)
        }
        if isSwept, !isNamed { writeWords(&writer) }
        let made = Array(SHA256.hash(data: writer.bytes))
        ofClass[event] = made
        return made
    }

    /// What words mean.
    private func writeWords(_ writer: inout ByteWriter) {
        for (index, vector) in catalogue.vectors.enumerated() {
            if case .words = vector.trigger { writer.write(raw: signatures[index]) }
        }
        writer.write(raw: words)
    }

    private mutating func digest(type: String) -> [UInt8] {
        if let known = ofType[type] { return known }
        let provider = String(type.prefix { $0 != "/" })
        let name = String(type.dropFirst(provider.count + 1))
        var writer = ByteWriter()
        writer.write(type)
        for (index, vector) in catalogue.vectors.enumerated() where vector.provider == provider {
            if case .resource(let types) = vector.trigger, types.contains(where: { $0 == "*" || $0 == name }) { writer.write(raw: signatures[index]) }
        }
        writeWords(&writer)
        writer.write(catalogue.dataless.contains { entry in entry.provider == provider && entry.types.contains { Glob.matches($0, name) } })
        let made = Array(SHA256.hash(data: writer.bytes))
        ofType[type] = made
        return made
    }
}

extension Vector {
    /// Whether the vector speaks of the events of a service and action of its provider.
    func matches(_ event: EventClass) -> Bool {
        guard case .event(let service, let actions) = trigger, Glob.matches(service, event.service) else { return false }
        return actions.contains { Glob.matches($0, event.action) }
    }

    /// Whether its condition reads a member of the event.
    func asks(for path: [String]) -> Bool {
        when?.program.references.contains { $0.variable == "event" && $0.path == path } ?? false
    }

    /// Whether it is about some service or action, and not about every event.
    var namesEvents: Bool {
        guard case .event(let service, let actions) = trigger else { return false }
        return service != "*" || !actions.contains("*")
    }
}
