import Residency

/// What a storage says of its objects: metadata and checksums that a copy on disk has lost. Of one object, in a file beside it
/// (`trail.json.gz.meta.json`), or of many in a list.
///
///     {"signature": "3045...", "signature-algorithm": "SHA256withRSA"}                         an object's metadata alone
///     {"ContentLength": 17, "ETag": ..., "ChecksumSHA256": "47DEQ...", "Metadata": {...}}      aws s3api head-object
///     [{"name": "a.json", "bucket": "b", "md5Hash": "1B2M2...", "generation": "17..."}]        gcloud storage objects list --format=json
///     [{"name": "a.json", "properties": {"contentSettings": {"contentMd5": "1B2M2..."}}}]      az storage blob list
enum ObjectMetadata: InputFormat {
    static let id = DocumentFormat.storageMetadata.rawValue
    static let title = "what a storage says of its objects (S3 head-object, lists of Google Cloud Storage and Azure blobs)"

    static func recognises(_ head: Head) -> Bool {
        head.candidates.contains { object in
            if object.has("signature"), object.has("signature-algorithm") { return true }
            if object.has("ETag"), object.has("ContentLength") || object.has("ObjectSize") || object.has("Checksum") { return true }
            guard object.has("name") else { return false }
            if object.has("generation") || object.has("md5Hash") || object.has("md5_hash"), object.has("bucket") { return true }
            guard let at = object.members["properties"], let properties = head.object(at: at) else { return false }
            return properties.has("contentSettings") && properties.has("contentLength")
        }
    }

    static func read(_ session: ReadSession) throws(ReadError) { try session.takeDocument() }
}
