import CEL
import Policy
import Residency

/// The event vectors of one log layout, laid out for the log path.
///
/// A *unit* is one expression of a vector (or a whole vector, where `each` ties its expressions together) with the slots it
/// reads. Vectors that say the same share a unit, so that the cost of an event grows with what is distinct, not with the
/// number of vectors.
struct EventProgram {
    /// How much of a field a unit's value depends on.
    enum Dependency: Hashable {
        case value(Int)
        /// Only on whether the field is there: `has(event.vpcEndpointId)`.
        case presence(Int)
        /// Only on where an address is: `address(event.sourceIPAddress)`.
        case address(Int)
        /// Only on whether it is there, null, empty or filled: `size(event.resources) > 0`.
        case fill(Int)
        /// Only on what stands there: nothing, an object, a list, null, a text. It is a member on the way to a field, and a
        /// missing way is not a missing field.
        case kind(Int)
        /// Only on the places that the words in it name.
        case words(Int)

        var slot: Int {
            switch self {
            case .value(let slot), .presence(let slot), .address(let slot), .fill(let slot), .kind(let slot), .words(let slot): slot
            }
        }
    }

    enum Kind {
        case condition(Program)
        case texts(Program)
        /// A field and nothing else, `event.requestParameters.bucketName`, something at a fixed place below one,
        /// `event.resources[0].ARN`, or a field and what stands in for it, `event.?requestParameters.roleArn.orValue('sts')`: where
        /// it is a text, that is the result. Where it is none, the program tells what is.
        case field(Int, below: [RawField.Step], Program)
        /// `when`, `each`, `subject`, `place` as one: a list of pairs.
        case whole(Vector)
        /// What the words of some fields name.
        case words(FieldSweep)
    }

    final class Unit {
        let kind: Kind
        let dependencies: [Dependency]
        /// What the expressions may see of the event.
        let shape: EventShape

        init(kind: Kind, dependencies: [Dependency], shape: EventShape) {
            self.kind = kind
            self.dependencies = dependencies
            self.shape = shape
        }
    }

    /// A vector within a class: which of the class's units tell its parts.
    struct Member {
        var vector: Int
        var condition: Int?
        var subject: Int?
        var place: Int
    }

    /// The events of one service and action.
    struct Class {
        var name: String
        var event: EventClass
        var units: [Int]
        var members: [Member]
        /// A vector names the service or the action.
        var isNamed: Bool
        /// Of `units`: where those begin that only a sweep asks.
        var sweep: Int
        /// The unit, of the program's, that tells whether the sweep is made; `nil` if it always is.
        var gate: Int?
    }

    let layout: EventLayout
    let vectors: [Vector]
    /// By vector: its condition reads the action, so where it holds the action is known.
    let asksForAction: [Bool]
    /// Tells what words mean.
    let sweep: WordSweep
    let units: [Unit]
    /// What the units depend on, each once: the log path numbers what it meets there, once for an event, whatever the units.
    let inputs: ContiguousArray<Dependency>
    /// Those of all units, as indexes into `inputs`, one unit after the other, and where those of each begin.
    let unitInputs: ContiguousArray<Int32>
    let unitStarts: ContiguousArray<Int>
    /// By unit: the slot whose text is the result, if the event has it; -1 if the unit is no such field.
    let textSlots: ContiguousArray<Int32>
    /// By unit: where below that slot the text is.
    let textSteps: ContiguousArray<[RawField.Step]>
    let width: Int
    let time: Int?
    let account: Int?
    let region: Int?
    let service: Int?
    let action: Int?
    let error: Int?
    private let members: [Member]

    /// - Parameters:
    ///   - projection: made by the reader; it holds every path that `EventProgram.projection(_:)` asked for.
    ///   - sweep: by all vectors of words.
    init(layout: EventLayout, projection: Projection, vectors: [Vector], sweep: WordSweep) {
        self.layout = layout
        self.sweep = sweep
        width = projection.paths.count
        func slot(_ path: [String]) -> Int? { path.isEmpty ? nil : projection.existingSlot(path) }
        time = slot(layout.time)
        account = slot(layout.account)
        region = slot(layout.region)
        service = slot(layout.service)
        action = slot(layout.action)
        error = slot(layout.error)
        var units: [Unit] = []
        var known: [String: Int] = [:]
        var members: [Member] = []
        self.vectors = vectors.filter { vector in
            guard vector.provider == layout.provider, case .event = vector.trigger else { return false }
            return true
        }
        asksForAction = self.vectors.map { vector in
            vector.sweeps.isEmpty && vector.asks(for: layout.action)
        }
        func words(of vector: Vector) -> Int {
            let (slots, region) = (vector.sweeps.compactMap { projection.existingSlot($0) }, slot(layout.region))
            let own = FieldSweep(slots: slots, region: region, provider: layout.provider, place: vector.place.program, sweep: sweep)
            let dependencies = slots.map(Dependency.words) + (region.map { [.value($0)] } ?? [])
            units.append(Unit(kind: .words(own), dependencies: dependencies, shape: EventShape([], projection)))
            return units.count - 1
        }
        func unit(_ key: String, _ expressions: [Expression], _ kind: Kind) -> Int {
            if let index = known[key] { return index }
            let shape = EventShape(EventProgram.paths(expressions), projection)
            let source = Array(expressions.map(\.source).joined(separator: "\n").utf8)
            let fields = shape.fields.map { EventProgram.dependency(of: source, on: $0.path, slot: $0.slot) }
            known[key] = units.count
            units.append(Unit(kind: kind, dependencies: fields + shape.ways.map { .kind($0) }, shape: shape))
            return units.count - 1
        }
        for (index, vector) in self.vectors.enumerated() {
            if vector.each != nil {
                let expressions = [vector.when, vector.each, vector.subject, vector.place].compactMap { $0 }
                let place = unit("whole \(index)", expressions, .whole(vector))
                members.append(Member(vector: index, condition: nil, subject: nil, place: place))
            } else {
                let condition = vector.when.map { unit("when \($0.source)", [$0], .condition($0.program)) }
                let subject = vector.subject.map { unit("texts \($0.source)", [$0], EventProgram.texts($0, projection)) }
                let place =
                    vector.sweeps.isEmpty
                    ? unit("texts \(vector.place.source)", [vector.place], .texts(vector.place.program)) : words(of: vector)
                members.append(Member(vector: index, condition: condition, subject: subject, place: place))
            }
        }
        self.units = units
        var inputs: ContiguousArray<Dependency> = []
        var inputNumbers: [Dependency: Int32] = [:]
        var unitInputs: ContiguousArray<Int32> = []
        var starts: ContiguousArray<Int> = [0]
        for unit in units {
            for dependency in unit.dependencies {
                let number = inputNumbers[dependency] ?? Int32(inputs.count)
                if number == inputs.count { inputs.append(dependency) }
                inputNumbers[dependency] = number
                unitInputs.append(number)
            }
            starts.append(unitInputs.count)
        }
        self.inputs = inputs
        self.unitInputs = unitInputs
        unitStarts = starts
        textSlots = ContiguousArray(units.map { if case .field(let slot, _, _) = $0.kind { Int32(slot) } else { -1 } })
        textSteps = ContiguousArray(units.map { if case .field(_, let steps, _) = $0.kind { steps } else { [] } })
        self.members = members
    }

    /// The class of a service and an action, by the vectors that speak of them.
    func makeClass(service: String, action: String) -> Class {
        var word = service.isEmpty ? layout.serviceWord : service
        let action = action.isEmpty ? layout.actionWord : action
        if !layout.serviceSuffix.isEmpty, word.hasSuffix(layout.serviceSuffix) { word.removeLast(layout.serviceSuffix.count) }
        let event = EventClass(provider: layout.provider, service: word, action: action)
        var used: [Int] = []
        func local(_ unit: Int?) -> Int? {
            guard let unit else { return nil }
            if let index = used.firstIndex(of: unit) { return index }
            used.append(unit)
            return used.count - 1
        }
        var own: [Member] = []
        func add(_ member: Member) {
            guard let place = local(member.place) else { return }
            own.append(Member(vector: member.vector, condition: local(member.condition), subject: local(member.subject), place: place))
        }
        let matching = members.filter { vectors[$0.vector].matches(event) }
        for member in matching where vectors[member.vector].sweeps.isEmpty { add(member) }
        let isNamed = own.contains { vectors[$0.vector].namesEvents }
        let sweeps = isNamed ? [] : matching.filter { !vectors[$0.vector].sweeps.isEmpty }
        let sweep = used.count
        sweeps.forEach(add)
        return Class(
            name: "\(layout.provider)/\(word)/\(action)", event: event, units: used, members: own, isNamed: isNamed, sweep: sweep,
            gate: sweeps.count == 1 ? sweeps[0].condition : nil)
    }

    /// A vector as a member of a class of its own, with the units that tell its parts.
    func members(of vector: Int) -> (member: Member?, units: [Int]) {
        guard let member = members.first(where: { $0.vector == vector }) else { return (nil, []) }
        let units = Array(Set([member.condition, member.subject, member.place].compactMap(\.self))).sorted()
        let local: (Int?) -> Int? = { unit in unit.flatMap { units.firstIndex(of: $0) } }
        return (
            Member(vector: vector, condition: local(member.condition), subject: local(member.subject), place: local(member.place) ?? 0),
            units
        )
    }

    /// The paths of the event that the vectors of a provider read: what a reader has to project.
    ///
    /// - Parameter layout: of the events, where no reader adds what every event has.
    static func projection(_ vectors: [Vector], provider: String, layout: EventLayout? = nil) -> Projection {
        var projection = Projection()
        for vector in vectors where vector.provider == provider {
            guard case .event = vector.trigger else { continue }
            let expressions = [vector.when, vector.each, vector.subject, vector.place].compactMap { $0 }
            // Each expression may be asked alone, so a path counts even where another expression reads more.
            let swept = vector.sweeps.isEmpty ? [] : vector.sweeps + (layout.map { [$0.region] } ?? [])
            for path in expressions.flatMap({ paths([$0]) }) + swept {
                for length in stride(from: 1, through: path.count, by: 1) { _ = projection.slot(Array(path.prefix(length))) }
            }
        }
        return projection
    }

    /// An expression that gives texts: a field as it stands, or a program.
    private static func texts(_ expression: Expression, _ projection: Projection) -> Kind {
        for reference in expression.program.references where reference.variable == "event" {
            guard let slot = projection.existingSlot(reference.path) else { continue }
            let path = reference.path.joined(separator: ".")
            if let rest = expression.source.split(after: "event." + path), let steps = RawField.steps(rest) {
                return .field(slot, below: steps, expression.program)
            }
            if let rest = expression.source.split(after: "event.?\(path).orValue("), isArgument(rest) {
                return .field(slot, below: [], expression.program)
            }
        }
        return .texts(expression.program)
    }

    /// Whether a text is an argument and the bracket that closes it, and nothing after that.
    private static func isArgument(_ text: Substring) -> Bool {
        var depth = 1
        var quote: UInt8?
        for (index, byte) in text.utf8.enumerated() {
            if let open = quote {
                if byte == UInt8(ascii: "\\") { return false }
                if byte == open { quote = nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""): quote = byte
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 { return index == text.utf8.count - 1 }
            default: break
            }
        }
        return false
    }

    /// Every path below `event` that the expressions read, without those that a shorter one already holds.
    private static func paths(_ expressions: [Expression]) -> [[String]] {
        var all: Set<[String]> = []
        for expression in expressions {
            for reference in expression.program.references where reference.variable == "event" { all.insert(reference.path) }
        }
        return all.filter { path in !(0..<path.count).contains { all.contains(Array(path.prefix($0))) } }
            .sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Tells from an expression's text how much of a field it depends on; `.value` whenever in doubt.
    private static func dependency(of source: [UInt8], on path: [String], slot: Int) -> Dependency {
        guard let last = path.last else { return .value(slot) }
        let name = "event." + path.joined(separator: ".")
        func count(_ word: String) -> Int { ends(of: word, in: source).count }
        // Any other way of writing the path (brackets, spaces) shows as a mention of the last name that is not this one.
        let mentions = count(last)
        guard mentions > 0 else { return .value(slot) }
        let presence = count("has(\(name))")
        if mentions == presence { return .presence(slot) }
        let optional = "event.?" + path.joined(separator: ".") + ".orValue('')"
        let fill =
            presence + count("\(name) != null") + count("\(name) == null") + count("size(\(name)) > 0") + count("size(\(name)) == 0")
            + count("\(optional) != ''") + count("\(optional) == ''")
        if mentions == fill { return .fill(slot) }
        if mentions == count("address(\(name))") + blindToAddresses(name, source) { return .address(slot) }
        return .value(slot)
    }

    /// How often a field is only held against a text that no address could be, begin with or end with:
    /// `event.sourceIPAddress.endsWith('.example.com')`. Whatever address stands there, the answer is no.
    private static func blindToAddresses(_ name: String, _ source: [UInt8]) -> Int {
        var count = 0
        for form in ["\(name) == ", "\(name).endsWith(", "\(name).startsWith("] {
            for start in ends(of: form, in: source) where start < source.count {
                let quote = source[start]
                guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""), let end = source[(start + 1)...].firstIndex(of: quote)
                else { continue }
                let literal = source[(start + 1)..<end]
                if !literal.contains(UInt8(ascii: "\\")), literal.contains(where: { !"0123456789abcdefABCDEF.:%".utf8.contains($0) }) {
                    count += 1
                }
            }
        }
        return count
    }

    /// Where a word ends in a text, wherever it stands there.
    private static func ends(of word: String, in text: [UInt8]) -> [Int] {
        let word = Array(word.utf8)
        var (ends, at) = ([Int](), 0)
        while at + word.count <= text.count {
            if text[at] == word[0], text[at..<(at + word.count)].elementsEqual(word) {
                at += word.count
                ends.append(at)
            } else {
                at += 1
            }
        }
        return ends
    }
}

extension String {
    /// What follows a beginning; `nil` if the text does not begin so.
    fileprivate func split(after beginning: String) -> Substring? { hasPrefix(beginning) ? dropFirst(beginning.count) : nil }
}
