import Reports
import Residency
import Testing

struct DeterminismTests {
    static let options = ReportOptions(
        elapsedSeconds: 2, comparison: BaselineComparison(baseline: "before", before: [], now: Sample.findings))

    @Test(arguments: ReportFormat.allCases)
    func `the same run gives the same bytes`(format: ReportFormat) throws {
        #expect(
            try Reports.render(Sample.run, as: format, options: Self.options)
                == Reports.render(Sample.run, as: format, options: Self.options))
        #expect(try Reports.render(Hostile.run, as: format) == Reports.render(Hostile.run, as: format))
    }

    @Test(arguments: ReportFormat.allCases.filter { $0 != .pdf })
    func `a report is text in UTF-8 and not empty`(format: ReportFormat) throws {
        let bytes = try Reports.render(Hostile.run, as: format)
        #expect(String(validating: bytes, as: UTF8.self) != nil)
        #expect(!bytes.isEmpty)
    }

    @Test func `file names differ`() {
        #expect(Set(ReportFormat.allCases.map(\.defaultFileName)).count == ReportFormat.allCases.count)
    }
}
