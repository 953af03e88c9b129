import Crypto
import Foundation

/// A checksum that a storage keeps of an object. Digests show that nobody changed a copy; the others that nothing was lost on
/// the way.
enum Checksum: String, CaseIterable {
    case sha256, sha1, md5, crc64nvme, crc32c, crc32

    var byteCount: Int {
        switch self {
        case .sha256: 32
        case .sha1: 20
        case .md5: 16
        case .crc64nvme: 8
        case .crc32c, .crc32: 4
        }
    }

    /// The bytes of a checksum as storages write it. Composite ones of uploads in parts (`…-3`) are over other bytes than the
    /// file's, and are none.
    func decoded(_ base64: String?) -> [UInt8]? {
        base64.flatMap { Data(base64Encoded: $0) }.map(Array.init).flatMap { $0.count == byteCount ? $0 : nil }
    }

    /// These checksums of a file, in hexadecimal, in one pass; `nil` if it can't be read.
    static func of(_ path: String, _ kinds: Set<Checksum>) -> [Checksum: String]? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        var sums = kinds.map(RunningChecksum.init)
        while let chunk = try? handle.read(upToCount: 1 << 20), !chunk.isEmpty {
            for index in sums.indices { sums[index].update(chunk) }
        }
        return Dictionary(uniqueKeysWithValues: sums.map { ($0.kind, $0.hexadecimal) })
    }
}

/// A checksum in the making.
private struct RunningChecksum {
    let kind: Checksum
    private var hash: (any HashFunction)?
    private var cyclic: CyclicCheck?

    init(_ kind: Checksum) {
        self.kind = kind
        switch kind {
        case .sha256: hash = SHA256()
        case .sha1: hash = Insecure.SHA1()
        case .md5: hash = Insecure.MD5()
        case .crc64nvme: cyclic = CyclicCheck(polynomial: 0x9A6C_9329_AC4B_C9B5, bits: 64)
        case .crc32c: cyclic = CyclicCheck(polynomial: 0x82F6_3B78, bits: 32)
        case .crc32: cyclic = CyclicCheck(polynomial: 0xEDB8_8320, bits: 32)
        }
    }

    mutating func update(_ data: Data) {
        hash?.update(data: data)
        cyclic?.update(data)
    }

    var hexadecimal: String {
        if let hash { return Digest.hexadecimal(hash.finalize()) }
        let digits = String(cyclic?.value ?? 0, radix: 16)
        return String(repeating: "0", count: kind.byteCount * 2 - digits.utf8.count) + digits
    }
}

/// A cyclic redundancy check whose polynomial and bytes are reflected, begun and ended with all ones.
struct CyclicCheck {
    private let table: [UInt64]
    private let ones: UInt64
    private var state: UInt64

    init(polynomial: UInt64, bits: UInt64) {
        ones = .max >> (64 - bits)
        state = ones
        table = (0..<256).map { byte in (0..<8).reduce(UInt64(byte)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ polynomial } }
    }

    mutating func update(_ data: Data) {
        state = data.withUnsafeBytes { bytes in bytes.reduce(state) { table[Int(truncatingIfNeeded: ($0 ^ UInt64($1)) & 255)] ^ $0 >> 8 } }
    }

    var value: UInt64 { state ^ ones }
}
