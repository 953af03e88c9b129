import ArgumentParser

struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "The manual page, made from what --help is made from.",
        discussion: """
            EXAMPLES
              domicile manual | man -l -
              domicile manual > /usr/local/share/man/man1/domicile.1
              domicile --generate-completion-script bash > /etc/bash_completion.d/domicile
            """)

    func run() throws { Terminal.result(Array(try ManualPage.render(dump: Domicile._dumpHelp(), version: Domicile.version).utf8)) }
}
