import ArgumentParser
import Audit
import Foundation
import Reports
import Residency

/// Which reports are wanted, and where they go.
struct FormatOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("NAME, NAME=PATH or NAME,NAME; `-` is standard output; repeatable. \(ReportFormat.allCases.map(\.rawValue).joined(separator: " "))", valueName: "name[=path]"))
    var format: [String] = []

    func validate() throws { _ = try requests() }

    func requests() throws -> [ReportRequest] { try format.flatMap(Self.requests) }

    private static func requests(_ text: String) throws -> [ReportRequest] {
        do {
            return try ReportRequest.list(text)
        } catch {
            switch error {
            case .unknown(let name):
                let names = ReportFormat.allCases.map(\.rawValue)
                let near = NearMatch.best(to: name, among: names).map { "; did you mean `\($0)`?" } ?? ". There are: \(names.joined(separator: " "))"
                throw ValidationError("there is no format `\(name)`\(near)")
            case .noPath(let text): throw ValidationError("`\(text)` has no path after the `=`")
            }
        }
    }

    /// Bytes of a report to where it was asked for; without a path to standard output.
    static func put(_ bytes: [UInt8], of request: ReportRequest, folder: String?) throws {
        let path = request.path ?? folder.map { $0 + "/" + request.format.defaultFileName } ?? "-"
        if path != "-" {
            try OutputFolder.write(bytes, to: path)
            if request.path == nil { Terminal.say("wrote \(path)") }
        } else if request.format == .pdf, isatty(STDOUT_FILENO) == 1 {
            throw AuditError.other("a PDF is not for a terminal: say where it goes, `--format pdf=report.pdf`")
        } else {
            Terminal.result(bytes)
        }
    }
}
