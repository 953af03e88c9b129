import Foundation
import Testing

/// The manual page and the completions, made from what `--help` is made from.
struct ManualTests {
    @Test func `every command and option of the help is in the manual`() throws {
        let page = try Binary.run(["manual"]).output.replacingOccurrences(of: "\\-", with: "-")
        for command in CommandLineTests.commands {
            let name = (["domicile"] + command).joined(separator: " ")
            if !command.isEmpty { #expect(page.contains(".SS \"\(name)") , "\(name)") }
            let help = try Binary.run(command + ["--help"]).output
            for word in help.split(whereSeparator: { " \n,=/".contains($0) }) where word.hasPrefix("--") && word.allSatisfy({ $0 == "-" || $0.isLetter }) {
                if ["--help", "--version"].contains(word) { continue }
                #expect(page.contains(word), "\(name): \(word)")
            }
        }
    }

    @Test(.enabled(if: CITemplateTests.program("groff") != nil, "groff is not installed"))
    func `the manual is good roff`() throws {
        let scratch = try Scratch()
        let page = try scratch.write(try Binary.run(["manual"]).output, to: "domicile.1")
        let result = try Binary.execute(try #require(CITemplateTests.program("groff")), ["-ww", "-man", "-Tutf8", page])
        #expect(result.code == 0 && result.errors.isEmpty, "\(result.errors)")
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completions are good shell`(_ shell: String) throws {
        let scratch = try Scratch()
        let result = try Binary.run(["--generate-completion-script", shell])
        #expect(result.code == 0 && result.output.contains("fail-on"), "\(result.output.prefix(200))")
        guard let program = CITemplateTests.program(shell) else { return }
        let script = try scratch.write(result.output, to: "completions")
        #expect(try Binary.execute(program, ["-n", script]).code == 0)
    }
}
