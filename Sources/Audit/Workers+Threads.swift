import Dispatch
import Residency
import Synchronization

extension Workers {
    /// So many threads at a time, each taking the next piece when it is done with one.
    static func threads(_ count: Int) -> Workers {
        if count <= 1 { return .one }
        return Workers(count: count) { pieces, work in
            let next = Mutex(0)
            DispatchQueue.concurrentPerform(iterations: min(count, pieces)) { _ in
                while true {
                    let piece = next.withLock { next in
                        next += 1
                        return next - 1
                    }
                    if piece >= pieces { return }
                    work(piece)
                }
            }
        }
    }
}
