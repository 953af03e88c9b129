/// One kind of input: how to tell it by its content, and how to read it. A format is one file in `Formats/`.
protocol InputFormat: SendableMetatype {
    /// The id that users see: `aws-cloudtrail`.
    static var id: String { get }
    /// What people call it, for the message about an input that is none of them.
    static var title: String { get }
    /// Whether the input is of this format, by its beginning.
    static func recognises(_ head: Head) -> Bool
    /// Reads the whole input into the session.
    static func read(_ session: ReadSession) throws(ReadError)
}

/// Every format, in the order in which they are asked.
let inputFormats: [any InputFormat.Type] = [
    CloudWatchLogs.self, CloudTrail.self, CloudTrailTable.self, AWSConfig.self, EventBridge.self, TerraformState.self, TerraformPlan.self, CloudFormation.self, AzureTemplate.self,
    MappingFile.self, ProcessorRegister.self,
    CloudTrailDigest.self, CloudTrailKeys.self, ObjectMetadata.self, WAFLogs.self, BedrockInvocations.self, GoogleLogging.self, AzureFlowLogs.self, AzureLogs.self, AzureLogTables.self,
    KubernetesAudit.self, GitHubAudit.self, OpenTelemetry.self, OCSFInventory.self, OCSFEvents.self, VPCFlowLogs.self, S3AccessLogs.self,
    LoadBalancerLogs.self, CloudFrontLogs.self, CloudFrontJSON.self,
    CloudAsset.self, GoogleResource.self, AzureResource.self, Kubernetes.self, AWSAnswer.self,
]

/// The formats that are read.
public enum InputFormats {
    /// Their ids, in the order in which they are asked; two shapes of one format have one.
    public static let ids = inputFormats.map { $0.id }.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
}

/// Formats of inputs that hold no records, but speak of other inputs: `ReadOutcome.document` has them whole.
public enum DocumentFormat: String, Sendable {
    case cloudTrailDigest = "aws-cloudtrail-digest"
    case cloudTrailKeys = "aws-cloudtrail-keys"
    case storageMetadata = "storage-metadata"
}
