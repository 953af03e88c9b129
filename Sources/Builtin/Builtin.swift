/// The catalogue, places and jurisdictions as they were when the tool was built: the binary works alone anywhere.
public enum Builtin {
    /// Path below `policies` (`catalogue/aws/s3.yaml`), text, and the text as a parsed tree, in the order of the paths.
    public static var files: [(path: String, bytes: [UInt8], tree: [UInt8])] {
        embedded.map { file in (file.path, file.text.withUTF8Buffer { Array($0) }, file.tree.withUTF8Buffer { Array($0) }) }
    }
}
