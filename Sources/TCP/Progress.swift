/// What an acknowledgement has brought, as far as it was taken in.
struct Progress {
    /// What there was to it.
    struct Marks: OptionSet {
        let rawValue: UInt16
        /// It came with data.
        static let data = Marks(rawValue: 1)
        /// It told a window.
        static let window = Marks(rawValue: 2)
        /// It acknowledges something new.
        static let advanced = Marks(rawValue: 4)
        /// Segments are off the scoreboard.
        static let acknowledged = Marks(rawValue: 8)
        /// It tells of something new beyond a gap.
        static let sacked = Marks(rawValue: 16)
        /// Of that, or of what it acknowledges, some was sent but once, before the recovery began.
        static let original = Marks(rawValue: 32)
        /// A repeat was acknowledged.
        static let repeated = Marks(rawValue: 64)
        /// A repeat was found to be lost.
        static let lostRepeat = Marks(rawValue: 128)
        /// The timer of what was sent begins anew.
        static let timer = Marks(rawValue: 256)
        /// It says that something came twice.
        static let duplicate = Marks(rawValue: 512)
        /// What came twice was the probe of the tail.
        static let duplicateProbe = Marks(rawValue: 1_024)
        /// It tells of congestion.
        static let marked = Marks(rawValue: 2_048)
    }

    /// What goes out because of it.
    enum Answer {
        /// What there is to send.
        case usual
        /// Lost segments, and then what there is.
        case lostFirst
        /// New ones first: whether they arrive shows if a timeout was needless (F-RTO).
        case newFirst
    }

    var marks: Marks = []
    /// When the first and the last of what it tells of was sent, of what was sent but once.
    var firstSent: Int64?
    var lastSent: Int64?
    var firstSackedSent: Int64?
    /// The lowest offset that came late, for one beyond it was known to be there.
    var late: Int64 = .max
    /// How much had been delivered when the latest of them was sent, and when that was.
    var deliveredBefore: Int32 = 0
    var latestSent: Int64 = .min
    var answer = Answer.usual

    /// A duplicate acknowledgement as RFC 5681 has it: no data, no window, nothing new.
    var isDuplicate: Bool { marks.isDisjoint(with: [.data, .window, .advanced, .acknowledged]) }

    /// Takes note that a segment was delivered.
    mutating func note(_ entry: SentQueue.Entry) {
        guard entry.sentAt >= latestSent else { return }
        (latestSent, deliveredBefore) = (entry.sentAt, entry.deliveredBefore)
    }
}
