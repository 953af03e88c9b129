/// What was promised: each policy as sentences, with its legal basis.
enum HTMLPromises {
    static func write(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let say = context.say
        writer.element("p", [("class", "soft")], say(context.overview.policies.isEmpty ? .noPolicies : .promisedLead))
        for policy in context.overview.policies {
            writer.element("h3", policy.title)
            writer.element("p", [("class", "soft")]) { writer in
                writer.element("code", policy.id)
                if !policy.sha256.isEmpty {
                    writer.text(" · \(say(.digest)) ")
                    writer.element("code", policy.sha256)
                }
            }
            sentences(policy.prose, context.retelling?.promises(of: policy.id) ?? [], say, to: &writer)
            // Where the sentences cite it already, once is enough.
            let isCited = policy.basis.allSatisfy { basis in policy.prose.contains { $0.contains(basis) } }
            if !isCited {
                writer.element("p", [("class", "basis")], say(.legalBasis) + ": " + policy.basis.joined(separator: "; "))
            }
        }
    }

    /// A policy's sentences, after what it promises in the page's language, if that is another.
    static func sentences(_ prose: [String], _ promises: [String], _ say: Wording, to writer: inout HTMLWriter) {
        if !promises.isEmpty {
            writer.element("ul", [("class", "plain")]) { writer in for line in promises { writer.element("li") { $0.sentence(line) } } }
            writer.element("p", [("class", "soft")], say(.wording) + ":")
        }
        guard !prose.isEmpty else { return }
        writer.element("ul", [("class", "plain")]) { writer in for sentence in prose { writer.element("li") { $0.prose(sentence) } } }
    }
}
