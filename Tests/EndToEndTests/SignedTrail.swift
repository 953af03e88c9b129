import Foundation
import Testing

/// A CloudTrail trail as it lies in a bucket: log files, and the chain of digest files over them, signed with openssl.
struct SignedTrail {
    let scratch: Scratch
    var path: String { scratch.path + "/t" }
    var bucket: String { path + "/trail-bucket" }

    static let isPossible = ["openssl", "gzip", "sha256sum", "od"].allSatisfy { tool in
        ["/usr/bin/", "/bin/"].contains { FileManager.default.fileExists(atPath: $0 + tool) }
    }

    init() throws {
        scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let made = try Binary.execute("/bin/bash", ["-c", Self.making], in: path)
        #expect(made.code == 0, "\(made.output)\(made.errors)")
    }

    /// Changes the files with a shell command.
    func change(_ command: String) throws {
        let made = try Binary.execute("/bin/bash", ["-c", "set -e; " + command], in: path)
        #expect(made.code == 0, "\(made.errors)")
    }

    private static let making = #"""
        set -e
        openssl genrsa -out ../key.pem 2048 2>/dev/null
        openssl rsa -in ../key.pem -RSAPublicKey_out -outform DER -out ../pub.der 2>/dev/null
        print=$(openssl dgst -md5 -r ../pub.der | cut -c1-32)
        echo "{\"PublicKeyList\": [{\"Value\": \"$(base64 -w0 ../pub.der)\", \"Fingerprint\": \"$print\", \"ValidityStartTime\": \"2026-11-01T00:00:00Z\", \"ValidityEndTime\": \"2026-12-01T00:00:00Z\"}]}" > public-keys.json
        root=AWSLogs/111122223333; day=eu-central-1/2026/11/19
        mkdir -p trail-bucket/$root/CloudTrail/$day trail-bucket/$root/CloudTrail-Digest/$day
        signature=null; previous='null'; hash=null
        for h in 0 1 2; do
            log=$root/CloudTrail/$day/111122223333_CloudTrail_eu-central-1_20261119T0${h}15Z_abc$h.json.gz
            event="{\"eventVersion\": \"1.08\", \"eventTime\": \"2026-11-19T0$h:10:00Z\", \"eventSource\": \"s3.amazonaws.com\", \"eventName\": \"GetObject\", \"awsRegion\": \"eu-central-1\", \"recipientAccountId\": \"111122223333\", \"eventID\": \"$h\", \"userIdentity\": {\"type\": \"IAMUser\"}}"
            printf '{"Records": [%s]}' "$event" > log
            gzip -nc log > trail-bucket/$log
            digest=$root/CloudTrail-Digest/$day/111122223333_CloudTrail-Digest_eu-central-1_trail_eu-central-1_20261119T0$((h+1))0000Z.json.gz
            quoted() { [ "$1" = null ] && echo null || echo "\"$1\""; }
            printf '{"awsAccountId": "111122223333", "digestStartTime": "2026-11-19T0%s:00:00Z", "digestEndTime": "2026-11-19T0%s:00:00Z", "digestS3Bucket": "trail-bucket", "digestS3Object": "%s", "digestPublicKeyFingerprint": "%s", "digestSignatureAlgorithm": "SHA256withRSA", "newestEventTime": null, "oldestEventTime": null, "previousDigestS3Bucket": %s, "previousDigestS3Object": %s, "previousDigestHashValue": %s, "previousDigestHashAlgorithm": "SHA-256", "previousDigestSignature": %s, "logFiles": [{"s3Bucket": "trail-bucket", "s3Object": "%s", "hashValue": "%s", "hashAlgorithm": "SHA-256"}]}' \
                $h $((h+1)) $digest $print "$(quoted $([ $previous = null ] && echo null || echo trail-bucket))" "$(quoted $previous)" "$(quoted $hash)" "$(quoted $signature)" $log $(sha256sum < log | cut -c1-64) > digest
            gzip -nc digest > trail-bucket/$digest
            hash=$(sha256sum < digest | cut -c1-64)
            printf '2026-11-19T0%s:00:00Z\ntrail-bucket/%s\n%s\n%s' $((h+1)) $digest $hash $signature > text
            signature=$(openssl dgst -sha256 -sign ../key.pem text | od -An -tx1 -v | tr -d " \\n")
            echo "{\"signature\": \"$signature\", \"signature-algorithm\": \"SHA256withRSA\"}" > trail-bucket/$digest.meta.json
            previous=$digest
        done
        rm log digest text
        """#
}
