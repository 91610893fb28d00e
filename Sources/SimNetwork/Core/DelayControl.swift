/// What a queue remembers of how long packets have waited, as controlled delay reckons it (RFC 8289, 5).
///
/// A packet's verdict is found when it comes and not when it leaves: on a line that serves in order, all that decides has come
/// before it. One thing has not, and is taken from the packet's other side: RFC 8289 lets a packet pass behind which no more
/// than another one waits; here one that finds no more than that before it.
struct DelayControl {
    /// When packets will have waited too long for a whole interval; 0 while they do not.
    private var patience: Int64 = 0
    /// When the next is dropped, in nanoseconds.
    private var next: Int64 = 0
    /// Dropped since dropping began, or begun so that it would be where it was when that had helped.
    private var count: Int32 = 0
    /// What ``count`` was when dropping began last.
    private var countBefore: Int32 = 0
    private var isDropping = false
    /// The one behind the first that is dropped goes, however long it has waited.
    private var isNextFree = false
    /// The time of the next is reckoned from the one that was dropped as soon as another is to be.
    private var isNextDue = false

    /// Takes a packet's turn to leave.
    ///
    /// - Parameters:
    ///   - wait: for how long it has waited, in nanoseconds.
    ///   - time: when it leaves, in nanoseconds.
    ///   - isAlone: no more than one full packet waits beside it.
    /// - Returns: whether it is dropped, or marked.
    mutating func strikes(_ codel: ControlledDelay, after wait: Int64, at time: Int64, isAlone: Bool) -> Bool {
        let isTooLong = hasBeenTooLong(codel, wait, at: time, isAlone: isAlone)
        if isNextFree {
            isNextFree = false
            return false
        }
        guard isDropping else { return isTooLong && begin(codel, at: time) }
        guard isTooLong else {
            isDropping = false
            isNextDue = false
            return false
        }
        if isNextDue {
            next += codel.interval.dividedBySquareRoot(of: count)
            isNextDue = false
        }
        guard time >= next else { return false }
        count = min(count, .max - 1) + 1
        isNextDue = true
        return true
    }

    private mutating func hasBeenTooLong(
        _ codel: ControlledDelay, _ wait: Int64, at time: Int64, isAlone: Bool
    ) -> Bool {
        guard wait >= codel.target, !isAlone else {
            patience = 0
            return false
        }
        if patience == 0 {
            patience = time + codel.interval
            return false
        }
        return time >= patience
    }

    /// Drops the first; soon after the last time that dropping was needed it goes on at the pace that had helped.
    private mutating func begin(_ codel: ControlledDelay, at time: Int64) -> Bool {
        let served = count - countBefore
        count = served > 1 && time - next < 16 * codel.interval ? served : 1
        next = time + codel.interval.dividedBySquareRoot(of: count)
        countBefore = count
        isDropping = true
        isNextFree = true
        return true
    }
}

extension Int64 {
    /// The quotient with the square root of a count, of which 16 bits behind the point are kept.
    fileprivate func dividedBySquareRoot(of count: Int32) -> Int64 {
        // Doubles are exact here: IEEE 754 rounds a square root as it does a sum.
        let root = Int64((Double(count) * 4_294_967_296).squareRoot())
        let (high, low) = multipliedFullWidth(by: 65_536)
        return root.dividingFullWidth((high, low)).quotient
    }
}
