import NIOCore

extension Peer {
    /// Waits for the next message; nil once the peer is closed or has failed and nothing is left to take.
    ///
    /// - Throws: `cancelled`.
    public func receive() async throws(NetworkError) -> Message? {
        precondition(handler == nil, "\(name) hands its messages to its handler")
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
        while true {
            let wasGiven = inbox.isFirstGiven
            guard let message = inbox.popFirst() else { return nil }
            if wasGiven || mayGive(message) { return message }
        }
    }

    /// Whether the application gets a message, or has had it before.
    @inline(__always)
    private func mayGive(_ message: Message) -> Bool {
        if message.delivery != .reliable, let register, !register.claim(message.number, of: message.origin) {
            hasComeBefore(message)
            return false
        }
        let bytes = Int32(clamping: message.payload.readableBytes)
        note(.delivered(message: message.number, origin: message.origin, bytes: bytes))
        return true
    }

    /// A connection that its sender has left may still bring what newer ones have passed.
    private func hasComeBefore(_ message: Message) {
        if message.delivery == .exactlyOnce {
            note(.suppressed(message: message.number, origin: message.origin))
            hasTaken(message)
        } else {
            note(.discarded(message: message.number, origin: message.origin, reason: .overtaken))
        }
    }

    /// Whether a message that comes now may be taken at once: none waits before it, and others have had their turn.
    @inline(__always)
    var mayTakeAtOnce: Bool { takesAtOnce && inbox.isEmpty && !isHandling && run < Peer.longestRun }

    /// Gives a message to the application as it comes; one that it does not take waits.
    ///
    /// - Parameter isLast: nothing is behind it that was read with it.
    @inline(__always)
    func give(_ message: Message, isLast: Bool) {
        run += 1
        inbox.pass(message)
        guard mayGive(message) else { return }
        let before = taken
        // Before it runs, so that its answer carries the confirmation.
        hasTaken(message)
        isInRun = !isLast
        let isTaken = arrivalHandler(message, self)
        isInRun = false
        if isTaken { return }
        taken = before
        inbox.takeBack(message)
        arrivals.notify()
    }

    /// What has come is read: the messages taken at once are confirmed, by an answer where one waits.
    func endRun() {
        guard run > 0 else { return }
        run = 0
        if !queue.isReady { confirmTaken() }
    }

    /// The application has taken a message: from now on it may be confirmed.
    func hasTaken(_ message: Message) {
        // What an earlier connection's sender had on the way is not this one's to hear about.
        guard message.isReliable, message.origin == remoteOrigin else { return }
        taken = message.number
        inbox.settled()
    }

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
    private func giveWay() async {
        let turn = providers.tasks.makeSignal()
        providers.tasks.start("\(name) turn") { turn.notify() }
        try? await turn.wait()
    }

    /// Messages that are handed over one after another before others have their turn.
    private static let longestRun = 64

    /// Hands the inbox to the handler, message by message, until the peer has ended and nothing is left.
    func dispatch(to handler: MessageHandler) async {
        defer { isDispatching = false }
        var run = 0
        while true {
            // Others of the process have their turn, however much has come for this one.
            run += 1
            if run.isMultiple(of: Peer.longestRun) { await giveWay() }
            if inbox.isEmpty {
                run = 0
                if recordedState == .closed || recordedState == .failed { return }
                if !queue.isReady { confirmTaken() }
                guard (try? await arrivals.wait()) != nil else { return }
                continue
            }
            guard let message = takeMessage() else { continue }
            // Before it runs, so that its answer carries the confirmation.
            hasTaken(message)
            isInRun = !inbox.isEmpty
            isHandling = true
            await handler(message, self)
            isHandling = false
            isInRun = false
            confirmWhenDue()
            // A wait ends by itself; where there is nothing to wait for it is asked.
            if !inbox.isEmpty, Task.isCancelled { return }
        }
    }
}
