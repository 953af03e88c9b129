import CEL
import Residency

/// Turns files into what a run judges by.
///
/// A file is known by its keys, not by its name, and may hold several documents, or a list of policies. A user's file
/// overrides what is built in: a place, a jurisdiction, a vector or a policy of the same name is replaced.
public enum RuleBookLoader {
    /// Reads every file, and says everything that is wrong in all of them. With an error among the diagnostics the rules are
    /// not to be used.
    ///
    /// - Parameters:
    ///   - builtin: the catalogue, places and jurisdictions that come with the program.
    ///   - files: the user's. Those without any of our keys are ignored with a note; registers of processors silently.
    ///   - ranges: files in which providers publish the addresses of their regions, as they are.
    ///   - facts: digests of what else decides where an address is.
    ///   - tenants: YAML or CSV.
    ///   - waivers: YAML.
    ///   - now: seconds since 1970; a waiver without `granted` may hold for one year from then.
    ///   - digest: SHA-256 in lower-case hexadecimal.
    public static func load(
        builtin: [SourceFile], files: [SourceFile], tenants: SourceFile?, waivers: [SourceFile], ranges: [SourceFile] = [],
        facts: [String] = [], now: Int64, digest: (UnsafeBufferPointer<UInt8>) -> String
    ) -> (RuleBook, [PolicyDiagnostic]) {
        var load = Load(today: CalendarDay(containing: now))
        load.reserve(builtin.count)
        for file in builtin { load.read(file, as: .builtin, digest) }
        for file in files { load.read(file, as: .user, digest) }
        if let tenants { load.read(tenants, as: .tenants, digest) }
        for file in waivers { load.read(file, as: .waivers, digest) }
        for file in ranges { load.addRanges(file, digest) }
        load.factDigests += facts
        return load.finish(digest)
    }
}

/// What a file was given as.
private enum Role { case builtin, user, tenants, waivers }

private struct Load {
    private let today: CalendarDay
    private var book = RuleBook()
    private var files: [Problems] = []
    /// What holds no expression of a vector needs no forms of names.
    private let compiler = ExpressionCompiler()
    private var catalogues: [PendingCatalogue] = []
    private var owners: [OwnedName: Owner] = [:]
    private var catalogueDigests: [String] = []
    fileprivate var factDigests: [String] = []
    private var placesDigests: [String] = []
    private var rangeFormats: [RangeFormat] = []

    private struct OwnedName: Hashable {
        /// `vector`
        let what: String
        let name: String
    }

    /// Who gave a thing that may be there once.
    private struct Owner {
        let role: Role
        let file: String
        let line: Int
    }

    /// A document of the catalogue: its expressions can only be compiled when it is known how names are made.
    private struct PendingCatalogue {
        let fields: Fields
        let role: Role
        let path: String
        /// Its number among the files.
        let file: Int
        /// The expressions are known to be right.
        let isBuiltin: Bool
    }

    init(today: CalendarDay) { self.today = today }

    /// Makes room for what so many built-in files define.
    mutating func reserve(_ files: Int) { owners.reserveCapacity(files * 20) }

    mutating func read(_ file: SourceFile, as role: Role, _ digest: (UnsafeBufferPointer<UInt8>) -> String) {
        let source = SourceText(file)
        var problems = Problems(source, isTested: file.tree != nil)
        defer { files.append(problems) }
        if role == .tenants, TenantsDocument.isCSV(source) {
            add(TenantsDocument.readCSV(&problems), &problems)
            return
        }
        if role == .user, SubjectsTable.isOne(source, book.subjects) {
            SubjectsTable.read(into: &book.subjects, &problems)
            return
        }
        if role == .user, !isYAML(file.path) {
            problems.note(Mark(line: 1, column: 1), "ignored: not a YAML file")
            return
        }
        let hash = file.withBytes(digest)
        let attributions = book.subjects.attributions.count
        var kinds: Set<Kind> = []
        for document in YAMLReader.read(file, source, &problems) where !document.isNull {
            for part in parts(document, role) { kinds.formUnion(read(part, role, file, hash, &problems)) }
        }
        // What is observed depends on how events tell the tenant, as it does on the catalogue.
        if kinds.contains(.catalogue) || book.subjects.attributions.count > attributions { catalogueDigests.append(hash) }
        if kinds.contains(.places) || kinds.contains(.ranges) || kinds.contains(.jurisdictions) { factDigests.append(hash) }
        if kinds.contains(.places) || kinds.contains(.ranges) { placesDigests.append(hash) }
    }

    mutating func addRanges(_ file: SourceFile, _ digest: (UnsafeBufferPointer<UInt8>) -> String) {
        // What is wrong with such a file is said without its lines: it has one of a million characters, or a million.
        var problems = Problems(SourceText(SourceFile(path: file.path, bytes: [])))
        RangesDocument.add(file, rangeFormats, to: &book.gazetteer, &problems)
        files.append(problems)
        let hash = file.withBytes(digest)
        factDigests.append(hash)
        placesDigests.append(hash)
    }

    private func isYAML(_ path: String) -> Bool {
        [".yaml", ".yml", ".json"].contains { path.lowercased().hasSuffix($0) }
    }

    /// A list at the top is several documents, unless it is the list of tenants or waivers itself.
    private func parts(_ document: Node, _ role: Role) -> [Node] {
        guard let items = document.items else { return [document] }
        return role == .tenants ? [document] : items
    }

    // MARK: Documents

    private enum Kind: CaseIterable {
        case policy, waiver, waivers, catalogue, places, ranges, jurisdictions, subjects, tenants, register

        /// The keys that tell a document's kind.
        var marks: [String] {
            switch self {
            case .policy, .waiver: ["policy"]
            case .waivers: ["waivers"]
            case .catalogue: ["vectors", "types", "blind", "safeguards"]
            case .places: ["places", "networks"]
            case .ranges: ["ranges"]
            case .jurisdictions: ["jurisdictions"]
            case .subjects: ["subjects"]
            case .tenants: ["tenants"]
            case .register: ["processors"]
            }
        }

        var keys: [String] {
            switch self {
            case .policy: PolicyDocument.keys
            case .waiver: WaiversDocument.waiverKeys
            case .waivers: WaiversDocument.keys
            case .catalogue: CatalogueDocument.keys
            case .places: PlacesDocument.keys
            case .ranges: RangesDocument.keys
            case .jurisdictions: JurisdictionsDocument.keys
            case .subjects: SubjectsDocument.keys
            case .tenants: TenantsDocument.keys
            case .register: []
            }
        }
    }

    private func kinds(of document: Node, _ role: Role) -> [Kind] {
        guard document.entries != nil else { return role == .tenants ? [.tenants] : [] }
        if document["policy"] != nil {
            let isWaiver = document["require"] == nil && ["expires", "reason", "owner", "match"].contains { document[$0] != nil }
            return [isWaiver || role == .waivers ? .waiver : .policy]
        }
        let found = Kind.allCases.filter { kind in kind.marks.contains { document[$0] != nil } }
        return found.isEmpty && role == .tenants ? [.tenants] : found
    }

    /// Reads one document; returns what it holds.
    private mutating func read(_ document: Node, _ role: Role, _ file: SourceFile, _ hash: String, _ problems: inout Problems) -> [Kind] {
        let kinds = kinds(of: document, role)
        if kinds.contains(.register) { return [] }
        guard !kinds.isEmpty else {
            complain(document, role, &problems)
            return []
        }
        if kinds == [.tenants], document["tenants"] == nil {
            add(TenantsDocument.read(document, &problems), &problems)
            return kinds
        }
        if kinds == [.waiver] {
            book.waivers += WaiversDocument.read([document], today: today, compiler, &problems)
            return kinds
        }
        let what = kinds == [.policy] ? "a policy" : "a document with \(list(kinds.map { $0.marks[0] }))"
        guard let fields = Fields(document, what, kinds.flatMap(\.keys), &problems) else { return [] }
        for kind in kinds { read(kind, fields, role, file, hash, &problems) }
        return kinds
    }

    private mutating func read(
        _ kind: Kind, _ fields: Fields, _ role: Role, _ file: SourceFile, _ hash: String, _ problems: inout Problems
    ) {
        switch kind {
        case .policy: PolicyDocument.read(fields, digest: hash, &problems).map { add($0, role, fields.node, &problems) }
        case .catalogue:
            catalogues.append(PendingCatalogue(fields: fields, role: role, path: file.path, file: files.count, isBuiltin: file.tree != nil))
        case .places: PlacesDocument.read(fields, into: &book.gazetteer, &problems)
        case .ranges: rangeFormats += RangesDocument.read(fields, isBuiltin: file.tree != nil, &problems)
        case .jurisdictions: JurisdictionsDocument.read(fields, &problems).forEach { add($0, role, &problems) }
        case .subjects: fields["subjects"].map { SubjectsDocument.read($0, into: &book.subjects, &problems) }
        case .tenants: fields["tenants"].map { add(TenantsDocument.read($0, &problems), &problems) }
        case .waivers:
            book.waivers += WaiversDocument.read(fields.items("waivers", &problems), today: today, compiler, &problems)
        case .waiver, .register: break
        }
    }

    private func complain(_ document: Node, _ role: Role, _ problems: inout Problems) {
        let marks = Kind.allCases.flatMap(\.marks)
        let near = document.entries?.lazy.compactMap { entry in NearMatch.best(to: entry.key, among: marks).map { (entry.key, $0) } }.first
        switch role {
        case .user:
            let hint = near.map { "if `\($0.0)` should be `\($0.1)`, mend it" }
            problems.note(document.mark, "ignored: it has none of the keys \(list(marks.uniqued, "or"))", hint: hint)
        case .builtin, .tenants:
            problems.error(document.mark, length: 1, "this is no document of rules", hint: "its keys are \(list(marks.uniqued, "or"))")
        case .waivers:
            let found = near.map { "did you mean `\($0.1)`?" }
            problems.error(document.mark, length: 1, "this is no file of waivers", hint: found ?? "it has the key `waivers`")
        }
    }

    // MARK: Putting together

    /// Takes a name; false, and a diagnostic, if the same layer has it already. True with `replaces` if another had it.
    private mutating func take(
        _ what: String, _ name: String, _ role: Role, _ mark: Mark, _ length: Int, _ problems: inout Problems
    ) -> (isFree: Bool, replaces: Bool) {
        let key = OwnedName(what: what, name: name)
        let before = owners[key]
        if let before, before.role == role {
            problems.error(
                mark, length: length, "the \(what) `\(name)` is there twice", hint: "the first one is in \(before.file):\(before.line)")
            return (false, false)
        }
        owners[key] = Owner(role: role, file: problems.source.path, line: mark.line)
        return (true, before != nil)
    }

    private mutating func add(_ policy: CompiledPolicy, _ role: Role, _ node: Node, _ problems: inout Problems) {
        let mark = node["policy"] ?? node
        let taken = take("policy", policy.id, role, mark.mark, problems.source.length(of: mark), &problems)
        guard taken.isFree else { return }
        book.policies.removeAll { $0.id == policy.id }
        book.policies.append(policy)
    }

    private mutating func add(_ catalogue: Catalogue, _ role: Role, _ problems: inout Problems) {
        for vector in catalogue.vectors {
            let mark = Mark(line: vector.line, column: vector.column)
            let taken = take("vector", vector.id, role, mark, 1, &problems)
            guard taken.isFree else { continue }
            if taken.replaces { book.catalogue.vectors.removeAll { $0.id == vector.id } }
            book.catalogue.vectors.append(vector)
        }
        book.catalogue.dataless += catalogue.dataless
        book.catalogue.blindSpots += catalogue.blindSpots
        book.catalogue.safeguards += catalogue.safeguards
        for (language, told) in catalogue.told { book.catalogue.told[language, default: [:]].merge(told) { _, new in new } }
    }

    private mutating func add(_ located: JurisdictionsDocument.Located, _ role: Role, _ problems: inout Problems) {
        let definition = located.definition
        guard take("jurisdiction", definition.name, role, located.mark, located.length, &problems).isFree else { return }
        // A user's definition without a version is the whole truth about its id: no newer built-in version may win over it.
        if role == .user, definition.version.isEmpty { removeBuiltin(definition.id) }
        book.jurisdictions.add(definition)
    }

    private mutating func removeBuiltin(_ id: String) {
        let own = book.jurisdictions.all.filter { $0.id == id && owners[OwnedName(what: "jurisdiction", name: $0.name)]?.role == .user }
        book.jurisdictions.remove(id)
        own.forEach { book.jurisdictions.add($0) }
    }

    private mutating func add(_ tenants: [TenantsDocument.Located], _ problems: inout Problems) {
        for located in tenants {
            guard take("tenant", located.tenant.name, .tenants, located.mark, located.length, &problems).isFree else { continue }
            book.tenants.append(located.tenant)
        }
    }

    /// Wraps the subjects of the event vectors, so that what they see carries the tenant that the event tells.
    private mutating func attribute(_ compiler: inout ExpressionCompiler) {
        for index in book.catalogue.vectors.indices {
            let vector = book.catalogue.vectors[index]
            let own = book.subjects.attributions.filter { $0.concerns(vector) }
            guard !own.isEmpty, let subject = vector.subject else { continue }
            let text = EventAttribution.wrap(subject.source, own)
            guard let composed = compiler.composed(text, from: subject, of: vector) else {
                let mark = Mark(line: subject.line, column: subject.column)
                files[0].error(mark, length: 1, "the subject of `\(vector.id)` cannot be wrapped by `subjects.events`: \(text)")
                continue
            }
            book.catalogue.vectors[index].subject = composed
        }
    }

    mutating func finish(_ digest: (UnsafeBufferPointer<UInt8>) -> String) -> (RuleBook, [PolicyDiagnostic]) {
        var compiler = ExpressionCompiler(names: book.gazetteer.nameForms)
        for pending in catalogues {
            compiler.isLazy = pending.isBuiltin
            var problems = files[pending.file]
            add(CatalogueDocument.read(pending.fields, path: pending.path, &compiler, &problems), pending.role, &problems)
            files[pending.file] = problems
        }
        compiler.isLazy = false
        book.policies.sort { $0.id < $1.id }
        book.tenants.sort { $0.name < $1.name }
        book.catalogue.vectors.sort { $0.id < $1.id }
        attribute(&compiler)
        book.catalogueDigest = Array(catalogueDigests.sorted().joined(separator: "\n").utf8).withUnsafeBufferPointer(digest)
        book.jurisdictionsDigest = Array(factDigests.sorted().joined(separator: "\n").utf8).withUnsafeBufferPointer(digest)
        book.placesDigest = Array(placesDigests.sorted().joined(separator: "\n").utf8).withUnsafeBufferPointer(digest)
        let check = JurisdictionCheck(book.jurisdictions, book.gazetteer)
        for index in files.indices { check.uses(&files[index]) }
        check.cycles(&files)
        let prose = PolicyProse(book.jurisdictions, on: today.description)
        for index in book.policies.indices { book.policies[index].prose = prose.sentences(book.policies[index]) }
        return (book, files.flatMap { $0.list.sorted { ($0.line, $0.column) < ($1.line, $1.column) } })
    }
}

extension [String] {
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
