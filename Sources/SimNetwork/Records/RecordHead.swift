import PeerNetworking

/// What a record says before its changes.
struct RecordHead: Equatable {
    var time: Int64
    var kind: EventKind
    var host: HostID?
    var connection: ConnectionID?
    var process: ProcessID?
    /// The number of the event that caused it; 0 for what comes from outside the run.
    var cause: Int
    /// The place of what was pending and is this event; 0 for what was not.
    var place: UInt64
}

/// What follows the kind in a head.
private struct HeadFields: OptionSet {
    let rawValue: UInt8
    static let host = HeadFields(rawValue: 16)
    static let connection = HeadFields(rawValue: 32)
    static let process = HeadFields(rawValue: 64)
    static let place = HeadFields(rawValue: 128)
}

extension RecordWriter {
    /// Begins a record: what was written before is gone.
    @inline(__always)
    mutating func begin(_ head: RecordHead, number: Int) {
        clear()
        reserve(64)
        origin = head.time
        var fields: HeadFields = []
        if head.host != nil { fields.insert(.host) }
        if head.connection != nil { fields.insert(.connection) }
        if head.process != nil { fields.insert(.process) }
        if head.place > 0 { fields.insert(.place) }
        inRegisters { writer in
            writer.byte(head.kind.rawValue | fields.rawValue)
            writer.natural(head.time)
            // The cause is an earlier event, and seldom far back.
            writer.number(UInt64(head.cause == 0 ? 0 : number - head.cause + 1))
            if let host = head.host { writer.natural(host.index) }
            if let connection = head.connection { writer.number(UInt64(connection.number)) }
            if let process = head.process { writer.natural(process.index) }
            if head.place > 0 { writer.number(head.place) }
        }
    }
}

extension RecordReader {
    /// Reads the head of the record of an event.
    @inline(__always)
    mutating func head(number: Int) -> RecordHead {
        let first = byte()
        let fields = HeadFields(rawValue: first & 0xF0)
        let known = EventKind(rawValue: first & 0x0F)
        if known == nil { refuse("an event of kind \(first & 0x0F)") }
        let kind = known ?? .observed
        origin = natural()
        let back = Int(natural())
        return RecordHead(
            time: origin, kind: kind, host: fields.contains(.host) ? host() : nil,
            connection: fields.contains(.connection) ? connection() : nil,
            process: fields.contains(.process) ? process() : nil, cause: back == 0 ? 0 : number &- back &+ 1,
            place: fields.contains(.place) ? self.number() : 0)
    }
}
