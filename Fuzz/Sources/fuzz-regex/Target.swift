// A pattern and a text, parted by a line feed: the table and the machine must agree, in steps linear in the text.

@c(LLVMFuzzerTestOneInput)
public func test(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: start, count: count)
    let split = input.firstIndex(of: 10) ?? count
    let pattern = String(decoding: input[..<split], as: UTF8.self)
    let text = String(decoding: input[min(split + 1, count)...], as: UTF8.self)
    guard let regex = try? Regex(pattern) else { return 0 }
    let (isMatch, steps) = regex.machineSteps(text)
    precondition(regex.matches(text) == isMatch, "the table and the machine disagree")
    precondition(steps <= (text.unicodeScalars.count + 1) * 20_001, "too many steps")
    return 0
}
