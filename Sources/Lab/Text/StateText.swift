package import PeerNetworking
import SimNetwork
import TCP

extension PeerState {
    /// How a peer's state is meant.
    package var role: TextRole {
        switch self {
        case .connected, .listening: .good
        case .connecting, .reconnecting, .closing: .warning
        case .failed: .danger
        case .idle, .closed: .dim
        }
    }
}

extension TCPTimer {
    /// What the timer is for, in words.
    package var words: String {
        switch self {
        case .retransmission: "RTO"
        case .persist: "window probe"
        case .tailLossProbe: "probe of the tail"
        case .reordering: "reordering"
        case .delayedAcknowledgement: "delayed ACK"
        case .keepAlive: "keep-alive"
        case .finWait: "end of FIN-WAIT"
        case .timeWait: "end of TIME-WAIT"
        case .cookie: "end of the cookie"
        }
    }
}

extension MessageFate {
    /// The fate in words, and whether the message may have come twice.
    package func text(wasRepeated: Bool) -> String {
        switch self {
        case .requeued, .onTheWire, .delivered: description + (wasRepeated ? ", may arrive twice" : "")
        case .queued, .sent, .dropped: description
        }
    }

    /// How the fate is meant.
    package var role: TextRole {
        switch self {
        case .queued, .onTheWire, .sent: .plain
        case .requeued: .warning
        case .delivered: .good
        case .dropped: .loss
        }
    }
}

extension ExpectationStatus.Verdict {
    /// The verdict in words.
    package var words: String {
        switch self {
        case .open: "open"
        case .held: "held"
        case .failed: "failed"
        case .notJudged: "not judged"
        }
    }

    /// How the verdict is meant.
    package var role: TextRole {
        switch self {
        case .open: .dim
        case .held: .good
        case .failed: .danger
        case .notJudged: .warning
        }
    }
}
