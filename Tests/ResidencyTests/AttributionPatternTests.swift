import Residency
import Testing

struct AttributionPatternTests {
    @Test(arguments: [
        ("tenants/{tenant}/*", "tenants/acme/a/b.pdf", "acme"),
        ("tenants/{tenant}/*", "tenants/acme", ""),
        ("tenants/{tenant}/*", "other/acme/a", ""),
        ("tenants/{tenant}/*", "tenants//a", ""),
        ("{tenant}/*", "acme/a", "acme"),
        ("*/worker-{tenant}", "arn:aws:sts::1:assumed-role/app/worker-acme", "acme"),
        ("*tenant={tenant}&*", "a=1&tenant=acme&b=2", "acme"),
        ("orders-{tenant}", "orders-acme", "acme"),
        ("orders-{tenant}", "orders-acme/b", ""),
        ("{tenant}", "", ""),
    ])
    func `a hole takes the shortest run`(_ pattern: String, _ text: String, _ tenant: String) {
        #expect(Attribution.capture(pattern, in: text) == tenant)
    }

    @Test func `a name and a tenant go into one text and come out`() {
        for tenant in [nil, "acme"] { #expect(Attribution(Attribution(name: "b", tenant: tenant).text) == Attribution(name: "b", tenant: tenant)) }
    }
}
