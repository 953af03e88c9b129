import Foundation
import Testing

/// A time-stamping authority made with openssl: a root, a certificate that may do nothing but stamp, and ways to ask it.
struct TimeAuthority {
    let scratch: Scratch
    var root: String { scratch.path + "/root.pem" }
    /// Answers a request on standard input.
    var command: String { scratch.path + "/answer" }

    static let isPossible = ["openssl", "bash"].allSatisfy { FileManager.default.fileExists(atPath: "/usr/bin/" + $0) || FileManager.default.fileExists(atPath: "/bin/" + $0) }

    init() throws {
        scratch = try Scratch()
        _ = try scratch.write(Self.configuration, to: "tsa.cnf")
        _ = try scratch.write("01\n", to: "serial")
        let answer = try scratch.write(Self.answer, to: "answer")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: answer)
        let made = try Binary.execute("/bin/bash", ["-c", Self.making], in: scratch.path)
        #expect(made.code == 0, "\(made.errors)")
    }

    /// Answers over HTTP on loopback until the process is ended; gives the address.
    func serve() throws -> (server: Process, address: String) {
        let script = try scratch.write(Self.server, to: "server.py")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [script, scratch.path]
        process.standardError = FileHandle.nullDevice
        try process.run()
        for _ in 0..<200 {
            if let port = try? String(contentsOfFile: scratch.path + "/port", encoding: .utf8), port.hasSuffix("\n") {
                return (process, "http://127.0.0.1:\(port.dropLast())/tsr")
            }
            usleep(50_000)
        }
        Issue.record("the server did not start")
        return (process, "")
    }

    private static let making = """
        set -e
        openssl ecparam -name prime256v1 -genkey -noout -out root.key
        openssl ecparam -name prime256v1 -genkey -noout -out tsa.key
        openssl req -x509 -new -key root.key -sha256 -days 30 -subj '/O=Test/CN=Root' -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign -out root.pem
        openssl req -new -key tsa.key -subj '/O=Test/CN=Authority' -out tsa.csr
        printf 'keyUsage=critical,digitalSignature\\nextendedKeyUsage=critical,timeStamping\\n' > ext
        openssl x509 -req -in tsa.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30 -sha256 -extfile ext -out tsa.pem
        """

    private static let answer = """
        #!/bin/bash
        cd "$(dirname "$0")" && f=$(mktemp) && cat > $f && openssl ts -reply -config tsa.cnf -section t -queryfile $f -out $f.out 2>/dev/null && cat $f.out

        """

    private static let configuration = """
        [t]
        dir=.
        serial=serial
        signer_cert=tsa.pem
        signer_key=tsa.key
        signer_digest=sha256
        default_policy=1.3.6.1.4.1.99999.1
        digests=sha256
        ess_cert_id_alg=sha256

        """

    private static let server = """
        import http.server, os, subprocess, sys
        class Authority(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                query = self.rfile.read(int(self.headers["Content-Length"]))
                good = self.headers["Content-Type"] == "application/timestamp-query" and self.path == "/tsr"
                body = subprocess.run([sys.argv[1] + "/answer"], input=query, capture_output=True).stdout if good else b""
                self.send_response(200 if good else 400)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        server = http.server.HTTPServer(("127.0.0.1", 0), Authority)
        open(sys.argv[1] + "/port", "w").write("%d\\n" % server.server_port)
        server.serve_forever()

        """
}
