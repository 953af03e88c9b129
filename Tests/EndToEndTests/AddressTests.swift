import Foundation
import Testing

/// Where addresses are, by what the user gives.
struct AddressTests {
    /// A database of two networks: 81.2.69.0/24 is in GB, 24.200.0.0/16 in Québec.
    static let database = """
        AAABAAAmAAAYAAACAAADAAAmAAAmAAAEAAAFAAAmAAAGAAAmAAAHAAAmAAAmAAAIAAAJAAAmAAAKAAAmAAALAAAmAAAMAAAmAAANAAAmAAAOAAAmAAAmAAAP\
        AAAQAAAmAAARAAAmAAAmAAASAAATAAAmAAAUAAAmAAAVAAAmAAAmAAAWAAAXAAAmAAAmAAA2AAAZAAAmAAAmAAAaAAAmAAAbAAAcAAAmAAAdAAAmAAAeAAAm\
        AAAmAAAfAAAmAAAgAAAhAAAmAAAiAAAmAAAmAAAjAAAkAAAmAAAlAAAmAABMAAAmAAAAAAAAAAAAAAAAAAAAAOFHY291bnRyeeFIaXNvX2NvZGVCR0LiR2Nv\
        dW50cnnhSGlzb19jb2RlQkNBTHN1YmRpdmlzaW9ucwEE4Uhpc29fY29kZUJRQ6vN701heE1pbmQuY29t6VtiaW5hcnlfZm9ybWF0X21ham9yX3ZlcnNpb26h\
        AltiaW5hcnlfZm9ybWF0X21pbm9yX3ZlcnNpb26gS2J1aWxkX2Vwb2NoBAJq/jwATWRhdGFiYXNlX3R5cGVMVGVzdC1Db3VudHJ5S2Rlc2NyaXB0aW9u4UJl\
        bkZhIHRlc3RKaXBfdmVyc2lvbqEESWxhbmd1YWdlcwEEQmVuSm5vZGVfY291bnTBJktyZWNvcmRfc2l6ZaEY
        """

    @Test func `a MaxMind database tells countries`() throws {
        let scratch = try Scratch()
        let file = scratch.path + "/t.mmdb"
        try #require(Data(base64Encoded: Self.database)).write(to: URL(filePath: file))
        let result = try Binary.run(["where", "81.2.69.142", "24.200.1.1", "--addresses", file, "--now", Binary.now], in: Binary.root.path)
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.contains("ip:geo/GB") && result.output.contains("ip:geo/CA-QC"), "\(result.output)")
        #expect(result.output.contains("Test-Country, 2026-11-19"), "\(result.output)")
        let unknown = try Binary.run(["where", "9.9.9.9", "--addresses", file], in: Binary.root.path)
        #expect(unknown.code == 2)
    }

    @Test func `published ranges tell regions`() throws {
        let scratch = try Scratch()
        _ = try scratch.write(#"{"syncToken":"1","createDate":"2026-11-20-00-00-00","prefixes":[{"ip_prefix":"3.5.140.0/22","region":"ap-northeast-2","service":"AMAZON","network_border_group":"ap-northeast-2"}],"ipv6_prefixes":[{"ipv6_prefix":"2600:1f18::/33","region":"us-east-1","service":"EC2"}]}"#, to: "a/ip-ranges.json")
        _ = try scratch.write(#"{"syncToken":"1","creationTime":"2026-11-20T00:00:00","prefixes":[{"ipv4Prefix":"34.1.208.0/20","service":"Google Cloud","scope":"africa-south1"}]}"#, to: "a/cloud.json")
        _ = try scratch.write(#"{"changeNumber":1,"cloud":"Public","values":[{"name":"AzureCloud.germanywc","id":"AzureCloud.germanywc","properties":{"region":"germanywc","addressPrefixes":["20.79.0.0/18"]}},{"name":"AzureCloud","id":"AzureCloud","properties":{"region":"","addressPrefixes":["20.0.0.0/8"]}}]}"#, to: "a/ServiceTags.json")
        let result = try Binary.run(
            ["where", "3.5.140.9", "2600:1f18::9", "34.1.208.9", "20.79.1.1", "--addresses", scratch.path + "/a", "--now", Binary.now], in: Binary.root.path)
        #expect(result.code == 0, "\(result.errors)")
        for code in ["KR", "US", "ZA", "DE"] { #expect(result.output.contains("countries      \(code)"), "\(result.output)") }
    }

    @Test(arguments: ["none.mmdb", "none.json"])
    func `a file that is none is refused`(_ name: String) throws {
        let scratch = try Scratch()
        let file = try scratch.write("nothing of the kind", to: name)
        let result = try Binary.run(["where", "9.9.9.9", "--addresses", file], in: Binary.root.path)
        #expect(result.code == 3)
        #expect(result.errors.contains(name) && !result.errors.contains("rash"), "\(result.errors)")
    }

    @Test(.enabled(if: Shared.has("corpus/10-ip-regions/maxmind+MaxMind-DB"), "the corpus is not beside this checkout"))
    func `the makers' own test databases are read or refused`() throws {
        let folder = Shared.root + "/corpus/10-ip-regions/maxmind+MaxMind-DB/test-data"
        let city = try Binary.run(["where", "81.2.69.142", "--addresses", folder + "/GeoLite2-City-Test.mmdb"], in: Binary.root.path)
        #expect(city.output.contains("GB"), "\(city.output)\(city.errors)")
        let country = try Binary.run(["where", "2001:218::1", "--addresses", folder + "/GeoIP2-Country-Test.mmdb"], in: Binary.root.path)
        #expect(country.output.contains("JP"), "\(country.output)\(country.errors)")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() where name.hasSuffix(".mmdb") {
            let result = try Binary.run(["where", "1.1.1.1", "--addresses", folder + "/" + name], in: Binary.root.path)
            #expect([0, 2, 3].contains(result.code), "\(name): \(result.code)")
        }
    }
}
