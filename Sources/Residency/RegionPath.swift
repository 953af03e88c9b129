/// A run of the parts of a name, between slashes, that tells a region: `projects/{project}/locations/{region}`. It may begin
/// anywhere in the name; capitals mean nothing.
struct RegionPath: Sendable {
    let provider: String
    /// `nil` stands for any part.
    private let parts: [String?]

    init?(_ text: String, _ provider: String) {
        let parts = text.split(separator: "/").map { $0.hasPrefix("{") && $0.hasSuffix("}") ? nil : $0.lowercased() }
        guard text.hasSuffix("/{region}"), parts.count > 1, parts[0] != nil, !provider.isEmpty else { return nil }
        self.provider = provider
        self.parts = parts
    }

    func region(in name: [Substring]) -> Substring? {
        guard name.count >= parts.count else { return nil }
        for start in 0...(name.count - parts.count) {
            let isThere = parts.indices.allSatisfy { index in parts[index].map { $0 == name[start + index].lowercased() } ?? true }
            if isThere { return name[start + parts.count - 1] }
        }
        return nil
    }
}
