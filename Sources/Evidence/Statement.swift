public import Residency

/// An in-toto Statement v1: *of these files, by digest, this predicate is true*.
public struct Statement: Sendable, Hashable {
    /// A file that the statement speaks of.
    public struct Subject: Sendable, Hashable {
        /// A relative path with `/`; it can't leave its folder.
        public var name: String
        /// Lower-case hexadecimal.
        public var sha256: String

        public init(name: String, sha256: String) {
            self.name = name
            self.sha256 = sha256
        }
    }

    /// Over this many subjects sigstore-go (and so cosign) refuses a statement.
    public static let subjectLimit = 1024

    public var subjects: [Subject]
    public var predicateType: String
    public var predicate: CanonicalValue

    public init(subjects: [Subject], predicateType: String, predicate: CanonicalValue) {
        self.subjects = subjects
        self.predicateType = predicateType
        self.predicate = predicate
    }

    /// The statement of an evaluation: what went in, what came out, in a few kilobytes whatever the run's size.
    public init(run: Run, subjects: [(name: String, sha256: String)], details: EvaluationDetails = EvaluationDetails()) {
        self.init(
            subjects: subjects.map { Subject(name: $0.name, sha256: $0.sha256) }, predicateType: EvaluationDetails.predicateType,
            predicate: EvaluationDetails.predicate(of: run, details))
    }

    /// The canonical JSON that is signed.
    public func bytes() throws -> [UInt8] {
        guard !subjects.isEmpty else { throw EvidenceError(.badContent, "a statement needs at least one file to speak of") }
        guard subjects.count <= Self.subjectLimit else {
            throw EvidenceError(
                .badContent, "\(subjects.count) files are more than the \(Self.subjectLimit) that verifiers accept in one statement")
        }
        for subject in subjects where SHA256Digest(hex: subject.sha256) == nil {
            throw EvidenceError(.badContent, "`\(subject.sha256)` is not a SHA-256, for `\(subject.name)`")
        }
        let value: CanonicalValue = [
            "_type": "https://in-toto.io/Statement/v1", "predicate": predicate, "predicateType": .string(predicateType),
            "subject": .array(subjects.map { ["digest": ["sha256": .string($0.sha256)], "name": .string($0.name)] }),
        ]
        return value.bytes
    }
}
