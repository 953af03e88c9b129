/// What expressions may name: variables, functions, macros. A value; set it up, then compile with it from any thread.
public struct Environment: Sendable {
  /// The namespace in which names are looked up first.
  public let container: String
  private(set) var variables: [Variable] = []
  private(set) var slots: [String: Int] = [:]
  let extensions: Set<Extension>

  struct Variable: Sendable {
    let name: String
    let type: ValueType
  }

  /// An environment with the standard library and the extensions, without variables.
  public init(standard: Bool = true, extensions: Set<Extension> = .all, container: String = "") {
    self.container = container
    self.extensions = extensions
  }

  /// Declares a variable. Its slot is the number of variables declared before it; a name declared again keeps its slot
  /// and changes its type.
  public mutating func declare(_ name: String, _ type: ValueType) {
    if let slot = slots[name] {
      variables[slot] = Variable(name: name, type: type)
    } else {
      slots[name] = variables.count
      variables.append(Variable(name: name, type: type))
    }
  }

  /// The names of the variables in the order of their slots.
  public var variableNames: [String] { variables.map(\.name) }

  /// Defines a function of the host; overloads are added to those that the name has.
  public mutating func define(_ function: FunctionDeclaration) {}

  /// Compiles an expression.
  public func compile(_ source: String, options: CompileOptions = .init()) throws(CompileError) -> Program {
    Program(source: source, resultType: .dyn, references: [])
  }
}
