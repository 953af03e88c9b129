// swift-tools-version: 6.2
import PackageDescription

// A package of its own: the top level needs neither the benchmark nor what it is compared with.
// Sources/CEL is a link to the library's sources, so that nothing else of the repository is built.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"), .treatAllWarnings(as: .error),
]

let package = Package(
  name: "cel-benchmark",
  targets: [
    .target(name: "CEL", swiftSettings: settings),
    .executableTarget(name: "celbench", dependencies: ["CEL"], swiftSettings: settings),
  ])
