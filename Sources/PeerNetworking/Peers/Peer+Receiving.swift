import Bug
import NIOCore

extension Peer {
    /// Waits for the next message; nil once the peer is closed or has failed and nothing is left to take.
    ///
    /// - Throws: `cancelled`.
    public func receive() async throws(NetworkError) -> Message? {
        insist(!handsOver, "\(name) hands its messages to its handler")
        while true {
            if let message = takeMessage() {
                hasTaken(message)
                confirmWhenDue()
                return message
            }
            // What was not handed over again is confirmed all the same.
            confirmTaken()
            if recordedState == .closed || recordedState == .failed { return nil }
            try await arrivals.wait()
        }
    }

    // MARK: Handing over

    /// The application gets the oldest message of the inbox that it has not been given already.
    func takeMessage() -> Message? {
        while let message = inbox.popFirst() {
            if isNew(message) {
                handOver(message)
                return message
            }
            noteRepetition(of: message)
            if message.delivery == .exactlyOnce { hasTaken(message) }
        }
        return nil
    }

    /// Whether the application has not been given it, or newer ones, by another connection.
    @inline(__always)
    private func isNew(_ message: Message) -> Bool {
        message.delivery == .reliable || register?.knows(message.number, of: message.origin) != true
    }

    @inline(__always)
    private func handOver(_ message: Message) {
        if message.delivery != .reliable { register?.claim(message.number, of: message.origin) }
        let bytes = Int32(clamping: message.payload.readableBytes)
        note(.delivered(message: message.number, origin: message.origin, bytes: bytes))
    }

    /// A connection that its sender has left may still bring what newer ones have passed.
    private func noteRepetition(of message: Message) {
        if message.delivery == .exactlyOnce {
            note(.suppressed(message: message.number, origin: message.origin))
        } else {
            note(.discarded(message: message.number, origin: message.origin, reason: .overtaken))
        }
    }

    /// The application has taken a message of the inbox: from now on it may be confirmed.
    func hasTaken(_ message: Message) {
        guard mayConfirm(message) else { return }
        taken = message.number
        inbox.settled()
    }

    /// What an earlier connection's sender had on the way is not this one's to hear about, and what was confirmed with an
    /// answer is not confirmed again.
    @inline(__always)
    private func mayConfirm(_ message: Message) -> Bool {
        message.isReliable && message.origin == remoteOrigin && message.number > taken
    }

    // MARK: Taking at once

    /// Whether a message that comes now may be taken at once: none waits before it.
    @inline(__always)
    var mayTakeAtOnce: Bool { takesAtOnce && inbox.isEmpty && !isHandling }

    /// Whether so many were taken one after another that others are to have their turn.
    @inline(__always)
    var isTurnOver: Bool { takenInTurn >= Peer.longestTurn }

    /// Asks whether the application takes a message as it comes; otherwise it waits.
    ///
    /// - Parameter isLast: nothing is behind it that was read with it.
    @inline(__always)
    func take(_ message: Message, isLast: Bool) {
        takenInTurn += 1
        let before = taken
        // Before it is taken, so that its answer carries the confirmation.
        if mayConfirm(message) { taken = message.number }
        guard isNew(message) else { return noteRepetition(of: message) }
        moreFollow = !isLast
        let isTaken = arrivalHandler(message, self)
        moreFollow = false
        if isTaken { return handOver(message) }
        // What was confirmed cannot be taken back: the other side holds it no more.
        let isConfirmed = confirmed > before
        if !isConfirmed { taken = before }
        inbox.append(message, isHeld: message.isReliable && !isConfirmed)
        arrivals.notify()
    }

    /// Confirms what was taken at once, where no message is about to carry that.
    func confirmWhatWasRead() {
        if takesAtOnce, !queue.isReady { confirmTaken() }
    }

    // MARK: In turn

    /// Confirms a run of messages at its end, or in between when it is long: the other side's queue must not run dry.
    func confirmWhenDue() {
        // A message that is about to be written carries it.
        if queue.isReady { return }
        let most = UInt64(min(16, max(1, remoteLimits.onTheWay / 2)))
        if inbox.isEmpty || taken &- confirmed >= most { confirmTaken() }
    }

    /// Confirms what the application has taken, unless a message has carried that already.
    func confirmTaken() {
        guard taken > confirmed, isAttached else { return }
        confirmed = taken
        sendControl(.acknowledgement(taken))
    }

    /// Lets all that is ready now go first.
    func giveWay() async {
        takenInTurn = 0
        let turn = providers.tasks.makeSignal()
        providers.tasks.start("\(name) turn") { turn.notify() }
        try? await turn.wait()
    }

    /// Messages that are handed over one after another before others have their turn.
    private static let longestTurn = 64

    /// Hands the inbox to the handler, message by message, until the peer has ended and nothing is left.
    func dispatch(to handler: MessageHandler) async {
        defer {
            isDispatching = false
            letGoOfHandlers()
        }
        var handled = 0
        while true {
            // Others of the process have their turn, however much has come for this one.
            handled += 1
            if handled.isMultiple(of: Peer.longestTurn) { await giveWay() }
            if inbox.isEmpty {
                handled = 0
                if recordedState == .closed || recordedState == .failed { return }
                if !queue.isReady { confirmTaken() }
                guard (try? await arrivals.wait()) != nil else { return }
                continue
            }
            guard let message = takeMessage() else { continue }
            // Before it runs, so that its answer carries the confirmation.
            hasTaken(message)
            moreFollow = !inbox.isEmpty
            isHandling = true
            await handler(message, self)
            isHandling = false
            moreFollow = false
            confirmWhenDue()
            // A wait ends by itself; where there is nothing to wait for it is asked.
            if !inbox.isEmpty, Task.isCancelled { return }
        }
    }
}
