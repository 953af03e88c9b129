/// A subject's name with the tenant that an event tells: one bucket holds the data of several tenants.
public struct Attribution: Hashable, Sendable {
    public var name: String
    public var tenant: String?

    /// A sign that stands in no name and parts the two in one text.
    private static let mark: UInt8 = 0x1F

    public init(name: String, tenant: String?) {
        self.name = name
        self.tenant = tenant
    }

    /// Reads `text`.
    public init(_ text: String) {
        guard let at = text.utf8.firstIndex(of: Self.mark) else {
            self.init(name: text, tenant: nil)
            return
        }
        self.init(name: String(text[..<at]), tenant: String(text[text.utf8.index(after: at)...]))
    }

    /// Both in one text.
    public var text: String { tenant.map { name + String(Unicode.Scalar(Self.mark)) + $0 } ?? name }

    /// What stands for `{tenant}` in a pattern that the whole text is made after (`tenants/{tenant}/*`): the shortest run of
    /// characters other than `/`, as far to the left as it goes. The empty text if there is none.
    public static func capture(_ pattern: String, in text: String) -> String {
        guard let hole = pattern.firstRange(of: "{tenant}") else { return "" }
        let (before, after) = (String(pattern[..<hole.lowerBound]), String(pattern[hole.upperBound...]))
        let isFixed = !before.contains { $0 == "*" || $0 == "?" }
        if isFixed, !text.hasPrefix(before) { return "" }
        let starts = isFixed ? [text.index(text.startIndex, offsetBy: before.count)] : Array(text.indices.prefix(longest))
        for start in starts where isFixed || Glob.matches(before, String(text[..<start])) {
            var end = start
            while end < text.endIndex, text[end] != "/" {
                end = text.index(after: end)
                if Glob.matches(after, String(text[end...])) { return String(text[start..<end]) }
            }
        }
        return ""
    }

    /// How far into a text a pattern that begins with `*` is tried.
    private static let longest = 512
}
