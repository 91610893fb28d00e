/// Why a segment did not arrive.
public enum LossReason: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// The link was cut when it was sent or while it was on its way.
    case cut
    /// The link's loss took it.
    case loss
    /// The host it went to had no power.
    case noPower
    /// An intervention dropped it.
    case dropped
    /// The backlog it asked to join was full.
    case backlogFull
    /// A reset or a late segment for a socket that is gone.
    case noSocket
    /// The hosts are on two sides of a partition.
    case partition
    /// Its way is reported unreachable.
    case unreachable
    /// It is larger than the link takes.
    case tooBig
    /// A fault drops what belongs to its protocol moment.
    case moment
    /// The queue before the link was full.
    case queueFull
    /// Its checksum did not fit.
    case damaged
    /// The end it went to is gone without a word.
    case silence
    /// A SYN that a fault ignores.
    case ignored
    /// The receiving host has no buffer memory left.
    case noMemory
    /// What the network says is dropped on its way.
    case filtered
    /// A router has forgotten its connection, or never knew it.
    case forgotten
    /// A router has no room for one half-open connection more.
    case tableFull
    /// The queue before the link is getting long, and tells of it early.
    case early

    /// The reason in words.
    public var description: String {
        switch self {
        case .cut: "link cut"
        case .loss: "lost"
        case .noPower: "no power"
        case .dropped: "dropped"
        case .backlogFull: "backlog full"
        case .noSocket: "no socket"
        case .partition: "partition"
        case .unreachable: "unreachable"
        case .tooBig: "larger than the MTU"
        case .moment: "protocol moment"
        case .queueFull: "queue full"
        case .damaged: "checksum"
        case .silence: "silence"
        case .ignored: "SYN ignored"
        case .noMemory: "no buffer memory"
        case .filtered: "ICMP dropped"
        case .forgotten: "forgotten by the NAT"
        case .tableFull: "NAT table full"
        case .early: "dropped early"
        }
    }

    /// The family of the fault that the loss is an effect of; nil where it is none.
    public var family: FaultFamily? {
        switch self {
        case .cut: .cut
        case .loss: .loss
        case .noPower: .powerLoss
        case .dropped, .moment: .drop
        case .backlogFull: .backlogFull
        case .noSocket: nil
        case .partition: .partition
        case .unreachable: .unreachable
        case .tooBig: .mtu
        case .queueFull: .bandwidth
        case .damaged: .corrupt
        case .silence: .halfOpen
        case .ignored: .connectHang
        case .noMemory: .exhaust
        case .filtered: .icmpDrop
        case .forgotten, .tableFull: .nat
        case .early: .queue
        }
    }
}
