import Evidence
import Foundation

/// The program that runs.
enum ThisProgram {
    /// The SHA-256 of its file, for the statement; `nil` if the system does not tell where it is.
    static var sha256: String? {
        let path = FileManager.default.fileExists(atPath: "/proc/self/exe") ? "/proc/self/exe" : CommandLine.arguments[0]
        return (try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)).map { SHA256Digest(of: $0).hex }
    }
}
