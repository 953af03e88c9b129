import ArgumentParser
import Audit
import Foundation

/// What was read before need not be read again.
struct CacheOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("What each input showed and what the whole came to, kept for the next run (default: beside --store, as <store>.cache).", valueName: "dir"))
    var cache: String?

    @Flag(name: .long, help: "Read and judge everything anew, and keep nothing.")
    var noCache = false

    @Option(name: .long, help: ArgumentHelp("The most that is kept: 500MB, 2GB (default: 2GB).", valueName: "size"))
    var cacheLimit: String?

    func validate() throws {
        if let cacheLimit, Self.bytes(cacheLimit) == nil { throw ValidationError("`\(cacheLimit)` is not a size: write it as 500MB or 2GB") }
    }

    /// - Parameter store: the history that the user named; without one there is nowhere to find a cache again.
    func cache(store: String?) -> PartialCache? {
        guard !noCache, let folder = cache ?? store.map({ $0 + ".cache" }) else { return nil }
        return PartialCache(folder: folder, limit: cacheLimit.flatMap(Self.bytes) ?? PartialCache.standardLimit)
    }

    private static func bytes(_ text: String) -> Int? {
        let units = [("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1000), ("B", 1)]
        for (unit, factor) in units where text.uppercased().hasSuffix(unit) {
            guard let number = Double(text.dropLast(unit.count)), number >= 0, number < 1e9 else { return nil }
            return Int(number * Double(factor))
        }
        return Int(text).flatMap { $0 >= 0 ? $0 : nil }
    }
}
