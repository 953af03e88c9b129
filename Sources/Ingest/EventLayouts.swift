public import Residency

/// How the log formats that are read name what every event has.
public enum EventLayouts {
    /// The layout of a format; `nil` if it is no log format.
    public static func of(_ format: String) -> EventLayout? { all.first { $0.format == format } }

    /// Whether the provider signs digests of the files of a format, which could prove them.
    public static func areDigested(_ format: String) -> Bool { format == CloudTrail.id }

    public static let all: [EventLayout] =
        [CloudTrail.layout, VPCFlowLogs.layout, S3AccessLogs.layout, LoadBalancerLogs.layout, CloudFrontLogs.layout, WAFLogs.layout]
        + [BedrockInvocations.layout, KubernetesAudit.layout, OCSFEvents.layout, AzureFlowLogs.layout]
        + [GoogleLogging.audit, GoogleLogging.flow, GoogleLogging.transparency, GoogleLogging.entry, AzureLogs.signIn, AzureLogs.event]
        + [CloudWatchLogs.other, EventBridge.layout, GitHubAudit.layout] + OpenTelemetry.signals.map(\.layout)
}
