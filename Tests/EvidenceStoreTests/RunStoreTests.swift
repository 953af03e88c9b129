import Evidence
import EvidenceStore
import Residency
import Testing

@Suite struct RunStoreTests {
    @Test func `placeholder`() {}
}
