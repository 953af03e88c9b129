import Engine
import Testing

struct ClockTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", Int64(0)),
        ("2000-02-29T12:00:00Z", 951_825_600),
        ("2026-11-22T21:00:00Z", 1_795_381_200),
        ("2026-11-22T21:00:00.123Z", 1_795_381_200),
        ("2026-11-22T22:00:00+01:00", 1_795_381_200),
        ("1969-12-31T23:59:59Z", -1),
    ])
    func `a time is read as seconds`(_ text: String, _ seconds: Int64) {
        #expect(Clock.seconds(text) == seconds)
    }

    @Test(arguments: ["", "2026-11-22", "2026-13-01T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T21:00:00", "yesterday at noon, about"])
    func `what is no time is no number`(_ text: String) {
        #expect(Clock.seconds(text) == nil)
    }

    @Test func `writing and reading are each other's inverse`() {
        for seconds in stride(from: Int64(-5_000_000_000), through: 8_000_000_000, by: 86_399 * 17) {
            #expect(Clock.seconds(Clock.text(seconds)) == seconds)
        }
    }
}
