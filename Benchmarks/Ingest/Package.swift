// swift-tools-version: 6.2
import PackageDescription

// The reader alone, against inflating alone. The targets are links to the package's own.
let package = Package(
    name: "ingest-benchmark",
    dependencies: [.package(url: "https://github.com/jpsim/Yams", from: "6.2.2")],
    targets: [
        .target(name: "CEL"),
        .target(name: "Residency", dependencies: ["CEL"]),
        .target(name: "CInflate", linkerSettings: [.linkedLibrary("deflate"), .linkedLibrary("z"), .linkedLibrary("zstd")]),
        .target(name: "CScan"),
        .target(name: "Ingest", dependencies: ["Residency", "CEL", "CScan", "CInflate", "Yams"]),
        .executableTarget(name: "bench", dependencies: ["Ingest", "Residency", "CInflate", "CScan"]),
    ]
)

for target in package.targets where !target.name.hasPrefix("C") || target.name == "CEL" {
    target.swiftSettings = [
        .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}
