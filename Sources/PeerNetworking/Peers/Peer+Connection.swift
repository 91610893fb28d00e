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
        if breaker.state == .open { room.notify() }
    }

    private func attempt(_ number: Int) async -> PeerLifecycle.Directive {
        if providers.buggify.fires(.peerConnectDelay, for: name) {
            try? await providers.time.sleep(for: config.connectTimeout / 2)
        }
        switch await openWithinTimeout() {
        case .success(let stream):
            let since = providers.time.now
            lifecycle.connected(at: since)
            if let permit { breaker?.connected(permit) }
            noteCircuit()
            let loss = await serve(stream)
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
        case .failure(let error):
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
    }

    private func jitter() -> Double {
        Double(providers.random.next("peer.backoff.jitter", for: name) >> 11) / 9_007_199_254_740_992
    }

    /// - Returns: whether to go on; not when the task was cancelled.
    private func backOff(attempt: Int, delay: Duration) async -> Bool {
        if providers.buggify.fires(.peerReconnectEarly, for: name) { return true }
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

    private func discardInbox() {
        for message in inbox.discardAll() where !message.isReliable {
            note(.discarded(message: message.number, origin: message.origin, reason: .connectionLost))
        }
    }

    // MARK: One connection

    /// Opens a connection and exchanges hellos, all within the connect timeout.
    private func openWithinTimeout() async -> Result<any ByteStream, NetworkError> {
        attemptOutcome = nil
        handshakeSince = nil
        let peer = self
        let attempt = providers.tasks.start("\(name) connect") { await peer.open() }
        let limit = providers.time.now.advanced(by: accepted == nil ? config.connectTimeout : config.handshakeTimeout)
        while true {
            let handshakeLimit = handshakeSince?.advanced(by: config.handshakeTimeout)
            let deadline = min(limit, handshakeLimit ?? limit)
            if let outcome = attemptOutcome {
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
            if let accepted { stream = accepted } else { stream = try await providers.network.connect(to: remote) }
            handshakeSince = providers.time.now
            // Whoever waits for the whole attempt may have to wait less long now.
            if config.handshakeTimeout < config.connectTimeout { progress.notify() }
            do {
                try await shakeHands(on: stream)
                attemptOutcome = .success(stream)
                // Nobody waits for it any more.
                if lifecycle.state == .closed { await stream.close() }
            } catch {
                await stream.close()
                attemptOutcome = .failure(error)
            }
        } catch {
            attemptOutcome = .failure(error)
        }
        progress.notify()
    }

    /// Sends a hello and waits for the other side's: until it has come, the connection may be a stranger's.
    private func shakeHands(on stream: any ByteStream) async throws(NetworkError) {
        decoder = FrameDecoder(maximumPayload: config.maximumPayload)
        try await stream.write(
            Frame.hello(
                Frame.Hello(
                    origin: origin, window: UInt32(config.queueCapacity), inbox: UInt32(config.inbox),
                    inboxBytes: UInt32(config.inboxBytes), maximumPayload: UInt32(config.maximumPayload), name: name)
            ).encoded())
        if providers.buggify.fires(.peerHandshakeDrop, for: name) {
            await stream.reset()
            throw NetworkError(.connectionReset, during: .handshake, remote: remote, reason: "buggify")
        }
        while true {
            guard let bytes = try await stream.read(upTo: 65_536) else {
                throw NetworkError(
                    .connectionReset, during: .handshake, remote: remote, reason: "closed before its hello")
            }
            decoder.append(bytes)
            guard let frame = try decoder.next() else { continue }
            let hello = try hello(of: frame)
            if let expected = config.expectedName, hello.name != expected {
                let words = "'\(hello.name)' answered, and '\(expected)' was asked for"
                try? await stream.write(Frame.refusal(.wrongName, words).encoded())
                throw NetworkError(.incompatible, during: .handshake, remote: remote, reason: words)
            }
            remoteName = hello.name
            if hello.origin != remoteOrigin {
                // What another life of the other side sent and was not confirmed, it counts as lost.
                discardInbox()
                remoteOrigin = hello.origin
                taken = 0
            }
            remoteLimits = RemoteLimits(
                maximumPayload: Int(hello.maximumPayload), onTheWay: min(Int(hello.window), config.inbox))
            queue.window = SendQueue.Bound(messages: Int(hello.inbox), bytes: Int(hello.inboxBytes))
            return
        }
    }

    /// The other side's hello, which its first frame must be.
    ///
    /// - Throws: `incompatible` with both versions, `refusedByPeer` with its reason, `protocolViolation`.
    private func hello(of frame: Frame) throws(NetworkError) -> Frame.Hello {
        func error(_ code: NetworkError.Code, _ reason: String) -> NetworkError {
            NetworkError(code, during: .handshake, remote: remote, reason: reason)
        }
        switch frame {
        case .hello(let hello):
            guard hello.version == Frame.version else {
                throw error(
                    .incompatible, "the other side speaks version \(hello.version), this one \(Frame.version)")
            }
            if let objection = RemoteLimits.objection(to: hello) { throw error(.protocolViolation, objection) }
            return hello
        case .refusal(_, let words):
            throw error(.refusedByPeer, words)
        default:
            throw error(.protocolViolation, "no hello came first")
        }
    }

    /// Runs a connection until it is lost.
    private func serve(_ stream: any ByteStream) async -> NetworkError {
        self.stream = stream
        lossReason = nil
        isConnectWanted = false
        isLeaving = false
        confirmed = taken
        controls.removeAll()
        lastHeard = providers.time.now
        monitor = HealthMonitor(patience: (config.heartbeat?.timeout ?? .zero) / 2)
        detector = config.heartbeat?.phiAccrual.map { PhiAccrualDetector($0) }
        let tooLarge = queue.discard(largerThan: remoteLimits.maximumPayload)
        for number in tooLarge { note(.dropped(message: number, reason: .tooLarge, depth: depthAfter(-1))) }
        if !tooLarge.isEmpty {
            room.notify()
            progress.notify()
        }
        if accepted == nil { note(.attached(stream.connection)) }
        record(.connected, nil)
        let peer = self
        let writer = providers.tasks.start("\(name) writer") { await peer.write(to: stream) }
        let heart = config.heartbeat.map { heartbeat in
            providers.tasks.start("\(name) heartbeat") { await peer.beat(heartbeat, on: stream) }
        }
        let watch =
            hasTimeouts ? providers.tasks.start("\(name) timeouts") { await peer.watch(stream) } : nil
        let error = await read(from: stream)
        self.stream = nil
        writer.cancel()
        heart?.cancel()
        watch?.cancel()
        await writer.finished()
        await heart?.finished()
        await watch?.finished()
        if providers.buggify.fires(.peerCloseAbrupt, for: name) { await stream.reset() }
        await stream.close()
        isWriting = false
        settleAfterLoss()
        return lossReason ?? error
    }

    private func settleAfterLoss() {
        let (requeued, dropped) = queue.connectionLost()
        for number in dropped {
            note(.dropped(message: number, reason: .connectionLost, depth: depthAfter(-1)))
        }
        for number in requeued { note(.requeued(message: number, depth: heldDepth)) }
        notePressure()
        if !dropped.isEmpty { room.notify() }
    }
}
