import Policy
import Testing

/// A table of things and whose data they hold.
@Suite struct SubjectsTableTests {
    private func load(_ csv: String, name: String = "classes.csv") -> (RuleBook, String) {
        let file = Samples.file(name, csv)
        let facts = Samples.file("facts.yaml", "jurisdictions: [{id: eu, countries: [DE]}]\n---\nprovider: aws\nplaces: [{name: eu-west-1, country: IE}]")
        let (book, found) = RuleBookLoader.load(builtin: [facts], files: [file], tenants: nil, waivers: [], now: Samples.now, digest: Samples.digest)
        return (book, Golden.rendered(found, [file]))
    }

    @Test func `each line is a rule, empty cells say nothing`() {
        let (book, said) = load("Asset,Owner,Data Classification,Tenant,Residency\nb-1,me,customer,acme,eu\n\"nd-*;b-2\",,internal,,\nb-3,me,,,\n# b-4,me,customer,,\n")
        #expect(said == "")
        #expect(
            book.subjects.rules == [
                .init(names: ["b-1"], data: "customer", tenant: "acme", homes: ["eu"]), .init(names: ["nd-*", "b-2"], data: "internal"),
            ])
        #expect(book.subjects.rules.map(\.isExact) == [true, false])
    }

    @Test(arguments: [
        ("resource,colour\nb,red\n", "ignored: not a YAML file"), ("colour,tenant\nred,acme\n", "ignored: not a YAML file"),
        ("name,data\n,customer\n", "the line names nothing"), ("name,residency\nb,nowhere\n", "nowhere"),
    ])
    func `what is no such table is said`(_ csv: String, _ message: String) { #expect(load(csv).1.contains(message), "\(load(csv).1)") }
}
