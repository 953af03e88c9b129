import Foundation
@testable import Ingest
import Residency
import Testing

@Suite struct PackingTests {
    private let text = Array(#"{"Records":[\#(event("A")),\#(event("B"))]}"#.utf8)

    @Test func `gzip is known by its bytes, whatever the name`() throws {
        let reading = try read(gzip(text))
        #expect(reading.events.count == 2)
        #expect(reading.outcome.inflatedBytes == text.count && reading.outcome.bytes == gzip(text).count)
        #expect(reading.hashed == gzip(text), "the digest is of the bytes on disk")
    }

    @Test func `zstd is read as a stream, frame after frame`() throws {
        // A frame of one raw block: magic, a header that gives the size in two bytes, the block.
        func frame(_ bytes: [UInt8]) -> [UInt8] {
            let (size, block) = (bytes.count - 256, bytes.count << 3 | 1)
            return [
                0x28, 0xb5, 0x2f, 0xfd, 0x60, UInt8(size & 255), UInt8(size >> 8), UInt8(block & 255), UInt8(block >> 8 & 255),
                UInt8(block >> 16),
            ]
                + bytes
        }
        let reading = try read(frame(text) + frame(Array("\n\(event("C"))".utf8)))
        #expect(reading.events.map(\.fields["eventName"]) == [#""A""#, #""B""#, #""C""#])
        #expect(reading.outcome.malformed == 0, "\(reading.messages)")
        #expect(try read(Array(frame(text).dropLast(100))).outcome.malformed >= 1)
    }

    @Test func `members one after the other are one text`() throws {
        let half = text.count / 2
        let reading = try read(gzip(Array(text[..<half])) + gzip([]) + gzip(Array(text[half...])))
        #expect(reading.events.count == 2 && reading.outcome.malformed == 0)
    }

    @Test func `padding with zeros is usual, other bytes after the last member are told`() throws {
        #expect(try read(gzip(text) + [UInt8](repeating: 0, count: 512)).outcome.malformed == 0)
        let reading = try read(gzip(text) + Array("garbage".utf8))
        #expect(reading.events.count == 2 && reading.outcome.malformed == 1)
        #expect(reading.messages == ["the compressed data is followed by something else, which was not read"])
    }

    @Test func `a wrong checksum is told, and a wrong length does no harm`() throws {
        var packed = gzip(text)
        packed[packed.count - 6] ^= 1
        let reading = try read(packed)
        #expect(reading.events.count == 2 && reading.outcome.malformed == 1)
        #expect(reading.messages == ["the checksum is wrong: what was inflated is not what was compressed"])
        for lie: [UInt8] in [[0, 0, 0, 0], [255, 255, 255, 255], [1, 0, 0, 0]] {
            let lying = try read(gzip(text).dropLast(4) + lie)
            #expect(lying.events.count == 2 && lying.outcome.malformed == 1)
        }
    }

    @Test func `whatever is cut off, what inflates is read and the loss is told`() throws {
        let packed = gzip(text)
        for count in stride(from: packed.count - 1, to: 2, by: -7) {
            let reading = try read(Array(packed[..<count]))
            #expect(reading.outcome.malformed >= 1, "\(count)")
            #expect(reading.events.count <= 2)
            #expect(reading.hashed.count == count)
        }
    }

    @Test func `an input that inflates without end is stopped`() throws {
        let limits = ReadLimits(maxInflatedBytes: 3 << 20)
        let lines = (event() + "\n").utf8
        let long = Array(repeatElement(lines, count: 20_000).joined())
        let reading = try read(gzip(long) + gzip(long) + gzip(long) + gzip(long), plan(limits: limits))
        #expect(reading.outcome.malformed >= 1 || reading.outcome.inflatedBytes <= 48 << 20)
    }

    @Test func `large inputs pass through a small window`() throws {
        let scratch = Scratch()
        let line = Array((event() + "\n").utf8)
        let count = 60_000
        var plain: [UInt8] = []
        plain.reserveCapacity(line.count * count)
        for _ in 0..<count { plain += line }
        for (name, bytes) in [("plain", plain), ("packed", gzip(plain) + gzip(plain) + gzip(plain))] {
            let path = try scratch.write(name, bytes)
            let reader = InputReader()
            let reading = try read(path: path, with: reader, keeping: false)
            #expect(reading.outcome.events == (name == "plain" ? count : 3 * count))
            #expect(reading.outcome.malformed == 0)
            #expect(reader.window.footprint < 24 << 20, "\(name): \(reader.window.footprint)")
            #expect(reading.outcome.pointers.pointer(count - 1) == "line:\(count)")
        }
    }

    @Test func `one line of 100 MB is read in bounded memory`() throws {
        let scratch = Scratch()
        let path = scratch.path + "/long"
        try scratch.write("long", [])
        let handle = try #require(FileHandle(forWritingAtPath: path))
        let piece = Data((String(repeating: event() + ",", count: 2000)).utf8)
        let pieces = (100 << 20) / piece.count + 1
        handle.write(Data(#"{"Records":["#.utf8))
        for _ in 0..<pieces { handle.write(piece) }
        handle.write(Data((event() + "]}").utf8))
        try handle.close()
        let reader = InputReader()
        let reading = try read(path: path, with: reader, keeping: false)
        #expect(reading.outcome.events == pieces * 2000 + 1)
        #expect(reader.window.footprint < 24 << 20)
    }

    @Test func `a record longer than the limit is stepped over, wherever it stands`() throws {
        let limits = ReadLimits(maxRecordBytes: 1 << 20)
        let long = event("Long", more: #","additionalEventData":{"x":"\#(String(repeating: #"\"]}{["#, count: 3 << 20))"}"#)
        let list = #"{"Records":[\#(event("A")),\#(long),\#(event("B"))]}"#
        let lines = "\(event("A"))\n\(long)\n\(event("B"))\n"
        for text in [list, lines] {
            for bytes in [Array(text.utf8)] {
                let reading = try read(bytes, plan(limits: limits))
                #expect(reading.events.map(\.fields["eventName"]) == [#""A""#, #""B""#])
                #expect(reading.outcome.malformed == 1)
                #expect(reading.events.map(\.ordinal) == [0, 2])
                #expect(reading.outcome.pointers.pointer(2) == (text == list ? "/Records/2" : "line:3"))
            }
        }
    }

    @Test func `one reader gives for each file what a new one gives`() throws {
        let reader = InputReader()
        let inputs = [text, gzip(text), Array("oops".utf8), Array(gzip(text).dropLast(9)), Array("\(event())\n[".utf8), gzip([]), text]
        for input in inputs {
            let (kept, fresh) = (try read(input, with: reader), try read(input))
            #expect(kept.events == fresh.events && kept.outcome.malformed == fresh.outcome.malformed)
            #expect(kept.messages == fresh.messages)
        }
    }

    @Test func `a cancelled task stops reading`() async throws {
        let scratch = Scratch()
        let path = try scratch.write("lines", Array(repeatElement((event() + "\n").utf8, count: 40_000).joined()))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            do {
                _ = try read(path: path, keeping: false)
                return "read"
            } catch let error as ReadError {
                return error.code.rawValue
            }
        }
        #expect(try await task.value == "cancelled")
    }
}
