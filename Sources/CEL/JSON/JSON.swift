/// JSON (RFC 8259) to values and back.
///
/// A number without fraction and exponent that fits becomes an int, any other a double.
public enum JSON {
    /// What was read, with what is worth knowing about it.
    public struct Document: Sendable {
        /// The value.
        public var value: Value
        /// Whether an object had a name twice; the last one counts.
        public var hasDuplicateKeys: Bool
    }

    /// Reads one value from UTF-8. White space may surround it, nothing else.
    public static func parse(_ bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int = 512) throws(JSONError) -> Value {
        try parseDocument(bytes, maxDepth: maxDepth).value
    }

    /// Reads one value from UTF-8.
    public static func parse(_ bytes: [UInt8], maxDepth: Int = 512) throws(JSONError) -> Value {
        try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in try parse(buffer, maxDepth: maxDepth) }
    }

    /// Reads one value from text.
    public static func parse(_ text: String, maxDepth: Int = 512) throws(JSONError) -> Value {
        try parse(Array(text.utf8), maxDepth: maxDepth)
    }

    /// Reads one value from UTF-8 and says whether names came twice.
    public static func parseDocument(
        _ bytes: UnsafeBufferPointer<UInt8>, maxDepth: Int = 512
    ) throws(JSONError) -> Document {
        var parser = JSONParser(bytes, maxDepth: maxDepth)
        let value = try parser.parseDocument()
        return Document(value: value, hasDuplicateKeys: parser.hasDuplicateKeys)
    }

    /// Writes a value as UTF-8.
    ///
    /// Bytes become base64, times and networks their text, types their name, an absent optional null, a NaN or infinity
    /// the string of its name, keys that aren't strings their text.
    ///
    /// - Parameter canonical: sort the members of objects by name, in UTF-16 order as RFC 8785 wants, and write numbers
    ///   as that does.
    public static func write(_ value: Value, canonical: Bool = false) -> [UInt8] {
        var writer = JSONWriter(canonical: canonical)
        writer.write(value)
        return writer.output
    }
}

/// Why a text isn't JSON, and where.
public struct JSONError: Error, Sendable, Hashable {
    /// What kind of thing is wrong.
    public enum Code: String, Sendable, Hashable {
        case unexpectedEnd = "unexpected-end"
        case unexpectedByte = "unexpected-byte"
        case invalidNumber = "invalid-number"
        case invalidString = "invalid-string"
        case invalidUTF8 = "invalid-utf8"
        case tooDeep = "too-deep"
        case trailing = "trailing"
    }

    /// The kind.
    public var code: Code
    /// The offset of the byte.
    public var offset: Int
    /// What is wrong: one line, lower case, no full stop.
    public var message: String

    init(_ code: Code, _ offset: Int, _ message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }
}
