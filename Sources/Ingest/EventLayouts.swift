public import Residency

/// How the log formats that are read name what every event has.
public enum EventLayouts {
    public static let all: [EventLayout] = [CloudTrail.layout]
}
