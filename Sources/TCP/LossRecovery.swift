/// What a sender knows of what it has lost, and what it does about it: Linux's states and rules (`tcp_input.c`), after
/// RFC 6675, RFC 8985 (RACK-TLP), RFC 9937 (PRR), RFC 6582 (NewReno), RFC 5682 (F-RTO), and undoing by RFC 3522 and RFC 2883.
@usableFromInline
@dynamicMemberLookup
package struct LossRecovery {
    /// How the sender stands, as `TCP_INFO` names it.
    @usableFromInline
    package enum State: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
        /// All is well.
        case open
        /// Something came out of order, or twice.
        case disorder
        /// Congestion was told of, without a loss.
        case reduced
        /// What is lost goes again.
        case recovery
        /// A timeout has come: all that is under way counts as lost.
        case loss

        /// The name, as Linux writes it.
        @usableFromInline
        package var description: String {
            switch self {
            case .open: "Open"
            case .disorder: "Disorder"
            case .reduced: "CWR"
            case .recovery: "Recovery"
            case .loss: "Loss"
            }
        }
    }

    // Small members stand together, so that nothing is padded: a large lab has many of these.

    /// Segments that the other side has beyond a gap; without SACK as many as duplicate acknowledgements say.
    package internal(set) var sacked: Int32 = 0
    /// Segments that count as lost.
    package internal(set) var lost: Int32 = 0
    /// Repeats that are under way.
    package internal(set) var repeating: Int32 = 0
    /// Segments that the other side has got.
    var delivered: Int32 = 0
    /// Segments behind a gap after which it counts as lost; grows where the order is seen to be mixed.
    var reordering: Int32
    /// How the sender stands.
    package internal(set) var state = State.open
    var isReorderingSeen = false
    var rack = RACK()
    /// What the other side has beyond a gap, as far as the latest acknowledgement has told.
    var known = SackedRanges()
    /// What an end has once something was amiss.
    private var trouble = Rare<Trouble>()

    /// What there is to know where something was lost, probed or reduced: an end that never was in trouble has none.
    package struct Trouble: Blank {
        /// The state is left when this offset is acknowledged: what was sent next when it began.
        var highest: Int64 = 0

        // What is under way.

        /// The end of the last segment that the other side has beyond a gap; of no meaning where there is none.
        var highestSacked: Int64 = 0
        /// Before this offset nothing is left that is lost and has not gone again (`retransmit_skb_hint`).
        var repeatFrom: Int64 = 0

        // What can be undone.

        /// What was not acknowledged when the window was reduced; 0 where nothing can be undone.
        var undoMark: Int64 = 0
        /// Segments that have come twice, as the other side says.
        var duplicates: Int64 = 0
        /// When the first repeat went, in nanoseconds; 0 where none did.
        var repeatedSince: Int64 = 0
        /// Repeats since then of which it is not known that they were needless.
        var undoRepeats: Int32 = 0
        /// The window and the threshold before the reduction.
        var priorWindow: Int32 = 0
        var priorThreshold: Int32 = 0

        // Proportional rate reduction: what was delivered and sent since it began.

        var reductionDelivered: Int32 = 0
        var reductionSent: Int32 = 0

        // The probe of the tail.

        /// What was sent next when the last segment was probed; 0 where no probe is under way.
        var probeEnd: Int64 = 0
        /// The probe was a repeat.
        var isProbeRepeat = false

        /// The next repeat goes to the device as one with the one before it.
        var isRepeatJoined = false
        /// F-RTO looks whether a timeout was needless.
        var isForward = false

        package init() {}
    }

    /// A member of what is known of trouble.
    @inline(__always)
    package subscript<Value: Equatable>(dynamicMember member: WritableKeyPath<Trouble, Value>) -> Value {
        get { trouble[member] }
        set { trouble[member] = newValue }
    }

    init(_ options: TCPOptions) { reordering = options.reordering }

    /// Segments behind a gap after which it counts as lost.
    package var reorderingSegments: Int32 { reordering }
    /// Segments that the other side has got.
    package var deliveredSegments: Int32 { delivered }

    /// Whether the window is being reduced.
    @inline(__always)
    var isReducing: Bool { state == .reduced || state == .recovery }

    /// What RACK knows: of what was delivered, what was sent last, and when.
    struct RACK {
        /// Which of all transmissions that was.
        var transmission: Int64 = -1
        /// Its round trip.
        var roundTrip: Int64 = 0
        var deliveredAtLastStep: Int32 = 0
        /// How many quarters of a round trip a segment may be late.
        var steps: UInt8 = 1
        /// Recoveries for which that stays.
        var persistence: UInt8 = 0
        /// A later one was delivered since losses were looked for.
        var isAdvanced = false
        var isDuplicateSeen = false

        /// Recoveries without a duplicate after which a late segment has a quarter of a round trip again (RFC 8985, 6.2).
        static let persists: UInt8 = 16

        /// Something was delivered.
        mutating func advance(_ entry: SentQueue.Entry, at now: Int64, least: Int64?) {
            let roundTrip = now - entry.sentAt
            // What comes sooner than a round trip takes was sent before it was repeated.
            if entry.marks.contains(.repeated), roundTrip < least ?? 0 { return }
            isAdvanced = true
            self.roundTrip = roundTrip
            transmission = max(transmission, entry.transmission)
        }

        /// A round trip is over: how late a segment may be follows what was delivered twice.
        mutating func settleWindow(deliveredBefore: Int32, delivered: Int32) {
            guard deliveredBefore > 0 else { return }
            if deliveredBefore < deliveredAtLastStep { isDuplicateSeen = false }
            if isDuplicateSeen {
                steps = min(254, steps) + 1
                isDuplicateSeen = false
                deliveredAtLastStep = delivered
                persistence = Self.persists
            } else if persistence == 0 {
                steps = 1
            }
        }
    }
}
