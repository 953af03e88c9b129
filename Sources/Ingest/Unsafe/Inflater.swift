import CInflate

/// Inflates whole gzip members; one a worker.
final class WholeInflater {
    private let inner: OpaquePointer

    init?() {
        guard let made = cinflate_whole_new() else { return nil }
        inner = made
    }

    deinit { cinflate_whole_free(inner) }

    enum Outcome {
        /// This many bytes of input became this many bytes.
        case done(used: Int, made: Int)
        case needsRoom
        case damaged
    }

    func gzip(_ input: UnsafePointer<UInt8>, _ inputCount: Int, into output: UnsafeMutablePointer<UInt8>, _ room: Int) -> Outcome {
        var used = 0
        var made = 0
        switch cinflate_whole_gzip(inner, input, inputCount, output, room, &used, &made) {
        case CINFLATE_OK: return .done(used: used, made: made)
        case CINFLATE_FULL: return .needsRoom
        default: return .damaged
        }
    }
}

/// How an input is packed; text in UTF-16, as Windows writes it, is unpacked to UTF-8.
enum Packing: Sendable {
    case plain, gzip, zstd, utf16LittleEndian, utf16BigEndian

    /// Tells by the first bytes, whatever the name says.
    init(_ head: UnsafePointer<UInt8>, _ count: Int) {
        if count >= 3, head[0] == 0x1f, head[1] == 0x8b, head[2] == 8 {
            self = .gzip
        } else if count >= 4, head[0] == 0x28, head[1] == 0xb5, head[2] == 0x2f, head[3] == 0xfd {
            self = .zstd
        } else if count >= 4, head[0] == 0xff, head[1] == 0xfe, head[2] != 0 || head[3] != 0 {
            self = .utf16LittleEndian
        } else if count >= 4, head[0] == 0xfe, head[1] == 0xff {
            self = .utf16BigEndian
        } else {
            self = .plain
        }
    }
}

/// Inflates a stream piece by piece.
final class StreamInflater {
    private let inner: OpaquePointer

    init?(_ packing: Packing) {
        let kind: cinflate_kind
        switch packing {
        case .plain: return nil
        case .gzip: kind = CINFLATE_GZIP
        case .zstd: kind = CINFLATE_ZSTD
        case .utf16LittleEndian: kind = CINFLATE_UTF16LE
        case .utf16BigEndian: kind = CINFLATE_UTF16BE
        }
        guard let made = cinflate_stream_new(kind) else { return nil }
        inner = made
    }

    deinit { cinflate_stream_free(inner) }

    enum Status { case goesOn, memberEnded, damaged, wrongChecksum }

    func run(
        _ input: UnsafePointer<UInt8>, _ inputCount: Int, into output: UnsafeMutablePointer<UInt8>, _ room: Int
    ) -> (status: Status, used: Int, made: Int) {
        var used = 0
        var made = 0
        switch cinflate_stream_run(inner, input, inputCount, &used, output, room, &made) {
        case CINFLATE_OK: return (.goesOn, used, made)
        case CINFLATE_END: return (.memberEnded, used, made)
        case CINFLATE_CHECKSUM: return (.wrongChecksum, used, made)
        default: return (.damaged, used, made)
        }
    }
}
