// swift-tools-version: 6.2
import PackageDescription

// Targets in layer order; arrows point down only (ARCHITECTURE.md has the table, a test holds the code to it).
let package = Package(
    name: "domicile",
    products: [
        .executable(name: "domicile", targets: ["domicile"]),
        .library(name: "CEL", targets: ["CEL"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // 0: the expression language, a library of its own
        .target(name: "CEL"),
        // 0: the words of the design as values
        .target(name: "Residency", dependencies: ["CEL"]),
        // 0: C faces
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .target(name: "CXML", dependencies: ["CLibXML2"]),
        .target(name: "CInflate", linkerSettings: [.linkedLibrary("deflate"), .linkedLibrary("z"), .linkedLibrary("zstd")]),
        .target(name: "CScan"),
        .target(name: "CPrefetch"),
        .target(name: "CHeap"),
        .target(name: "CMaxMind", linkerSettings: [.linkedLibrary("maxminddb")]),
        // 0: catalogue, places and jurisdictions as they were at build time
        .target(name: "Builtin", plugins: ["EmbedPolicies"]),
        // 1: YAML -> compiled rules
        .target(name: "Policy", dependencies: ["Residency", "CEL", "Yams"]),
        // 1: bytes -> records
        .target(
            name: "Ingest", dependencies: ["Residency", "CEL", "CScan", "CInflate", "CXML", "Yams"],
            resources: [.embedInCode("Tables/aws-responses.yaml"), .embedInCode("Tables/gcp-collections.yaml")]),
        // 2: records and rules -> findings
        .target(name: "Engine", dependencies: ["Residency", "Policy", "CEL", "CPrefetch", .product(name: "Crypto", package: "swift-crypto")]),
        // 2: findings -> bytes
        .target(name: "Reports", dependencies: ["Residency", "CXML"]),
        // 2: statement, signature, proofs
        .target(
            name: "Evidence",
            dependencies: [
                "Residency", .product(name: "Crypto", package: "swift-crypto"), .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ]),
        // 2: the check of a bundle, apart from what wrote it
        .target(
            name: "EvidenceVerify",
            dependencies: [
                "Residency", .product(name: "Crypto", package: "swift-crypto"), .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"), .product(name: "X509", package: "swift-certificates"),
            ]),
        // 3: compiled rules -> SQL for an engine that exists; its answer -> observations
        .target(name: "Pushdown", dependencies: ["CEL", "Residency", "Policy", "Engine"]),
        // 3: the history of runs
        .target(name: "EvidenceStore", dependencies: ["Residency", "Evidence", "EvidenceVerify", .product(name: "Crypto", package: "swift-crypto"), .product(name: "GRDB", package: "GRDB.swift")]),
        // 4: one whole run
        .target(
            name: "Audit",
            dependencies: [
                "Residency", "CEL", "Builtin", "CMaxMind", "Policy", "Ingest", "Engine", "Pushdown", "Reports", "Evidence", "EvidenceVerify", "EvidenceStore",
                .product(name: "Crypto", package: "swift-crypto"),
            ]),
        // 5: the command line
        .executableTarget(name: "domicile", dependencies: ["Audit", "CHeap", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
        .executableTarget(name: "embed-policies", dependencies: ["Yams"]),
        // The audit's path in one thread, for counting instructions
        .executableTarget(name: "measure", dependencies: ["Residency", "Builtin", "Policy", "Ingest", "Engine"], path: "Benchmarks/Instructions", exclude: ["counts.txt"]),
        .plugin(name: "EmbedPolicies", capability: .buildTool(), dependencies: ["embed-policies"]),

        .testTarget(name: "CELTests", dependencies: ["CEL"], exclude: ["conformance-skips.txt"]),
        .testTarget(name: "ResidencyTests", dependencies: ["Residency"]),
        .testTarget(name: "PolicyTests", dependencies: ["Policy", "Builtin", "Residency", "CEL"], exclude: ["Golden"]),
        .testTarget(name: "IngestTests", dependencies: ["Ingest", "CScan", "Residency", "CEL"], exclude: ["corpus-differences.tsv", "inventory-differences.tsv", "damaged-answers.tsv"]),
        .testTarget(name: "EngineTests", dependencies: ["Engine", "Policy", "Residency", "CEL"]),
        .testTarget(name: "PushdownTests", dependencies: ["Pushdown", "Audit", "Reports", "Engine", "Ingest", "Policy", "Residency", "CEL"]),
        .testTarget(name: "ReportsTests", dependencies: ["Reports", "Residency"], exclude: ["Golden"]),
        .target(
            name: "EvidenceTestSupport", dependencies: ["Evidence", "Residency"], path: "Tests/EvidenceTests/Support"),
        .testTarget(
            name: "EvidenceTests", dependencies: ["Evidence", "EvidenceVerify", "EvidenceTestSupport", "Residency"], exclude: ["Support"]),
        .testTarget(
            name: "EvidenceStoreTests",
            dependencies: [
                "EvidenceStore", "Evidence", "EvidenceVerify", "EvidenceTestSupport", "Residency", .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(name: "LayeringTests"),
        .testTarget(name: "EndToEndTests", dependencies: ["domicile", "Yams"], exclude: ["ways.json"]),
    ],
    cxxLanguageStandard: .cxx20
)

for target in package.targets where [.regular, .executable, .test].contains(target.type) && !target.name.hasPrefix("C") || target.name == "CEL" {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .treatAllWarnings(as: .error),
    ]
}
