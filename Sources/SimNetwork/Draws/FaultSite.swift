/// A named place in the simulator where a draw decides whether a fault strikes.
public enum FaultSite: String, Hashable, Sendable, CaseIterable {
    /// A segment is lost; a draw a segment and direction of a link.
    case linkLoss = "link.loss"
    /// The link's loss changes between good and bad; a draw a segment and direction.
    case linkBurst = "link.burst"
    /// A segment arrives twice; a draw a segment and direction.
    case linkDuplicate = "link.duplicate"
    /// A segment is overtaken; a draw a segment and direction.
    case linkReorder = "link.reorder"
    /// A segment is damaged, and its checksum says so; a draw a segment and direction.
    case linkCorrupt = "link.corrupt"
    /// A segment is damaged, and its checksum does not say so; a draw a segment with payload and direction.
    case linkCorruptUncaught = "link.corrupt-uncaught"
    /// A SYN is answered with a reset; a draw a connection.
    case connectRefuse = "connect.refuse"
    /// A connection's SYNs are ignored; a draw a connection.
    case connectHang = "connect.hang"
    /// A name does not resolve; a draw a look-up, by the host that asks.
    case nameError = "name.error"
    /// A read gives fewer bytes than there are; a draw a read, by connection.
    case readShort = "io.read.short"
    /// A write takes fewer bytes than there is room for; a draw a write, by connection.
    case writeShort = "io.write.short"
    /// A connection is closed under a read or write; a draw a call, by connection.
    case ioClose = "io.close"
    /// A timer goes off late; a draw a timer, by process.
    case timerSlow = "timer.slow"
    /// A segment of a protocol moment is dropped; a draw a segment and direction.
    case momentDrop = "moment.drop"
    /// What the network says of a segment is dropped; a draw a notice and direction.
    case noticeDrop = "icmp.drop"
    /// A queue that is getting long drops or marks a segment; a draw a segment and direction.
    case queueEarly = "queue.early"

    /// The family whose counts its draws go to.
    public var family: FaultFamily {
        switch self {
        case .linkLoss, .linkBurst: .loss
        case .linkDuplicate: .duplicate
        case .linkReorder: .reorder
        case .linkCorrupt, .linkCorruptUncaught: .corrupt
        case .connectRefuse: .refuse
        case .connectHang: .connectHang
        case .nameError: .nameError
        case .readShort: .shortRead
        case .writeShort: .shortWrite
        case .ioClose: .close
        case .timerSlow: .slowTimers
        case .momentDrop: .drop
        case .noticeDrop: .icmpDrop
        case .queueEarly: .queue
        }
    }

    /// The stable hash of its name, which keys its draws.
    var hash: UInt64 { FaultSite.hashes[position] }

    private static let hashes = allCases.map { Draw.stableHash($0.rawValue) }

    var position: Int {
        switch self {
        case .linkLoss: 0
        case .linkBurst: 1
        case .linkDuplicate: 2
        case .linkReorder: 3
        case .linkCorrupt: 4
        case .linkCorruptUncaught: 5
        case .connectRefuse: 6
        case .connectHang: 7
        case .nameError: 8
        case .readShort: 9
        case .writeShort: 10
        case .ioClose: 11
        case .timerSlow: 12
        case .momentDrop: 13
        case .noticeDrop: 14
        case .queueEarly: 15
        }
    }
}
