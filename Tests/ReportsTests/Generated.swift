import Reports
import Residency

/// A small generator with a seed, so that a failing run can be had again.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func roll(_ limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(limit))
    }

    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[roll(choices.count)] }
}

extension Sample {
    /// A run of this many findings of all kinds.
    static func random(count: Int, seed: UInt64) -> Run {
        var dice = Dice(seed: seed)
        let findings = (0..<count).map { number in
            let verdict = dice.pick(Verdict.allCases)
            let finding = finding(
                "thing-\(number)", dice.pick(Activity.allCases).rawValue, verdict, dice.pick(Severity.allCases),
                policy: dice.pick(["eu-hosting", "au-hosting", "not-listed"]), at: [dice.pick([ireland, virginia, sydney, nowhere])],
                message: "is somewhere", occurrences: dice.roll(4) + 1, tenant: dice.pick(["acme", "globex", nil]))
            return verdict == .waived ? waived(finding) : verdict == .satisfied && dice.roll(5) == 0 ? allowed(finding) : finding
        }
        return make(findings: findings, malformed: dice.roll(2), shortfalls: dice.roll(2) == 0 ? [] : ["something was asked for"])
    }
}

/// Names that try to break out of every format.
enum Hostile {
    static let names = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'; drop table findings; --", "]]>&amp;&#0;",
        "=HYPERLINK(\"http://x\")",
        "+1+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "\t=1+1", "＝1+1", "ab\u{0}cd\u{1}\u{8}\u{B}\u{1F}", "\u{1B}[31mred\u{1B}]0;title\u{7}",
        "abc\u{202E}gpj.exe", "\u{2066}isolate\u{2069}", "zero\u{200B}width\u{FEFF}", "line\nbreak\r\nand\ttab", "\u{FFFE}\u{FFFF}", "é🇩🇪中文",
        "::error::injected%0A", "| a | b |\n|---|\n[x](javascript:alert(1))", "`code` **bold** <b>", String(repeating: "long", count: 2000),
        "",
        "\u{2028}\u{2029}", "</style><style>*{}", "--><!--", "${jndi:ldap://x}",
    ]

    static let run: Run = {
        let findings = names.enumerated().map { index, name in
            var finding = Sample.finding(
                "x", "stored", Verdict.allCases[index % 4], .high, policy: index % 5 == 0 ? name : "eu-hosting", at: [Sample.virginia],
                message: name,
                remedy: name)
            finding.id = Sample.id(of: "\(index)")
            finding.subject = Subject(id: name, type: name, provider: name, account: name, data: name, tenant: name, system: name)
            finding.basis = [name]
            finding.message = name
            finding.observations = [
                Observation(
                    vector: name, activity: .stored, place: Place(name: name, location: .unknown(name)), says: name,
                    record: RecordReference(input: index % 3, ordinal: index, pointer: name))
            ]
            finding.waiver = WaiverNote(
                category: .waived, reason: name, owner: name, approver: name, ticket: name, expires: "2026-12-01")
            return finding
        }
        var run = Sample.make(findings: findings)
        run.inputs[0].path = names[0]
        run.inputs[1].path = names[12]
        run.coverage.accounts = names
        run.coverage.unknownTypes = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: { $1 })
        run.coverage.shortfalls = names
        run.coverage.blindSpots = names
        run.policies[0].title = names[0]
        run.policies[0].prose = names
        run.exceptions[0].covers = names[1]
        run.diagnostics = names.map { Diagnostic(.warning, path: $0, message: $0) }
        return run
    }()
}
