import Residency

/// The report for people: one self-contained page. It needs no network and no script to be read; its security policy allows
/// nothing but its own style and script, by digest.
enum HTMLReport {
    static func render(_ run: Run, options: ReportOptions) -> [UInt8] {
        // Half the rows each time until it fits; with none left only counts remain.
        var room = options.maxListed
        while true {
            let bytes = page(HTMLContext(run: run, options: options, room: room))
            if bytes.count <= options.maxBytes || room == 0 { return bytes }
            room /= 2
        }
    }

    private static func page(_ context: HTMLContext) -> [UInt8] {
        var writer = HTMLWriter(language: context.options.language)
        writer.trusted("<!DOCTYPE html>\n")
        writer.element("html", [("lang", context.options.language.rawValue)]) { writer in
            head(context, to: &writer)
            writer.element("body") { writer in
                writer.element("a", [("class", "skip"), ("href", "#answer")], context.say(.skip))
                header(context, to: &writer)
                contents(context, to: &writer)
                writer.element("main") { writer in
                    for section in HTMLSection.allCases where section.isShown(context) {
                        // Of a long page a browser sets what is looked at.
                        let long: HTMLWriter.Attributes = context.run.findings.count > 1000 ? [("class", "long")] : []
                        writer.element("section", [("id", section.rawValue), ("aria-labelledby", "h-\(section.rawValue)")] + long) { writer in
                            writer.element("h2", [("id", "h-\(section.rawValue)")], context.say(section.title))
                            section.write(context, to: &writer)
                        }
                    }
                }
                footer(context, to: &writer)
                writer.element("script") { $0.trusted(PageScript.text) }
            }
        }
        return writer.bytes
    }

    private static func head(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let style = StyleSheet.text(run: context.run.id)
        writer.element("head") { writer in
            writer.void("meta", [("charset", "utf-8")])
            writer.void("meta", [("http-equiv", "Content-Security-Policy"), ("content", securityPolicy(style: style))])
            writer.void("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")])
            writer.void("meta", [("name", "referrer"), ("content", "no-referrer")])
            writer.element("title", context.title)
            writer.element("style") { $0.trusted(style: style) }
        }
    }

    private static func header(_ context: HTMLContext, to writer: inout HTMLWriter) {
        let (run, say) = (context.run, context.say)
        writer.element("header") { writer in
            writer.element("h1", context.title)
            writer.element("p", [("class", "soft")]) { writer in
                var parts = [say(.asOf, run.now), say(.runLabel, run.id), say(.toolLabel, run.toolName, run.toolVersion)]
                if let scope = context.options.scope, scope.from != nil || scope.to != nil {
                    parts.insert(say(.scopePeriod, scope.from ?? "…", scope.to ?? "…"), at: 0)
                }
                writer.text(parts.joined(separator: " · "))
            }
            if context.retelling != nil { writer.element("p", [("class", "soft")], say(.quoted)) }
        }
    }

    private static func contents(_ context: HTMLContext, to writer: inout HTMLWriter) {
        writer.element("nav", [("aria-label", context.say(.contents))]) { writer in
            writer.element("ul") { writer in
                for section in HTMLSection.allCases where section.isShown(context) {
                    writer.element("li") { $0.element("a", [("href", "#\(section.rawValue)")], context.say(section.title)) }
                }
            }
        }
    }

    private static func footer(_ context: HTMLContext, to writer: inout HTMLWriter) {
        writer.element("footer") { writer in
            writer.element("p", context.say(.runLabel, context.run.id) + " · " + context.say(.asOf, context.run.now))
            if let digest = context.options.findingsDigest {
                writer.element("p") { writer in
                    writer.text("findings.json · \(context.say(.digest)) ")
                    writer.element("code", digest)
                }
            }
        }
    }

    /// Nothing may be loaded, sent or run but the two texts whose digests stand here.
    private static func securityPolicy(style: String) -> String {
        "default-src 'none'; style-src '\(digest(style))'; script-src '\(digest(PageScript.text.description))'; base-uri 'none'; form-action 'none'"
    }

    private static func digest(_ text: String) -> String { "sha256-" + Digests.base64(Digests.sha256(Array(text.utf8))) }
}

/// What every part of the page needs.
struct HTMLContext {
    let run: Run
    let options: ReportOptions
    let overview: Overview
    let placements: Placements
    let say: Wording
    let retelling: Retelling?
    /// How many rows a list of findings may have.
    let room: Int

    init(run: Run, options: ReportOptions, room: Int) {
        self.run = run
        self.options = options
        self.room = room
        overview = Overview(run)
        placements = Placements(run)
        say = Wording(language: options.language)
        retelling = Retelling(run.policies, say, options.told)
    }

    var title: String {
        let who = options.scope?.tenant.map { say(.scopeTenant, $0) }
        return say(.title) + (who.map { " · " + $0 } ?? "")
    }
}
