import Audit
import Foundation
import Ingest
import Policy
import Pushdown
import Residency
import Testing

struct StatementTests {
    static func statement(_ dialect: Dialect, _ layout: Layout) throws -> Statement {
        let events = try #require(EventLayouts.all.first { $0.format == "aws-cloudtrail" })
        return Statement(try RuleFiles().load(now: 0).rules.catalogue, events: events, dialect: dialect, layout: layout)
    }

    @Test func `a condition is of three values`() throws {
        let sql = try Self.statement(.duckdb, .documents).sql
        #expect(sql.contains("holds IS DISTINCT FROM FALSE"))
        #expect(!sql.contains("WHERE NOT"))
    }

    @Test func `what is not put into SQL is named with its reason`() throws {
        let refusals = try Self.statement(.duckdb, .documents).refusals
        let zone = try #require(refusals.first { $0.vector == "aws.zone.placed" })
        #expect(zone.reason.contains("`matches`"))
        #expect(refusals.count < 20)
    }

    @Test func `a layout that lacks a field says which vectors it cannot answer`() throws {
        let refusals = try Self.statement(.trino, .athenaCloudTrail).refusals
        #expect(refusals.contains { $0.reason.contains("is not in the layout `athena-cloudtrail`") && $0.instead.contains("raw logs") })
        #expect(!Layout.athenaCloudTrail.losses.isEmpty)
    }

    @Test func `only what our tests run is said to be executed`() throws {
        for dialect in Dialect.allCases {
            for layout in Layout.allCases {
                #expect(try Self.statement(dialect, layout).sql.contains("Not executed by us") == !dialect.isExecuted(layout))
            }
        }
    }

    @Test(.enabled(if: EngineCommand.sqlglot != nil, "sqlglot \(EngineCommand.missing)"))
    func `every statement is of its dialect's syntax`() throws {
        let scratch = try Scratch()
        let dialects: [Dialect: String] = [.duckdb: "duckdb", .sparkSQL: "spark", .clickhouse: "clickhouse", .postgres: "postgres", .trino: "trino"]
        var checks = "import sqlglot\n"
        for dialect in Dialect.allCases {
            for layout in Layout.allCases {
                let name = "\(dialect.rawValue)-\(layout.rawValue).sql"
                try scratch.write(try Self.statement(dialect, layout).sql, to: name)
                checks += "sqlglot.parse_one(open('\(scratch.path)/\(name)').read(), read='\(dialects[dialect] ?? "")')\n"
            }
        }
        // What is no SQL must not pass.
        checks += "try:\n    sqlglot.parse_one('SELECT FROM WHERE (', read='trino')\nexcept sqlglot.errors.ParseError:\n    print('checked')\n"
        try scratch.write(checks, to: "check.py")
        let process = Process()
        process.executableURL = URL(filePath: try #require(EngineCommand.sqlglot))
        process.arguments = [scratch.path + "/check.py"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(String(decoding: said, as: UTF8.self) == "checked\n")
    }
}
