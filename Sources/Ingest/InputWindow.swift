#if canImport(Glibc)
    import Glibc
#endif
import CScan

/// The inflated bytes of one input, a window at a time.
///
/// A modest file is one window, inflated whole; a large one passes through in pieces, so that memory does not grow with it.
///
/// INVARIANT: `buffer.base ..< buffer.base + count` are bytes `position ..< position + count` of the inflated input.
final class InputWindow {
    /// Compressed files up to this size are held whole, and inflated whole if they stay below `wholeInflated`.
    static let wholeRaw = 16 << 20
    static let wholeInflated = 48 << 20
    /// Plain files up to this size are read at once.
    static let wholePlain = 4 << 20
    /// How much of a larger input is in memory at a time.
    static let chunk = 2 << 20
    static let rawChunk = 256 << 10

    /// Something that ended the input before its end.
    struct Damage {
        var message: String
        /// The byte of the inflated input before which it happened.
        var byte: Int
        var hint: String?
    }

    private let buffer = ByteBuffer(capacity: 1 << 20)
    private let raw = ByteBuffer(capacity: 256 << 10)
    private let whole = WholeInflater()
    private var stream: StreamInflater?
    private var packing = Packing.plain
    /// The compressed bytes that wait: `rawStart ..< rawEnd` of `raw`.
    private var rawStart = 0
    private var rawEnd = 0
    private var rawTotal = 0
    private var betweenMembers = false

    private(set) var count = 0
    /// The offset in the inflated input of the window's first byte.
    private(set) var position = 0
    /// No byte follows the window's.
    private(set) var isLast = false
    private(set) var damage: Damage?

    /// Is given what is inflated, as it is; plain inputs give it nothing.
    var contentSink: ((UnsafeRawBufferPointer) -> Void)?
    var isPacked: Bool { packing != .plain }

    private var limits = ReadLimits()

    /// The memory that is held.
    var footprint: Int { buffer.capacity + raw.capacity }

    var base: UnsafePointer<UInt8> { UnsafePointer(buffer.base) }
    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: buffer.base, count: count) }
    /// How many inflated bytes were seen.
    var inflated: Int { position + count }

    /// Begins an input: fills the first window.
    func open(
        _ source: inout RawSource, name: String, limits: ReadLimits, hash: (UnsafeRawBufferPointer) -> Void
    ) throws(ReadError) {
        self.limits = limits
        (count, position, rawStart, rawEnd, rawTotal) = (0, 0, 0, 0, 0)
        (isLast, damage, stream, betweenMembers) = (false, nil, nil, false)
        buffer.shrink(to: Self.wholeInflated + Self.chunk)
        let got = source.read(into: raw.base, count: min(source.size ?? Self.rawChunk, Self.rawChunk))
        guard got >= 0 else {
            throw ReadError(.cannotRead, path: name, message: "cannot be read: \(RawSource.reason(errno))")
        }
        note(got, hash)
        packing = Packing(raw.base, got)
        switch packing {
        case .plain:
            // What was read is the first window as it is; a modest file is read to its end.
            let whole = min(source.size ?? 0, Self.wholePlain)
            buffer.reserve(max(got, whole, Self.chunk))
            buffer.base.update(from: raw.base, count: got)
            count = got
            rawStart = rawEnd
            isLast = got == 0
            if whole > got { readPlain(&source, hash, count: whole - got) }
            if source.size == count { isLast = true }
        case .gzip where readRest(&source, hash) && inflateWhole():
            isLast = true
            tellContent(from: 0)
        default:
            startStream()
            refill(&source, keeping: 0, hash: hash)
        }
    }

    /// Reads the rest of a compressed file that is to be held whole; false if it is too large, or not a file.
    private func readRest(_ source: inout RawSource, _ hash: (UnsafeRawBufferPointer) -> Void) -> Bool {
        guard let size = source.size, size <= Self.wholeRaw else { return false }
        raw.reserve(size, keeping: rawEnd)
        let got = source.read(into: raw.base + rawEnd, count: size - rawEnd)
        guard got >= 0 else { return false }
        if got > 0 { hash(UnsafeRawBufferPointer(start: raw.base + rawEnd, count: got)) }
        rawEnd += got
        rawTotal += got
        return true
    }

    private func note(_ got: Int, _ hash: (UnsafeRawBufferPointer) -> Void) {
        rawStart = 0
        rawEnd = got
        rawTotal += got
        if got > 0 { hash(UnsafeRawBufferPointer(start: raw.base, count: got)) }
    }

    private func startStream() {
        stream = StreamInflater(packing)
        if stream == nil { end(Damage(message: "cannot be inflated: out of memory", byte: 0)) }
    }

    private func end(_ why: Damage) {
        if damage == nil { damage = why }
        isLast = true
    }

    /// Inflates a file that is in memory, member after member. False if it has to be streamed after all: it is large, or
    /// damaged, and the stream tells how far it is good.
    private func inflateWhole() -> Bool {
        guard let whole, rawEnd >= 18 else { return false }
        let tail = raw.base + (rawEnd - 4)
        let promised = Int(tail[0]) | Int(tail[1]) << 8 | Int(tail[2]) << 16 | Int(tail[3]) << 24
        guard promised <= Self.wholeInflated else { return false }
        // The length at the end of a gzip file is a hint and may lie.
        buffer.reserve(min(max(promised + 64, rawEnd), Self.wholeInflated))
        var at = 0
        var made = 0
        while at < rawEnd {
            if at > 0, !isMember(at) { return trailing(at, made) }
            switch whole.gzip(raw.base + at, rawEnd - at, into: buffer.base + made, buffer.capacity - made) {
            case .done(let used, let more):
                at += used
                made += more
            case .needsRoom:
                guard buffer.capacity < Self.wholeInflated else { return false }
                buffer.reserve(min(buffer.capacity * 2, Self.wholeInflated), keeping: made)
            case .damaged: return false
            }
        }
        count = made
        return true
    }

    private func isMember(_ at: Int) -> Bool { rawEnd - at >= 2 && raw.base[at] == 0x1f && raw.base[at + 1] == 0x8b }

    /// After the last member: padding of zeros is usual, anything else is told.
    private func trailing(_ at: Int, _ made: Int) -> Bool {
        count = made
        if (at..<rawEnd).contains(where: { raw.base[$0] != 0 }) { reportTrailing(made) }
        return true
    }

    private func reportTrailing(_ made: Int) {
        damage = Damage(message: "the compressed data is followed by something else, which was not read", byte: made)
    }

    /// Drops what is before `kept`, and reads more. False if there was no more.
    @discardableResult
    func refill(_ source: inout RawSource, keeping kept: Int, hash: (UnsafeRawBufferPointer) -> Void) -> Bool {
        guard !isLast else { return false }
        let left = count - kept
        buffer.moveToFront(from: kept, count: left)
        position += kept
        count = left
        buffer.reserve(left + Self.chunk, keeping: left)
        let before = count
        while !isLast && count - before < Self.chunk / 2 {
            if packing == .plain { readPlain(&source, hash) } else { inflateMore(&source, hash) }
        }
        tellContent(from: before)
        return count > before
    }

    private func tellContent(from start: Int) {
        guard let contentSink, isPacked, count > start else { return }
        contentSink(UnsafeRawBufferPointer(start: buffer.base + start, count: count - start))
    }

    private func readPlain(_ source: inout RawSource, _ hash: (UnsafeRawBufferPointer) -> Void, count wanted: Int = chunk) {
        let got = source.read(into: buffer.base + count, count: wanted)
        guard got > 0 else {
            if got < 0 { return end(Damage(message: "cannot be read on: \(RawSource.reason(errno))", byte: inflated)) }
            isLast = true
            return
        }
        rawTotal += got
        hash(UnsafeRawBufferPointer(start: buffer.base + count, count: got))
        count += got
    }

    private func inflateMore(_ source: inout RawSource, _ hash: (UnsafeRawBufferPointer) -> Void) {
        guard let stream else { return end(Damage(message: "cannot be inflated", byte: inflated)) }
        if rawStart == rawEnd {
            let got = source.read(into: raw.base, count: min(raw.capacity, Self.rawChunk))
            guard got > 0 else {
                if betweenMembers && got == 0 {
                    isLast = true
                } else {
                    let isText = packing == .utf16LittleEndian || packing == .utf16BigEndian
                    let what = isText ? "a character of UTF-16" : "the compressed data"
                    let why = got < 0 ? "cannot be read on: \(RawSource.reason(errno))" : "ends in the middle of \(what)"
                    end(Damage(message: why, byte: inflated, hint: got < 0 ? nil : "was it copied or uploaded whole?"))
                }
                return
            }
            note(got, hash)
        }
        if betweenMembers && packing == .gzip && !isMember(rawStart) {
            let rest = rawStart..<rawEnd
            if rest.contains(where: { raw.base[$0] != 0 }) {
                reportTrailing(inflated)
                isLast = true
            }
            rawStart = rawEnd
            return
        }
        let room = buffer.capacity - count
        let step = stream.run(raw.base + rawStart, rawEnd - rawStart, into: buffer.base + count, room)
        rawStart += step.used
        count += step.made
        betweenMembers = step.status == .memberEnded
        if step.status == .damaged {
            end(Damage(message: "the compressed data is damaged", byte: inflated, hint: "what comes after this byte cannot be read"))
        } else if step.status == .wrongChecksum {
            end(Damage(message: "the checksum is wrong: what was inflated is not what was compressed", byte: inflated))
        } else if inflated > limits.maxInflatedBytes {
            end(
                Damage(
                    message: "inflates to more than \(limits.maxInflatedBytes) bytes", byte: inflated, hint: "raise the limit to read on"))
        } else if inflated > ReadLimits.ratioFloor && inflated / max(rawTotal - (rawEnd - rawStart), 1) > limits.maxRatio {
            let message = "inflates to more than \(limits.maxRatio) times its size, which logs do not"
            end(Damage(message: message, byte: inflated, hint: "raise the limit to read on"))
        } else if step.used == 0 && step.made == 0 && step.status == .goesOn && rawStart < rawEnd && room > 0 {
            end(Damage(message: "the compressed data is damaged", byte: inflated))
        }
    }

    /// Reads what is left of the file, so that its digest is of the whole.
    func drain(_ source: inout RawSource, hash: (UnsafeRawBufferPointer) -> Void) {
        while true {
            let got = source.read(into: raw.base, count: min(raw.capacity, Self.rawChunk))
            guard got > 0 else { return }
            hash(UnsafeRawBufferPointer(start: raw.base, count: got))
        }
    }
}
