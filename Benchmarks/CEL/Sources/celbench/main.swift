import CEL

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Nanoseconds of processor time of this process.
func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// The best and the median of nine runs, in nanoseconds for one of `count`.
func measure(_ count: Int, _ body: () -> Void) -> (best: Double, median: Double) {
    body()
    let runs = (0..<9).map { _ in
        let start = processorTime()
        body()
        return (processorTime() - start) / Double(count)
    }.sorted()
    return (runs[0], runs[4])
}

func read(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return bytes
}

func report(_ name: String, _ mode: String, _ result: (best: Double, median: Double)) {
    print("domicile\t\(name)\t\(mode)\t\((result.best * 10).rounded() / 10)\t\((result.median * 10).rounded() / 10)")
}

func run() throws {
    let document = try JSON.parse(read(CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "cases.json"))
    guard let bindings = document.member("bindings"), let names = bindings.keys else { return }
    var environment = Environment()
    var slots: [Value] = []
    for name in names.compactMap(\.stringValue) {
        environment.declare(name, .dyn)
        slots.append(bindings.member(name) ?? .null)
    }
    environment.declare("resources", .list(.dyn))
    slots.append(.array(Array(repeating: bindings.member("resource") ?? .null, count: 1000)))

    for element in document.member("cases")?.elements ?? [] {
        guard let name = element.member("name")?.stringValue, let source = element.member("expr")?.stringValue else { continue }
        let program = try environment.compile(source)
        guard try program.evaluate(slots).get() == .bool(true) else { return print("\(name) is not true") }
        report(
            name, "per call",
            measure(200_000) {
                for _ in 0..<200_000 { _ = program.evaluate(slots) }
            })
        let loop = try environment.compile("resources.all(resource, \(source))")
        guard try loop.evaluate(slots, limit: .max).get() == .bool(true) else { return print("\(name) is not true") }
        report(
            name, "in a loop",
            measure(200_000) {
                for _ in 0..<200 { _ = loop.evaluate(slots, limit: .max) }
            })
    }
    let numbers = Value.array((0..<20_000).map { .int($0) })
    var lists = Environment()
    lists.declare("numbers", .list(.int))
    for (name, source) in [("filter 20k", "numbers.filter(n, n % 2 == 0)"), ("map 20k", "numbers.map(n, n * 2)")] {
        let program = try lists.compile(source)
        report(name, "whole, ns", measure(1) { _ = program.evaluate([numbers]) })
    }
}

try run()
