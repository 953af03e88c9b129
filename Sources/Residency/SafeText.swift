/// Texts from outside, made safe to look at. Names in inputs and in evidence may be hostile: they may hold terminal commands, or
/// characters that reverse the reading order.
public enum SafeText {
    /// The text for people: control characters and characters that hide or reorder text become visible as `⟨U+202E⟩`.
    /// Line breaks become spaces.
    public static func visible(_ text: String) -> String {
        if text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n" || scalar == "\t" || scalar == "\r" {
                result.unicodeScalars.append(" ")
            } else if isHidden(scalar) {
                result += "⟨U+\(hexadecimal(scalar.value))⟩"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F: true  // C0 and C1 controls
        case 0x200B, 0x2060, 0xFEFF, 0x00AD, 0x180E: true  // no width
        case 0x200E, 0x200F, 0x061C, 0x202A...0x202E, 0x2066...0x2069: true  // reading order
        case 0x2028, 0x2029, 0xFFF9...0xFFFB, 0xE0000...0xE007F: true  // separators, annotations, tags
        case 0xFDD0...0xFDEF: true  // not characters, and so are the last two of each plane
        default: scalar.value & 0xFFFE == 0xFFFE
        }
    }

    public static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
