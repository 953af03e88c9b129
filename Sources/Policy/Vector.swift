public import CEL
public import Residency

/// One entry of the catalogue: how a resource or an event reveals that data is at a place.
public struct Vector: Sendable {
    /// What a vector looks at.
    public enum Trigger: Sendable, Hashable {
        /// Resources of these types (`AWS::S3::Bucket`, `aws_s3_bucket`); `*` stands for every type of the provider.
        case resource(types: [String])
        /// Events of a service (`kms`, without the provider's suffix; `*` for all) and these actions (`*` for all; `Get*`).
        case event(service: String, actions: [String])
        /// Every word of every text of every resource, of whatever type and provider, that holds one of these marks; the
        /// expressions see the word as `item`.
        case words(containing: [String])
    }

    public var id: String
    /// The id's first component: `aws`.
    public var provider: String
    /// The sentence of its observations; `{place}` is filled in.
    public var says: String
    public var activity: Activity
    public var trigger: Trigger
    /// True, false, or an error (which leaves the observation unresolved); `nil` means always.
    public var when: Expression?
    /// Of a sweep over events: the members whose words are looked at, `requestParameters`. It looks at the events alone that no
    /// other vector names, and only where `when` holds; its `place` sees what a word means as `item`.
    public var sweeps: [[String]] = []
    /// A list (or map: its values); one observation for every element, which the other expressions see as `item`.
    public var each: Expression?
    /// The name of the thing whose data it is; `nil` means the resource itself. A list means one observation for each.
    public var subject: Expression?
    /// What stands before the subjects' bare names in their full ones, `arn:aws:s3:::`: nothing of another kind is meant by them. Empty
    /// where the names are full, or of whatever kind.
    public var form = ""
    /// The text of a `PlaceReference`, as the place functions make it. A list means one observation for each.
    public var place: Expression
    /// From documentation only, or a sweep.
    public var lowConfidence: Bool
    /// It shows that something may be so, not that it is: what it sees inside is not counted, what it sees outside is unresolved.
    public var isHint = false
    /// What it shows is what somebody declared, to be held against what is seen.
    public var isDeclared = false
    public var reference: String
    /// What must hold for the observations to be made at all by this source, as a sentence for coverage; mostly `nil`.
    public var note: String?
    /// Records and what must be seen in them.
    public var cases: [VectorCase] { written.value }
    var written = Lazy<[VectorCase]> { [] }
    /// Where it stands: `aws.yaml:14`.
    public var file: String
    public var line: Int
    public var column = 1

    public init(
        id: String, provider: String, says: String, activity: Activity, trigger: Trigger, when: Expression?, each: Expression?,
        subject: Expression?, place: Expression, lowConfidence: Bool, reference: String, note: String?, file: String, line: Int
    ) {
        self.id = id
        self.provider = provider
        self.says = says
        self.activity = activity
        self.trigger = trigger
        self.when = when
        self.each = each
        self.subject = subject
        self.place = place
        self.lowConfidence = lowConfidence
        self.reference = reference
        self.note = note
        self.file = file
        self.line = line
    }
}

/// A compiled expression, with its text and what it reads. A class, so that vectors are copied at little cost.
public final class Expression: Sendable {
    private let compiled: Lazy<Program>
    private let place: Place
    /// The text as the author wrote it.
    public let source: String
    public let file: String

    /// Where its text begins.
    enum Place: Sendable {
        case at(Mark)
        /// To be looked up in the file, which takes longer than compiling the rest.
        case inside(SourceText, Node)
    }

    public convenience init(program: Program, source: String, file: String, line: Int, column: Int = 1) {
        self.init(Lazy { program }, source: source, file: file, .at(Mark(line: line, column: column)))
    }

    init(_ compiled: Lazy<Program>, source: String, file: String, _ place: Place) {
        self.compiled = compiled
        self.source = source
        self.file = file
        self.place = place
    }

    public var program: Program { compiled.value }
    public var line: Int { mark.line }
    /// From 1.
    public var column: Int { mark.column }

    private var mark: Mark {
        switch place {
        case .at(let mark): mark
        case .inside(let source, let node): source.position(ofByte: 0, in: node)
        }
    }
}
