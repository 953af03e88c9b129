/// The catalogue, places and jurisdictions as they were when the tool was built: the binary works alone anywhere.
public enum Builtin {
    /// Path below `policies` (`catalogue/aws/s3.yaml`), text, and the text as a parsed tree, in the order of the paths. They are parts
    /// of the program, so a start copies none of them.
    public static var files: [(path: String, text: StaticString, tree: StaticString)] { embedded }
}
