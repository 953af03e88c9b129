/// Which fields of an event the compiled rules read. A path is the chain of member names from the event's root; a slot is
/// the path's number, in the order of insertion.
public struct Projection: Sendable, Hashable {
    public private(set) var paths: [[String]] = []
    private var slots: [[String]: Int] = [:]

    public init() {}

    /// The slot of a path, made if it is new.
    public mutating func slot(_ path: [String]) -> Int {
        if let slot = slots[path] { return slot }
        slots[path] = paths.count
        paths.append(path)
        return paths.count - 1
    }

    /// The slot of a path, `nil` if nobody asked for it.
    public func existingSlot(_ path: [String]) -> Int? { slots[path] }

    // The slots follow from the paths.
    public static func == (left: Self, right: Self) -> Bool { left.paths == right.paths }
    public func hash(into hasher: inout Hasher) { hasher.combine(paths) }
}

/// How a log format names what every event has. Paths lead from the event's root; an empty path means that the format has
/// no such field.
public struct EventLayout: Sendable, Hashable {
    /// The format's id: `aws-cloudtrail`.
    public var format: String
    /// The provider whose vectors apply: `aws`.
    public var provider: String
    public var service: [String]
    public var action: [String]
    /// RFC 3339, the same without a zone (then it is UTC), `06/Feb/2019:00:00:38 +0000`, or a number since 1970: seconds, or
    /// thousandths, millionths, billionths of them, told by its size.
    public var time: [String]
    public var account: [String]
    /// Where the provider says that the call was served.
    public var region: [String]
    /// Present and not null: the call failed, so it is attempted, not done.
    public var error: [String]
    /// What to cut from the end of a service's name to get the word that vectors use: `.amazonaws.com`.
    public var serviceSuffix: String
    /// What stands for the service and the action of an event that names none: `vpc-flow`.
    public var serviceWord: String
    public var actionWord: String

    public init(
        format: String, provider: String, service: [String], action: [String], time: [String], account: [String], region: [String],
        error: [String], serviceSuffix: String = "", serviceWord: String = "", actionWord: String = ""
    ) {
        self.format = format
        self.provider = provider
        self.service = service
        self.action = action
        self.time = time
        self.account = account
        self.region = region
        self.error = error
        self.serviceSuffix = serviceSuffix
        self.serviceWord = serviceWord
        self.actionWord = actionWord
    }
}

/// A field of one event: a view into the batch's bytes.
public struct FieldView: Sendable, Hashable {
    /// From the batch's `base`.
    public var offset: UInt32
    /// 0 if the event lacks the field (a JSON value is never empty; a text field that is empty counts as lacking).
    public var length: UInt32

    public init(offset: UInt32, length: UInt32) {
        self.offset = offset
        self.length = length
    }
}

/// Some events of one input, projected: for every event and every slot a view of the raw bytes. It is valid only during
/// the call that hands it over.
///
/// INVARIANT: every view lies within `base ..< base + byteCount`; `fields` has `count * width` elements, row by row;
/// `offsets` has `count` elements.
public struct EventBatch {
    public let base: UnsafePointer<UInt8>
    public let byteCount: Int
    public let fields: UnsafePointer<FieldView>
    /// The byte at which each event begins in the inflated input.
    public let offsets: UnsafePointer<UInt64>
    public let count: Int
    /// Slots a row: the number of paths of the projection.
    public let width: Int
    /// The number, from 0, of the batch's first event among the input's records.
    public let firstOrdinal: Int
    /// The fields are JSON texts (strings with their quotes and escapes); else plain text.
    public let isJSON: Bool

    public init(
        base: UnsafePointer<UInt8>, byteCount: Int, fields: UnsafePointer<FieldView>, offsets: UnsafePointer<UInt64>, count: Int,
        width: Int,
        firstOrdinal: Int, isJSON: Bool
    ) {
        self.base = base
        self.byteCount = byteCount
        self.fields = fields
        self.offsets = offsets
        self.count = count
        self.width = width
        self.firstOrdinal = firstOrdinal
        self.isJSON = isJSON
    }

    /// The raw bytes of one field; empty if the event lacks it.
    @inlinable
    public func bytes(_ row: Int, _ slot: Int) -> UnsafeBufferPointer<UInt8> {
        let field = fields[row &* width &+ slot]
        return UnsafeBufferPointer(start: base + Int(field.offset), count: Int(field.length))
    }
}
