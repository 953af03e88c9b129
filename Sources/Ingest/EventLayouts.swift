public import Residency

/// How the log formats that are read name what every event has.
public enum EventLayouts {
    public static let all: [EventLayout] =
        [CloudTrail.layout, VPCFlowLogs.layout, S3AccessLogs.layout, LoadBalancerLogs.layout, CloudFrontLogs.layout, WAFLogs.layout]
        + [BedrockInvocations.layout, KubernetesAudit.layout, OCSFEvents.layout, AzureFlowLogs.layout]
        + [GoogleLogging.audit, GoogleLogging.flow, GoogleLogging.transparency, GoogleLogging.entry, AzureLogs.signIn, AzureLogs.event]
        + OpenTelemetry.signals.map(\.layout)
}
