import Residency
import Testing

struct NameFormsTests {
    private let names: NameForms = {
        var names = NameForms()
        names.add("arn:{partition}:{service}:{region}:{account}:{name}")
        names.add("/subscriptions/{account}/resourceGroups/{group}/providers/{provider}/{type}/{path}")
        return names
    }()

    @Test(arguments: [
        ("arn:aws:s3:::orders", "orders", "", ["arn:aws:s3:::orders", "orders"]),
        ("arn:aws:s3:::orders/a/b.pdf", "orders/a/b.pdf", "", ["arn:aws:s3:::orders/a/b.pdf", "orders/a/b.pdf", "arn:aws:s3:::orders", "b.pdf", "orders"]),
        ("arn:aws:lambda:eu-west-1:1:function:fn", "function:fn", "1", ["arn:aws:lambda:eu-west-1:1:function:fn", "function:fn", "arn:aws:lambda:eu-west-1:1:function", "fn", "function"]),
        ("/SUBSCRIPTIONS/S/resourcegroups/G/providers/Microsoft.Storage/storageAccounts/Orders", "Orders", "S",
            ["/SUBSCRIPTIONS/S/resourcegroups/G/providers/Microsoft.Storage/storageAccounts/Orders", "Orders"]),
        ("/subscriptions/s/resourceGroups/g/providers/P/accounts/o/blobs/default", "o/blobs/default", "s",
            ["/subscriptions/s/resourceGroups/g/providers/P/accounts/o/blobs/default", "o/blobs/default", "/subscriptions/s/resourceGroups/g/providers/P/accounts/o", "o"]),
        ("orders", "orders", "", ["orders"]), ("arn:aws:s3", "arn:aws:s3", "", ["arn:aws:s3"]), ("/aws/lambda/Fn", "/aws/lambda/Fn", "", ["/aws/lambda/Fn"]), ("", "", "", [""]),
    ])
    func `a name leads to shorter ones`(_ name: String, _ short: String, _ account: String, _ all: [String]) {
        #expect(names.short(name) == short)
        #expect(names.account(of: name) == account)
        #expect(names.all(name) == all)
    }

    @Test(arguments: [
        ("/Subscriptions/s/resourceGroups/g/providers/P/t/N", "/subscriptions/s/resourcegroups/g/providers/p/t/n"), ("/aws/lambda/Fn", "/aws/lambda/Fn"),
        ("arn:aws:s3:::Orders", "arn:aws:s3:::Orders"),
    ])
    func `paths are compared without case`(_ name: String, _ key: String) { #expect(names.key(name) == key) }

    @Test(arguments: [("nd-*", "arn:aws:s3:::nd-eu", true), ("nd-*", "nd-eu", true), ("nd-*", "arn:aws:sqs:eu-west-1:1:nd-eu", true), ("nd-*", "/x/nd-eu", false)])
    func `a pattern matches the whole or the last part`(_ pattern: String, _ name: String, _ matches: Bool) { #expect(names.matches(pattern, name) == matches) }

    @Test(arguments: [
        ("arn:aws:s3:::orders", "arn:aws:dynamodb:eu-west-1:1:table/orders", true), ("arn:aws:s3:::orders", "arn:aws:s3:::orders/a", false),
        ("arn:aws:rds:eu-west-1:1:db:o", "arn:aws:rds:us-east-1:1:db:o", false), ("orders", "arn:aws:s3:::orders", false),
        ("/subscriptions/s/resourceGroups/g/providers/P/servers/o", "/subscriptions/s/resourceGroups/g/providers/P/accounts/o", true),
        ("/subscriptions/s/resourceGroups/g/providers/P/servers/o", "/subscriptions/s/resourceGroups/h/providers/p/Servers/o", false),
    ])
    func `full names tell what kind of thing they are of`(_ one: String, _ other: String, _ areDifferent: Bool) {
        #expect(names.areOfDifferentKinds(one, other) == areDifferent)
    }

    @Test(arguments: ["{name}", "a{b}{name}", "a{name}b", "a{b", "plain", ""])
    func `a pattern of another form is refused`(_ pattern: String) {
        var names = NameForms()
        let isTaken = names.add(pattern)
        #expect(!isTaken)
    }
}
