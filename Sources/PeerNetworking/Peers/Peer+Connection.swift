import DequeModule
import NIOCore

extension Peer {
    /// Starts the task that keeps the connection, once.
    func start() {
        guard !isStarted, !isClosing else {
            demand.notify()
            return
        }
        isStarted = true
        let peer = self
        keeper = providers.tasks.start("\(name) keeper") { await peer.keep() }
        if let handler, !isDispatching {
            isDispatching = true
            providers.tasks.start("\(name) dispatcher") { await peer.dispatch(to: handler) }
        }
    }

    /// Carries out the life cycle's directives until it says stop, or the task is cancelled.
    private func keep() async {
        defer {
            // What has given up may be revived; a session has one connection, and who is cancelled is at its end.
            isOver = accepted != nil || Task.isCancelled
            letGoOfHandlers()
        }
        var directive = PeerLifecycle.Directive.awaitDemand
        while !Task.isCancelled {
            record(lifecycle.state, nil)
            switch directive {
            case .awaitDemand:
                while !isConnectWanted, !queue.hasWaiting {
                    guard (try? await demand.wait()) != nil else { return }
                }
                directive = lifecycle.demand()
            case .attempt(let number):
                isConnectWanted = false
                guard await awaitPermission() else { return }
                // A wish that came meanwhile is granted with this attempt.
                isConnectWanted = false
                directive = await attempt(number)
            case .backOff(let attempt, let delay):
                guard await backOff(attempt: attempt, delay: delay) else { return }
                directive = lifecycle.backedOff()
            case .stop:
                giveUp()
                return
            }
        }
    }

    /// Waits until the circuit breaker lets an attempt through.
    ///
    /// - Returns: whether to go on; not when the task was cancelled.
    private func awaitPermission() async -> Bool {
        guard let breaker else { return true }
        while true {
            // A connection that is there already needs no leave.
            if adopted != nil {
                permit = nil
                return true
            }
            permit = breaker.permit(at: providers.time.now)
            noteCircuit()
            if permit != nil { return true }
            // Another peer's attempt shows whether the endpoint is back, and may take as long as an attempt may.
            let until = breaker.opensUntil ?? providers.time.now.advanced(by: config.connectTimeout)
            guard (try? await demand.wait(until: until, for: "\(name) open circuit")) != nil else { return false }
        }
    }

    private func noteCircuit() {
        guard let breaker, breaker.state != recordedCircuit else { return }
        recordedCircuit = breaker.state
        note(.circuit(breaker.state))
        // Those that wait for room hear of it.
        if breaker.state == .open { waitingForRoom.wakeAll() }
    }

    private func attempt(_ number: Int) async -> PeerLifecycle.Directive {
        if providers.buggify.fires(.peerConnectDelay, for: name) {
            try? await providers.time.sleep(for: config.connectTimeout / 2)
        }
        switch await openWithinTimeout() {
        case .success(let stream):
            let since = providers.time.now
            hasConnected(at: since)
            return hasLost(purpose == .stream ? await hand(over: stream) : await serve(stream), connectedAt: since)
        case .failure(let error):
            return hasFailed(error)
        }
    }

    // What does not wait is not inlined: a task keeps the largest frame that it has ever needed, for as long as it lives.

    @inline(never)
    private func hasConnected(at now: Instant) {
        lifecycle.connected(at: now)
        if let permit { breaker?.connected(permit) }
        noteCircuit()
    }

    @inline(never)
    private func hasLost(_ loss: NetworkError, connectedAt since: Instant) -> PeerLifecycle.Directive {
        let now = providers.time.now
        if let permit {
            if since.duration(to: now) >= config.backoff.resetAfter {
                breaker?.proved(permit)
            } else if isLeaving {
                breaker?.abandoned(permit)
            } else if !isClosing {
                breaker?.failed(permit, at: now)
            }
        }
        noteCircuit()
        if isLeaving, accepted == nil, !isClosing { return lifecycle.idled(at: now) }
        let directive = lifecycle.lost(loss, at: now, fraction: jitter())
        if !isClosing { record(lifecycle.state, loss.code) }
        return directive
    }

    @inline(never)
    private func hasFailed(_ error: NetworkError) -> PeerLifecycle.Directive {
        if let permit {
            if error.code == .cancelled {
                breaker?.abandoned(permit)
            } else {
                breaker?.failed(permit, at: providers.time.now)
            }
        }
        noteCircuit()
        let directive = lifecycle.attemptFailed(error, fraction: jitter())
        if lifecycle.state == .failed { record(.failed, error.code) }
        return directive
    }

    private func jitter() -> Double {
        Double(providers.random.next("peer.backoff.jitter", for: name) >> 11) / 9_007_199_254_740_992
    }

    /// - Returns: whether to go on; not when the task was cancelled.
    private func backOff(attempt: Int, delay: Duration) async -> Bool {
        // Not at once: where it fires each time and attempts fail at once, there would be no end of them at one time.
        let isEarly = providers.buggify.fires(.peerReconnectEarly, for: name)
        let delay = isEarly ? min(delay, .milliseconds(1)) : delay
        note(.backoff(attempt: Int32(clamping: attempt), delayNanoseconds: delay.inNanoseconds))
        let deadline = providers.time.now.advanced(by: delay)
        while providers.time.now < deadline, !isConnectWanted {
            guard (try? await demand.wait(until: deadline, for: "\(name) backoff")) != nil else { return false }
        }
        return true
    }

    private func giveUp() {
        if lifecycle.state == .failed {
            for number in queue.discardAll() {
                note(.dropped(message: number, reason: .peerClosed, depth: depthAfter(-1)))
            }
            notePressure()
            // A session ends with its connection: what its application has not taken was not confirmed, and comes again.
            if accepted != nil { discardInbox() }
            record(.failed, lifecycle.failure?.code)
        }
    }

    func discardInbox() {
        for message in inbox.discardAll() where !message.isReliable {
            note(.discarded(message: message.number, origin: message.origin, reason: .connectionLost))
        }
    }

    // MARK: One connection

    /// Opens a connection and exchanges hellos, all within the connect timeout.
    func openWithinTimeout() async -> Result<any ByteStream, NetworkError> {
        attemptOutcome = nil
        handshakeSince = nil
        greetedAttempt = adopted
        adopted = nil
        let peer = self
        let attempt = providers.tasks.start("\(name) connect") { await peer.open() }
        let limit = providers.time.now.advanced(by: accepted == nil ? config.connectTimeout : config.handshakeTimeout)
        while true {
            if adopted != nil, greetedAttempt == nil { attempt.cancel() }
            let handshakeLimit = handshakeSince?.advanced(by: config.handshakeTimeout)
            let deadline = min(limit, handshakeLimit ?? limit)
            if let outcome = attemptOutcome {
                if adopted != nil, greetedAttempt == nil, !Task.isCancelled {
                    // The other side's connection is the one that is kept.
                    if case .success(let stream) = outcome { await stream.close() }
                    return await openWithinTimeout()
                }
                if case .success(let stream) = outcome, Task.isCancelled {
                    // Closed between the handshake and now.
                    await stream.close()
                    return .failure(NetworkError(.cancelled, during: .connect, remote: remote))
                }
                if case .failure(let error) = outcome, error.code == .cancelled, !Task.isCancelled {
                    return .failure(attemptTimedOut())
                }
                return outcome
            }
            do {
                if providers.time.now < deadline {
                    try await progress.wait(until: deadline, for: "\(name) connect timeout")
                } else {
                    attempt.cancel()
                    try await progress.wait()
                }
            } catch {
                attempt.cancel()
                if case .success(let stream) = attemptOutcome { await stream.close() }
                return .failure(NetworkError(.cancelled, during: .connect, remote: remote))
            }
        }
    }

    private func attemptTimedOut() -> NetworkError {
        guard let since = handshakeSince else {
            return NetworkError(
                .timedOut, during: .connect, remote: remote, reason: "no answer in \(config.connectTimeout)")
        }
        return NetworkError(
            .timedOut, during: .handshake, remote: remote,
            reason: "no hello in \(since.duration(to: providers.time.now))")
    }

    private func open() async {
        do {
            let stream: any ByteStream
            let greeted = greetedAttempt
            isOpening = greeted == nil && accepted == nil
            if let known = greeted?.stream ?? accepted {
                stream = known
            } else {
                stream = try await providers.network.connect(to: remote)
            }
            handshakeSince = providers.time.now
            // Whoever waits for the whole attempt may have to wait less long now.
            if config.handshakeTimeout < config.connectTimeout { progress.notify() }
            do {
                try await shakeHands(on: stream, greeted: greeted)
                attemptOutcome = .success(stream)
                // Nobody waits for it any more.
                if lifecycle.state == .closed { await stream.close() }
            } catch {
                if !isGivenAway { await stream.close() }
                attemptOutcome = .failure(error)
                isOpening = false
            }
        } catch {
            attemptOutcome = .failure(error)
            isOpening = false
        }
        progress.notify()
    }

    /// Runs a connection until it is lost.
    private func serve(_ stream: any ByteStream) async -> NetworkError {
        let crew = begin(stream)
        let error = await read(from: stream)
        self.stream = nil
        for task in crew { task.cancel() }
        for task in crew { await task.finished() }
        if providers.buggify.fires(.peerCloseAbrupt, for: name) { await stream.reset() }
        await stream.close()
        return settle(error)
    }

    /// Takes a connection up.
    ///
    /// - Returns: the tasks that run beside the one that reads.
    @inline(never)
    private func begin(_ stream: any ByteStream) -> [any TaskHandle] {
        self.stream = stream
        lossReason = nil
        isConnectWanted = false
        isLeaving = false
        confirmed = taken
        takenInTurn = 0
        controls.removeAll()
        lastHeard = providers.time.now
        monitor = HealthMonitor(patience: (config.heartbeat?.timeout ?? .zero) / 2)
        detector = config.heartbeat?.phiAccrual.map { PhiAccrualDetector($0) }
        let tooLarge = queue.discard(largerThan: remoteLimits.maximumPayload)
        for number in tooLarge { note(.dropped(message: number, reason: .tooLarge, depth: depthAfter(-1))) }
        if !tooLarge.isEmpty {
            passRoomOn()
            progress.notify()
        }
        if accepted == nil { note(.attached(stream.connection)) }
        record(.connected, nil)
        registration = register(stream)
        let peer = self
        var crew = [providers.tasks.start("\(name) writer") { await peer.write(to: stream) }]
        if let heartbeat = config.heartbeat {
            crew.append(providers.tasks.start("\(name) heartbeat") { await peer.beat(heartbeat, on: stream) })
        }
        if hasTimeouts { crew.append(providers.tasks.start("\(name) timeouts") { await peer.watch(stream) }) }
        return crew
    }

    /// Puts in order what a lost connection leaves behind; returns why it was lost.
    @inline(never)
    private func settle(_ error: NetworkError) -> NetworkError {
        isWriting = false
        leftOver = nil
        writingFrom = nil
        isOpening = false
        settleAfterLoss()
        tellOfProgress()
        let loss = lossReason ?? error
        registration?.end(loss)
        registration = nil
        return loss
    }

    /// Takes over a connection that the other side has opened, and gives up what it has itself.
    func adopt(_ greeting: Greeting) async {
        let replaced = adopted
        adopted = greeting
        reconnect()
        progress.notify()
        if let stream {
            lossReason = NetworkError(
                .connectionAborted, during: .connect, remote: remote, reason: "the other side has opened another")
            await stream.reset()
        }
        await replaced?.stream.close()
    }

    func register(_ stream: any ByteStream) -> ConnectionRegistry.Registration? {
        providers.registry?.add(
            stream, of: name, remoteName: remoteName ?? "", isAccepted: accepted != nil, purpose: purpose,
            at: providers.time.now)
    }

    private func settleAfterLoss() {
        let (requeued, dropped) = queue.connectionLost()
        for number in dropped {
            note(.dropped(message: number, reason: .connectionLost, depth: depthAfter(-1)))
        }
        for number in requeued { note(.requeued(message: number, depth: heldDepth)) }
        notePressure()
        if !dropped.isEmpty {
            passRoomOn()
            progress.notify()
        }
    }
}
