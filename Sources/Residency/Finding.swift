/// Whose data: the thing that a finding is about.
public struct Subject: Hashable, Sendable {
    /// The name that the provider knows it by: an ARN, a bucket's name, an address in a Terraform plan.
    public var id: String
    /// The provider's type (`AWS::S3::Bucket`, `aws_s3_bucket`); empty if only an event names the subject.
    public var type: String
    public var provider: String
    public var account: String
    /// The data class (`customer`), `nil` if nothing says so.
    public var data: String?
    public var tenant: String?
    public var system: String?

    public init(
        id: String, type: String = "", provider: String = "", account: String = "", data: String? = nil, tenant: String? = nil,
        system: String? = nil
    ) {
        self.id = id
        self.type = type
        self.provider = provider
        self.account = account
        self.data = data
        self.tenant = tenant
        self.system = system
    }
}

/// Where in the inputs a record stands: enough to find its bytes again.
public struct RecordReference: Hashable, Sendable, Comparable {
    /// Index of the input in `Run.inputs`.
    public var input: Int
    /// The record's number in its input, from 0.
    public var ordinal: Int
    /// A JSON pointer (`/Records/17`), or `line:18` in texts.
    public var pointer: String

    public init(input: Int, ordinal: Int, pointer: String) {
        self.input = input
        self.ordinal = ordinal
        self.pointer = pointer
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.input, left.ordinal, left.pointer) < (right.input, right.ordinal, right.pointer)
    }
}

/// *This subject's data is ACTIVITY at PLACE, as RECORD shows*: one piece of the ground a finding stands on.
public struct Observation: Hashable, Sendable {
    /// The id of the vector in the catalogue that saw it.
    public var vector: String
    public var activity: Activity
    public var place: Place
    /// The vector's sentence with its place filled in.
    public var says: String
    /// The call was refused or failed: it was tried and not done.
    public var attempted: Bool
    /// The vector is known from documentation only, or a generic sweep: a hint, not a proof.
    public var lowConfidence: Bool
    public var record: RecordReference
    /// How many records show the same, with the first and the last time (RFC 3339; `nil` in inventories).
    public var occurrences: Int
    public var first: String?
    public var last: String?

    public init(
        vector: String, activity: Activity, place: Place, says: String, attempted: Bool = false, lowConfidence: Bool = false,
        record: RecordReference, occurrences: Int = 1, first: String? = nil, last: String? = nil
    ) {
        self.vector = vector
        self.activity = activity
        self.place = place
        self.says = says
        self.attempted = attempted
        self.lowConfidence = lowConfidence
        self.record = record
        self.occurrences = occurrences
        self.first = first
        self.last = last
    }
}

/// The waiver that excuses a finding.
public struct WaiverNote: Hashable, Sendable {
    public enum Category: String, Sendable, Hashable { case waived, mitigated }
    public var category: Category
    public var reason: String
    public var owner: String
    public var approver: String?
    public var ticket: String?
    /// The last day on which it holds, `2027-06-30`: to the end of that day, UTC.
    public var expires: String

    public init(category: Category, reason: String, owner: String, approver: String?, ticket: String?, expires: String) {
        self.category = category
        self.reason = reason
        self.owner = owner
        self.approver = approver
        self.ticket = ticket
        self.expires = expires
    }
}

/// The `allow` entry of a policy that makes a transfer lawful; listed in every report, never silent.
public struct AllowanceNote: Hashable, Sendable {
    public var basis: String
    /// The last day on which it holds.
    public var until: String?
    /// What it names: a processor or a resource.
    public var grantee: String
    /// The place or jurisdiction it allows.
    public var to: String

    public init(basis: String, until: String?, grantee: String, to: String) {
        self.basis = basis
        self.until = until
        self.grantee = grantee
        self.to = to
    }
}

/// A requirement, a subject, a verdict, and the observations behind it.
public struct Finding: Hashable, Sendable, Identifiable {
    /// 32 hexadecimal digits derived from policy, requirement and subject alone: the same in every run.
    public var id: String
    public var policy: String
    /// The clause: an activity's word (`stored`), or `coverage`.
    public var requirement: String
    public var verdict: Verdict
    public var severity: Severity
    /// The legal ground, as the policy cites it.
    public var basis: [String]
    /// One sentence: what is where, and what was promised.
    public var message: String
    /// What a person can do about it; empty when satisfied.
    public var remedy: String
    public var subject: Subject
    /// How many records stand behind it, exactly.
    public var occurrences: Int
    public var first: String?
    public var last: String?
    /// A bounded number of them, in canonical order.
    public var observations: [Observation]
    public var waiver: WaiverNote?
    public var allowance: AllowanceNote?

    public init(
        id: String, policy: String, requirement: String, verdict: Verdict, severity: Severity, basis: [String], message: String,
        remedy: String = "", subject: Subject, occurrences: Int, first: String? = nil, last: String? = nil, observations: [Observation],
        waiver: WaiverNote? = nil, allowance: AllowanceNote? = nil
    ) {
        self.id = id
        self.policy = policy
        self.requirement = requirement
        self.verdict = verdict
        self.severity = severity
        self.basis = basis
        self.message = message
        self.remedy = remedy
        self.subject = subject
        self.occurrences = occurrences
        self.first = first
        self.last = last
        self.observations = observations
        self.waiver = waiver
        self.allowance = allowance
    }

    /// The canonical order of findings: policy, requirement, subject, id.
    public static func canonicalOrder(_ left: Finding, _ right: Finding) -> Bool {
        (left.policy, left.requirement, left.subject.id, left.id) < (right.policy, right.requirement, right.subject.id, right.id)
    }
}
