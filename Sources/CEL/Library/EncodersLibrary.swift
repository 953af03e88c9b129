/// `base64.encode` and `base64.decode`.
enum EncodersLibrary {
    static let definitions: [Definition] = [
        Definition("base64.encode", [.global(.bytes, returns: .string)]) { value, frame in
            guard case .bytes(let bytes) = value else { return frame.failNoOverload(value) }
            return .string(Base64.encode(bytes.storage))
        },
        Definition("base64.decode", [.global(.string, returns: .bytes)]) { value, frame in
            guard case .string(let text) = value else { return frame.failNoOverload(value) }
            return Base64.decode(text).map { .bytes($0) } ?? frame.fail(.invalidArgument, "the text is not base64")
        },
    ]
}
