import Residency

/// Texts from outside, for reports.
extension SafeText {
    /// The text for XML 1.0: what it forbids even when escaped becomes U+FFFD.
    static func xml(_ text: String) -> String {
        // Beside control characters XML has no place for two that begin with 0xEF.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0xEF || $0 == 0x0A }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            result.unicodeScalars.append(isXMLCharacter(scalar) ? scalar : "\u{FFFD}")
        }
        return result
    }

    /// At most this many characters, the last of them an ellipsis if something was cut.
    static func cut(_ text: String, to limit: Int) -> String {
        text.utf8.count <= limit || text.count <= limit ? text : text.prefix(max(0, limit - 1)) + "…"
    }

    private static func isXMLCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
