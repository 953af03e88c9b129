internal import Residency

/// The README.txt of a bundle: what it is, and the commands that check it without any tool of ours.
enum BundleReadme {
    static func text(_ run: Run, signers: [any EvidenceSigner], details: EvaluationDetails) -> String {
        let head = """
            Evidence of a data residency audit
            ==================================

            Run       \(run.id)
            Judged    \(run.now) (the only clock that the judgement saw)
            Verdict   \(run.outcome.rawValue): \(run.summary.satisfied) satisfied, \(run.summary.violated) violated, \
            \(run.summary.unresolved) unresolved, \(run.summary.waived) waived
            Made by   \(run.toolName) \(run.toolVersion)


            """
        return head + (signers.isEmpty ? unsigned : signed(signers, details)) + contents
    }

    private static let unsigned = """
        THIS BUNDLE IS NOT SIGNED. It proves nothing to anyone who does not trust whoever handed it over.
        SHA256SUMS shows only that the files fit each other.


        """

    private static func signed(_ signers: [any EvidenceSigner], _ details: EvaluationDetails) -> String {
        let keys = signers.map { "    \($0.keyID)\n" }.joined()
        let log = details.logOrigin.map { "The log is named  \($0)\n\n" } ?? ""
        return """
            How to verify, with openssl and coreutils alone
            -----------------------------------------------
            1. Get the issuer's public key p256.pub.pem from the issuer by another way than this bundle, and ask on the
               telephone for its fingerprint. It must be

            \(keys)
               openssl pkey -pubin -in p256.pub.pem -outform DER | sha256sum

            2. In this folder:

            openssl dgst -sha256 -verify ../p256.pub.pem -signature evidence.sig evidence.pae
            grep -q "$(sha256sum < SHA256SUMS | cut -c1-64)" evidence.pae && echo "the sums are signed"
            sha256sum --strict -c SHA256SUMS

               All three must succeed: "Verified OK", "the sums are signed", and OK for each file.

            3. If there is a file evidence.tsr, it proves when the signature existed:

            openssl ts -verify -data evidence.sig -in evidence.tsr -CAfile ../tsa-root.pem

               After the authority's certificate has expired add -attime with the time in the token, in seconds since 1970.

            With the program that made this bundle, every claim at once, the log's proofs too:
            domicile evidence verify . --trust FOLDER-OF-KEYS-YOU-GOT-ELSEWHERE

            \(log)What this proves: the holder of that key signed these findings, from inputs and policies with these digests, and
            nothing was changed since. What it does not prove: that the inputs were complete or true (see "coverage" in the
            report), or that the key was in good hands.


            """
    }

    private static let contents = """
        What is here
        ------------
        findings.jsonl          every finding, one a line (canonical JSON, RFC 8785)
        inputs/manifest.json    the inputs by SHA-256; the inputs themselves stay with their owner
        policy/                 the policies that were applied
        results/, report.*      the same findings in other forms
        SHA256SUMS              the digest of each file above
        evidence.pae            the signed statement, readable text: verdict, counts, digests of all files
        evidence.sig            the signature (ECDSA P-256, SHA-256, DER)
        evidence.dsse.json      both in one file (DSSE, in-toto Statement v1); evidence.sigstore.json for cosign
        attestations/           the same verdict as in-toto statements (test-result; svr if all is proven)
        log/                    proof that the statement is in an append-only log, and that the log only grew

        A file that is not listed here was not made with this bundle.

        """
}
