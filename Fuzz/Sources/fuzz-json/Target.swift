// What is read is written and read again, and is the same; writing it canonically twice gives the same bytes.

@c(LLVMFuzzerTestOneInput)
public func test(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let value: Value
    do throws(JSONError) {
        value = try JSON.parse(UnsafeBufferPointer(start: start, count: count), maxDepth: 200)
    } catch {
        precondition(error.offset >= 0 && error.offset <= count, "an offset outside of the text")
        return 0
    }
    precondition(value == value, "differs from itself")
    precondition(same(read(JSON.write(value)), value), "reads back as something else")
    let canonical = JSON.write(value, canonical: true)
    precondition(JSON.write(read(canonical), canonical: true) == canonical, "is not canonical")
    return 0
}

private func read(_ bytes: [UInt8]) -> Value {
    guard let value = try? JSON.parse(bytes) else { preconditionFailure("what is written can't be read") }
    return value
}

/// Equality but for integral doubles, which read back as ints.
private func same(_ a: Value, _ b: Value) -> Bool { a == b || a.celEquals(b) }
