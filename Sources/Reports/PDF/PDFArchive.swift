import Residency

/// What makes a PDF one to be archived (PDF/A-3b, ISO 19005-3): it says so in its metadata, its colours have a meaning of their
/// own, and what is attached says what it is to the document.
enum PDFArchive {
    /// A file inside the document.
    struct Attachment {
        let name: String
        let mediaType: String
        let description: String
        let content: [UInt8]
        /// RFC 3339, UTC.
        let modified: String
    }

    /// The metadata (XMP). It says no more than the document's information dictionary, and the same.
    static func metadata(title: String, language: String, producer: String) -> [UInt8] {
        let text = """
            <?xpacket begin="\u{FEFF}" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/">
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
            <pdfaid:part>3</pdfaid:part>
            <pdfaid:conformance>B</pdfaid:conformance>
            <dc:title><rdf:Alt><rdf:li xml:lang="x-default">\(escaped(title))</rdf:li></rdf:Alt></dc:title>
            <dc:language><rdf:Bag><rdf:li>\(escaped(language))</rdf:li></rdf:Bag></dc:language>
            <pdf:Producer>\(escaped(producer))</pdf:Producer>
            </rdf:Description>
            </rdf:RDF>
            </x:xmpmeta>
            <?xpacket end="r"?>
            """
        return Array(text.utf8)
    }

    private static func escaped(_ text: String) -> String {
        SafeText.xml(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// The colour space sRGB (IEC 61966-2-1) as an ICC profile, version 4: three primaries and one curve, seen in daylight of
    /// 5000 K as profiles are.
    static let colourProfile: [UInt8] = {
        let curve = bytes("para") + long(0) + short(3) + short(0) + [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].flatMap(fixed)
        let tags: [(name: String, content: [UInt8])] = [
            ("desc", words("sRGB")), ("cprt", words("No copyright, use freely")), ("wtpt", place(0.9642, 1, 0.8249)),
            ("chad", bytes("sf32") + long(0) + [1.04788, 0.02292, -0.0502, 0.02959, 0.99048, -0.01707, -0.00925, 0.01508, 0.75168].flatMap(fixed)),
            ("rXYZ", place(0.43604, 0.22249, 0.01392)), ("gXYZ", place(0.38512, 0.7169, 0.09706)), ("bXYZ", place(0.14305, 0.06061, 0.71393)),
            ("rTRC", curve),
        ]
        var table: [UInt8] = []
        var data: [UInt8] = []
        let start = 128 + 4 + 12 * (tags.count + 2)
        for tag in tags {
            // The three curves are one.
            for name in tag.name == "rTRC" ? ["rTRC", "gTRC", "bTRC"] : [tag.name] {
                table += bytes(name) + long(start + data.count) + long(tag.content.count)
            }
            data += tag.content + Array(repeating: 0, count: (4 - tag.content.count % 4) % 4)
        }
        let date = [2026, 1, 1, 0, 0, 0].flatMap(short)
        let header =
            long(start + data.count) + long(0) + [4, 0x20, 0, 0] + bytes("mntrRGB XYZ ") + date + bytes("acsp") + Array(repeating: 0, count: 28)
            + [0.9642, 1, 0.8249].flatMap(fixed) + Array(repeating: 0, count: 48)
        return header + long(tags.count + 2) + table + data
    }()

    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
    private static func short(_ number: Int) -> [UInt8] { [UInt8(number >> 8 & 255), UInt8(number & 255)] }
    private static func long(_ number: Int) -> [UInt8] { short(number >> 16) + short(number) }
    /// A number with 16 bits after the point.
    private static func fixed(_ number: Double) -> [UInt8] { long(Int((number * 65536).rounded()) & 0xFFFF_FFFF) }
    private static func place(_ x: Double, _ y: Double, _ z: Double) -> [UInt8] { bytes("XYZ ") + long(0) + [x, y, z].flatMap(fixed) }
    /// One text in English.
    private static func words(_ text: String) -> [UInt8] {
        bytes("mluc") + long(0) + long(1) + long(12) + bytes("enUS") + long(text.utf16.count * 2) + long(28) + text.utf16.flatMap { short(Int($0)) }
    }
}

extension PDFFile {
    /// Adds the metadata, the colours and the attachments, and returns what the catalogue says of them.
    mutating func addArchive(title: String, language: String, producer: String, attachments: [PDFArchive.Attachment]) -> String {
        let metadata = add(stream: PDFArchive.metadata(title: title, language: language, producer: producer), "/Type/Metadata/Subtype/XML")
        let profile = add(stream: PDFArchive.colourProfile, "/N 3")
        let intent = add("<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)/DestOutputProfile \(profile) 0 R>>")
        var entries = "/Metadata \(metadata) 0 R/OutputIntents[\(intent) 0 R]"
        guard !attachments.isEmpty else { return entries }
        let files = attachments.map { attachment in
            let date = "D:" + attachment.modified.filter(\.isNumber).prefix(14) + "Z"
            let content = add(
                stream: attachment.content,
                "/Type/EmbeddedFile/Subtype/\(attachment.mediaType.replacing("/", with: "#2F"))/Params<</Size \(attachment.content.count)/ModDate(\(date))>>")
            let name = PDFDocument.string(attachment.name)
            return add(
                "<</Type/Filespec/F(\(attachment.name))/UF \(name)/Desc \(PDFDocument.string(attachment.description))/AFRelationship/Data/EF<</F \(content) 0 R/UF \(content) 0 R>>>>"
            )
        }
        let named = zip(attachments, files).map { "\(PDFDocument.string($0.name)) \($1) 0 R" }.joined(separator: " ")
        entries += "/AF[\(files.map { "\($0) 0 R" }.joined(separator: " "))]/Names<</EmbeddedFiles<</Names[\(named)]>>>>"
        return entries
    }
}
