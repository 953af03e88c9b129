import CEL
import Residency

/// Where a record stands that was read as a value.
struct RecordPlace {
    /// `/Vpcs/3`, `line:17`.
    var pointer: String
    /// Its first byte in the inflated input.
    var byte: Int
    /// The member of the document that is the list it stands in; empty if it is a document of its own or in a bare list.
    var list: String
}

/// Walks a JSON input as values, one record after the other: what is not JSON is counted, told and stepped over.
enum ValueWalk {
    /// - Parameters:
    ///   - lists: members of a document whose elements are records.
    ///   - take: is given each record.
    static func walk(_ session: ReadSession, lists: [String], take: @escaping (Value, RecordPlace) -> Void) throws(ReadError) {
        let maxDepth = session.plan.limits.maxDepth
        let trie = session.tries.trie(Projection(), lists: lists)
        let walk = RecordWalk(session, trie: trie) { (batch) throws(ReadError) in
            var list = ""
            if case .list(let prefix, _) = batch.places { list = prefix.split(separator: "/").last.map(String.init) ?? "" }
            for row in 0..<batch.count {
                let place = RecordPlace(pointer: batch.pointer(row), byte: batch.byte(row), list: list)
                let record = UnsafeBufferPointer(rebasing: batch.bytes[batch.record(row)])
                do throws(JSONError) {
                    take(try JSON.parse(record, maxDepth: maxDepth), place)
                } catch {
                    session.malformed(byte: place.byte + error.offset, place: place.pointer, error.message)
                }
            }
        }
        try walk.walk()
    }
}
