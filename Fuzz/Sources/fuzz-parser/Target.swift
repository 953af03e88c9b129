// Any text is parsed, checked, compiled and its issues printed, without ending the process. Ranges lie in the text.

private let environment: Environment = {
    var environment = Environment(container: "a.b")
    environment.declare("x", .dyn)
    environment.declare("r", .record(RecordType("R", ["a": .int, "l": .list(.string)])))
    return environment
}()

@c(LLVMFuzzerTestOneInput)
public func test(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let source = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    do throws(CompileError) {
        let program = try environment.compile(source)
        for warning in program.warnings { check(warning.range, source) }
        _ = program.references
    } catch {
        precondition(!error.issues.isEmpty, "an error without an issue")
        let renderer = IssueRenderer(source: source, origin: Origin(file: "f", line: 3, column: 5))
        for issue in error.issues {
            check(issue.range, source)
            precondition(!renderer.render(issue).isEmpty, "nothing is printed")
        }
    }
    return 0
}

private func check(_ range: SourceRange, _ source: String) {
    precondition(range.start >= 0 && range.start <= range.end && range.end <= source.utf8.count, "a range outside of the text")
}
