extension Compiler {
    mutating func compileSelect(_ node: Expression) -> Code {
        if let named = compileIfNamed(node) { return named }
        guard let operand = node.kind.children.first else { return compileName(node) }
        return select(node, compile(operand))
    }

    private mutating func select(_ node: Expression, _ code: Code) -> Code {
        guard case .select(let operand, let field, let isOptional) = node.kind else { return compileName(node) }
        return access(code, FieldKey(field.text), field.range, operand, isOptional: isOptional, node)
    }

    /// Code for a field of a map, by its name.
    private mutating func access(
        _ operand: Code, _ key: FieldKey, _ range: SourceRange, _ owner: Expression, isOptional: Bool, _ node: Expression
    ) -> Code {
        let access = FieldAccess(key: key, range: range, path: Self.path(owner))
        let place = operand.place
        if isOptional {
            return making(node.range) { frame in
                guard let pointer = place(&frame) else { return nil }
                return access.optional(pointer, &frame)
            }
        }
        switch checked.resolutions[owner.id] {
        case .variable(let slot):
            return Code(range: node.range, place: { frame in access.find(frame.slots + slot, &frame) })
        case .local(let position):
            return Code(range: node.range, place: { frame in access.find(frame.locals[position], &frame) })
        default:
            return Code(
                range: node.range,
                place: { frame in
                    guard let pointer = place(&frame) else { return nil }
                    return access.find(pointer, &frame)
                })
        }
    }

    mutating func compileTest(_ node: Expression) -> Code {
        guard let operand = node.kind.children.first else { return compileName(node) }
        return test(node, compile(operand).place)
    }

    private func test(_ node: Expression, _ place: @escaping Code.PlaceCode) -> Code {
        guard case .test(let operand, let field, _) = node.kind else { return compileName(node) }
        let access = FieldAccess(key: FieldKey(field.text), range: field.range, path: Self.path(operand))
        if case .variable(let slot) = checked.resolutions[operand.id] {
            return Code(test: { frame in access.isPresent(frame.slots + slot, &frame) })
        }
        return Code(test: { frame in
            guard let pointer = place(&frame) else { return .failed }
            return access.isPresent(pointer, &frame)
        })
    }

    mutating func compileIndex(_ node: Expression) -> Code {
        let parts = node.kind.children
        return element(node, compile(parts[0]), compile(parts[1]))
    }

    private mutating func element(_ node: Expression, _ code: Code, _ indexCode: Code) -> Code {
        guard case .index(let operand, let index, let isOptional) = node.kind else { return compileName(node) }
        if case .string(let name)? = indexCode.constant {
            return access(code, FieldKey(name), index.range, operand, isOptional: isOptional, node)
        }
        let range = index.range
        let path = Self.path(operand)
        let (ownerPlace, indexPlace) = (code.place, indexCode.place)
        let result = making(node.range) { frame in
            guard let owner = ownerPlace(&frame), let index = indexPlace(&frame) else { return nil }
            let value = Element.find(owner.pointee, index.pointee, isOptional: isOptional, path, &frame)
            if value == nil { frame.locate(range, function: "_[_]") }
            return value
        }
        return code.constant != nil && indexCode.constant != nil ? fold(node, result) : result
    }
}

/// Reads one field of whatever value there is.
struct FieldAccess: Sendable {
    let key: FieldKey
    let range: SourceRange
    let path: [String]

    /// The place of the field.
    @inline(__always)
    func find(_ owner: UnsafePointer<Value>, _ frame: inout Frame) -> UnsafePointer<Value>? {
        owner.field(key) ?? findOther(owner, &frame)
    }

    @inline(never)
    private func findOther(_ owner: UnsafePointer<Value>, _ frame: inout Frame) -> UnsafePointer<Value>? {
        if case .optional(let optional) = owner.pointee, optional.value == nil { return Self.absent.pointer }
        guard let value = other(owner.pointee, &frame) else { return nil }
        return frame.keep(value)
    }

    /// Absent, as most optional fields are: it needs no place of its own.
    private static let absent = Cell(.optional(.none))

    /// The field where the owner isn't a map that has it: of an optional, or a failure.
    @inline(never)
    func other(_ owner: Value, _ frame: inout Frame) -> Value? {
        switch owner {
        case .map(let map):
            if let found = map.storage.find(key.name, hash: key.hash) { return found.pointee }
            return frame.fail(Failure(.missingKey(.string(key.name), map: map, path: path), range))
        case .optional(let optional):
            guard let inner = optional.value else { return .optional(.none) }
            return withUnsafePointer(to: inner) { self.optional($0, &frame) }
        default:
            _ = frame.fail(.noSuchOverload, "`\(owner.typeValue.name)` has no field `\(key.name)`")
            frame.locate(range)
            return nil
        }
    }

    /// The field as an optional: absent where the map hasn't got it.
    func optional(_ pointer: UnsafePointer<Value>, _ frame: inout Frame) -> Value? {
        switch pointer.pointee {
        case .map(let map): return .optional(OptionalValue(map.storage.find(key.name, hash: key.hash)?.pointee))
        default: return other(pointer.pointee, &frame)
        }
    }

    /// Whether the field is there.
    @inline(__always)
    func isPresent(_ pointer: UnsafePointer<Value>, _ frame: inout Frame) -> Truth {
        if let storage = pointer.mapStorage {
            return Truth(storage._withUnsafeGuaranteedRef { $0.find(key.name, hash: key.hash) } != nil)
        }
        return isPresentElsewhere(pointer.pointee, &frame)
    }

    @inline(never)
    private func isPresentElsewhere(_ owner: Value, _ frame: inout Frame) -> Truth {
        guard case .optional = owner else {
            _ = other(owner, &frame)
            return .failed
        }
        guard case .optional(let optional)? = other(owner, &frame) else { return .failed }
        return Truth(optional.value != nil)
    }
}

/// Reads one element of a list or map.
enum Element {
    static func find(
        _ owner: Value, _ index: Value, isOptional: Bool, _ path: [String], _ frame: inout Frame
    ) -> Value? {
        switch owner {
        case .map(let map):
            if let found = map.storage.find(index)?.pointee { return isOptional ? .optional(OptionalValue(found)) : found }
            if isOptional { return .optional(.none) }
            return frame.fail(Failure(.missingKey(index, map: map, path: path)))
        case .list(let list):
            guard let position = position(index) else {
                if case .double(let number) = index {
                    return frame.fail(.invalidArgument, "the index `\(NumberText.general(number))` is not a whole number")
                }
                return frame.failNoOverload(owner, index)
            }
            guard position >= 0, position < Int64(list.count) else {
                if isOptional { return .optional(.none) }
                return frame.fail(.indexOutOfRange, "the index \(position) is outside the list of \(list.count)")
            }
            let found = list.elements[Int(position)]
            return isOptional ? .optional(OptionalValue(found)) : found
        case .optional(let optional):
            guard let inner = optional.value else { return .optional(.none) }
            return find(inner, index, isOptional: true, path, &frame)
        default: return frame.failNoOverload(owner, index)
        }
    }

    /// A number as the position in a list; nil where it isn't a whole number.
    private static func position(_ index: Value) -> Int64? {
        switch index {
        case .int(let number): number
        case .uint(let number): Int64(clamping: number)
        case .double(let number): Int64(exactly: number)
        default: nil
        }
    }
}
