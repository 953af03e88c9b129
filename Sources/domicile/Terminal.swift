import Foundation

/// What goes to people: standard error. Standard output is the result, nothing else.
enum Terminal {
    /// A message that ends the run.
    static func error(_ text: String) { write("error: " + text, unlessPrefixed: true) }

    /// A message for people.
    static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    /// The result.
    static func result(_ bytes: [UInt8]) {
        try? FileHandle.standardOutput.write(contentsOf: Data(bytes))
    }

    static func result(_ text: String) { result(Array((text + "\n").utf8)) }

    /// Whether a stream may carry colours: a terminal, and nobody said no.
    static func color(_ choice: ColorChoice, stream: Int32) -> Bool {
        switch choice {
        case .always: return true
        case .never: return false
        case .auto:
            let environment = ProcessInfo.processInfo.environment
            return isatty(stream) == 1 && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        }
    }

    /// The columns of the terminal; 100 where there is none.
    static var width: Int { columns(of: STDOUT_FILENO) }

    /// The columns of the terminal that people's messages go to.
    static var errorWidth: Int { columns(of: STDERR_FILENO) }

    private static func columns(of stream: Int32) -> Int {
        var size = winsize()
        if ioctl(stream, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return 100
    }

    private static func write(_ text: String, unlessPrefixed: Bool) {
        let body = text.contains(": error: ") ? String(text.dropFirst("error: ".count)) : text
        say(body)
    }
}
