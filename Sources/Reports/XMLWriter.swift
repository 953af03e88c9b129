import CXML
import Residency

/// Writes an XML document through libxml2, which does the escaping. Names are of our own making; values may be hostile.
struct XMLWriter: ~Copyable {
    private let handle: OpaquePointer
    private var failed = false

    /// `nil` if there is no memory.
    init?() {
        guard let handle = cxml_writer_new() else { return nil }
        self.handle = handle
    }

    deinit { cxml_writer_free(handle) }

    /// Writes an element with its attributes, in the order given, and what the closure writes into it.
    mutating func element(
        _ name: StaticString, _ attributes: [(StaticString, String)] = [], _ content: (inout XMLWriter) -> Void = { _ in }
    ) {
        begin(name, attributes)
        if !failed { content(&self) }
        end()
    }

    mutating func begin(_ name: StaticString, _ attributes: [(StaticString, String)] = []) {
        run { cxml_writer_start_element($0, name.description) }
        for (key, value) in attributes { run { cxml_writer_attribute($0, key.description, SafeText.xml(value)) } }
    }

    mutating func end() { run { cxml_writer_end_element($0) } }

    mutating func text(_ text: String) { run { cxml_writer_text($0, SafeText.xml(text)) } }

    /// Ends the document; `nil` if anything went wrong on the way.
    mutating func finish() -> [UInt8]? {
        var bytes: UnsafePointer<UInt8>?
        var count = 0
        run { cxml_writer_finish($0, &bytes, &count) }
        guard !failed, let bytes else { return nil }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    // After a failure nothing more is called, as the C face demands.
    private mutating func run(_ call: (OpaquePointer) -> CInt) {
        if !failed && call(handle) != 0 { failed = true }
    }
}
