import NIOCore
package import TCP

/// The simulated TCP under a script: sockets, one connection at a time, and a time that passes only when it is waited for.
package final class SimulatedStack: DrillStack {
    package private(set) var now: Int64 = 0
    package let lateness: Int64 = 0

    /// Its timers are exact.
    package func grain(ofTimer wait: Int64) -> Int64 { 0 }

    private var options: TCPOptions
    private var sockets: [Int64: DrillSocket] = [:]
    /// The one that listens.
    private var listener: DrillSocket?
    private var nextDescriptor: Int64 = 3
    /// The connection that the script's side speaks with.
    private var current: DrillSocket?
    private var sent: [(segment: TCPSegment, at: Int64)] = []
    private var waiting: (() -> CallOutcome?)?
    private var done: (outcome: CallOutcome, at: Int64)?
    /// When the call that waits is back whatever happens; nil for as long as it takes.
    private var wakeAt: Int64?

    /// - Parameter settings: those of the machine that a script wants.
    package init(settings: [String: String]) throws(DrillFailure) {
        var options = TCPOptions()
        options.sendBuffer = 4 << 20
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
            try KernelSetting.apply(name, value, to: &options)
        }
        self.options = options
    }

    // MARK: Time

    package func wait(until time: Int64) {
        while let due, due <= time { fire(at: due) }
        now = max(now, time)
    }

    /// When something is due by itself: a timer of the connection, or the end of a wait.
    private var due: Int64? {
        let timer = current?.tcp.timers.next?.due
        guard waiting != nil, let wakeAt else { return timer }
        return min(timer ?? .max, wakeAt)
    }

    private func fire(at due: Int64) {
        now = max(now, due)
        if let timer = current?.tcp.timers.next?.due, timer <= now { _ = current?.tcp.timerFired(at: now) }
        flush()
    }

    package var untaken: Int { sent.count }

    package func next(until time: Int64) -> (segment: TCPSegment, at: Int64)? {
        while sent.isEmpty, let due, due <= time { fire(at: due) }
        if sent.isEmpty {
            now = max(now, time)
            return nil
        }
        return sent.removeFirst()
    }

    /// Sends what there is to send, and lets a call go on that waits.
    private func flush() {
        while let segment = current?.tcp.nextSegment(at: now) { sent.append((segment, now)) }
        guard let waiting, let outcome = waiting() else { return }
        (self.waiting, wakeAt) = (nil, nil)
        done = (outcome, now)
        while let segment = current?.tcp.nextSegment(at: now) { sent.append((segment, now)) }
    }

    /// It is back at once.
    package func letCallReturn() {}

    package func finished() -> (outcome: CallOutcome, at: Int64)? {
        defer { done = nil }
        return done
    }

    // MARK: The wire

    package func take(_ segment: TCPSegment) throws(DrillFailure) {
        if let socket = current, socket.tcp.state != .closed {
            let arrival = socket.tcp.receive(segment, at: now)
            if !arrival.isDisjoint(with: .answered) { sent.append((segment.resetInAnswer, now)) }
        } else if segment.flags == .syn || segment.flags == [.syn, .ece, .cwr],
            let listener
        {
            let socket = DrillSocket(listener.options, initial: Self.initial)
            socket.isBlocking = true
            listener.completed.append(socket)
            socket.tcp.accept(syn: segment, isCookie: listener.options.synCookies == .always, at: now)
            current = socket
        } else if !segment.flags.contains(.rst) {
            sent.append((segment.resetInAnswer, now))
        }
        flush()
    }

    package func take(_ notice: DrillNotice) {
        guard let socket = current else { return }
        switch notice {
        case .tooBig(let mtu, _):
            socket.tcp.fragmentationNeeded(maximumSegmentSize: Int32(clamping: mtu - 40), at: now)
        case .unreachable(let isNetwork, _):
            _ = socket.tcp.unreachable(isNetwork ? .networkUnreachable : .hostUnreachable, at: now)
        }
        flush()
    }

    /// Near the end of the numbers: they wrap soon.
    private static let initial: UInt32 = 0xFFFF_F000

    // MARK: Calls

    package func call(_ call: ScriptCall) throws(DrillFailure) -> CallOutcome? {
        let descriptor: Int64 = if case .number(let number)? = call.arguments.first { number } else { -1 }
        if call.name == "socket" {
            let socket = DrillSocket(options, initial: Self.initial)
            sockets[nextDescriptor] = socket
            nextDescriptor += 1
            return CallOutcome(nextDescriptor - 1)
        }
        if call.name == "poll" { return look(call) }
        guard let socket = sockets[descriptor] else { return CallOutcome(-1, "EBADF") }
        defer { flush() }
        if let (isToOther, count) = call.transfer {
            if isToOther { return try write(to: socket, count, call) }
            return perform(socket) { [weak self] in socket.read(count, call, at: self?.now ?? 0) }
        }
        switch call.name {
        case "ioctl": return try ask(socket, call)
        case "bind": return CallOutcome(0)
        case "listen":
            socket.isListening = true
            listener = listener ?? socket
            return CallOutcome(0)
        case "fcntl": return changeFlags(of: socket, call)
        case "setsockopt": return try set(on: socket, call)
        case "getsockopt": return try get(of: socket, call)
        case "connect":
            if socket.tcp.state == .closed, socket.tcp.failure == nil {
                socket.tcp.connect()
                current = socket
                flush()
                return socket.isBlocking ? wait { socket.connected() } : CallOutcome(-1, "EINPROGRESS")
            }
            return socket.connected() ?? CallOutcome(-1, "EALREADY")
        case "accept": return perform(socket) { [weak self] in self?.accepted(from: socket) }
        case "shutdown": return socket.shutdown(call.argument(1))
        case "close":
            sockets[descriptor] = nil
            guard !socket.isListening else {
                if listener === socket { listener = nil }
                return CallOutcome(0)
            }
            if socket.linger == 0 {
                let reset = socket.tcp.isSynchronised ? socket.tcp.reset(at: now) : nil
                socket.tcp.abort()
                if let reset { sent.append((reset, now)) }
            } else if socket.tcp.close(at: now) {
                sent.append((socket.tcp.reset(at: now), now))
            }
            return CallOutcome(0)
        default: throw .unsupported("the call '\(call.name)'")
        }
    }

    /// Does a call now, or waits with it where the socket blocks.
    private func perform(_ socket: DrillSocket, _ attempt: @escaping () -> CallOutcome?) -> CallOutcome? {
        if let outcome = attempt() { return outcome }
        return socket.isBlocking ? wait(attempt) : CallOutcome(-1, "EAGAIN")
    }

    private func wait(_ attempt: @escaping () -> CallOutcome?) -> CallOutcome? {
        waiting = attempt
        return nil
    }

    private func look(_ call: ScriptCall) -> CallOutcome? {
        let end = call.pollTimeout.map { now + $0 }
        let attempt = { [weak self] () -> CallOutcome? in
            guard let self else { return nil }
            let seen = call.polled.map { polled in
                self.sockets[polled.descriptor]?.seen(polled.asked.union([.error, .hangUp])) ?? []
            }
            guard seen.contains(where: { !$0.isEmpty }) || end.map({ self.now >= $0 }) == true else { return nil }
            return call.outcome(ofPoll: seen)
        }
        if let outcome = attempt() { return outcome }
        wakeAt = end
        return wait(attempt)
    }

    private func ask(_ socket: DrillSocket, _ call: ScriptCall) throws(DrillFailure) -> CallOutcome {
        let value: Int
        switch call.argument(1) {
        case "SIOCINQ", "FIONREAD": value = socket.tcp.receiver.buffer.count
        case "SIOCOUTQ": value = Int(socket.tcp.sender.buffer.end - socket.tcp.sender.unacknowledged)
        case "SIOCOUTQNSD": value = Int(max(0, socket.tcp.sender.buffer.end - socket.tcp.sender.next))
        default: throw .unsupported("the request '\(call.argument(1))'")
        }
        return call.outcome(ofAsking: Int64(max(0, value)))
    }

    private func accepted(from listener: DrillSocket) -> CallOutcome? {
        guard let first = listener.completed.first, first.tcp.isSynchronised || first.tcp.failure != nil else {
            return nil
        }
        listener.completed.removeFirst()
        sockets[nextDescriptor] = first
        nextDescriptor += 1
        return CallOutcome(nextDescriptor - 1)
    }

    private func write(
        to socket: DrillSocket, _ count: Int, _ call: ScriptCall
    ) throws(DrillFailure) -> CallOutcome? {
        let flags = try call.sendFlags()
        let writeFlags: WriteFlags = [
            flags.contains(.more) ? .more : [], flags.contains(.endOfRecord) ? .endOfRecord : [],
        ]
        let mayWait = socket.isBlocking && !flags.contains(.withoutWaiting)
        var left = count
        let attempt = { [weak self] () -> CallOutcome? in
            guard let self else { return nil }
            if let error = socket.takeFailure() { return CallOutcome(-1, error) }
            guard !socket.tcp.sender.isClosing, socket.tcp.isSynchronised else { return CallOutcome(-1, "EPIPE") }
            guard !call.hasNoBuffer || count == 0 else { return CallOutcome(-1, "EFAULT") }
            let room = min(left, socket.tcp.writable)
            if room > 0 {
                // What is said of the bytes is said of their end.
                socket.tcp.write(
                    ByteBuffer(repeating: 0, count: room), room == left ? writeFlags : [], at: self.now)
                left -= room
            }
            if left == 0 { return CallOutcome(Int64(count)) }
            return mayWait || left == count ? nil : CallOutcome(Int64(count - left))
        }
        if let outcome = attempt() { return outcome }
        return mayWait ? wait(attempt) : CallOutcome(-1, "EAGAIN")
    }

    private func changeFlags(of socket: DrillSocket, _ call: ScriptCall) -> CallOutcome {
        if call.argument(1) == "F_SETFL" { socket.isBlocking = !call.argument(2).contains("O_NONBLOCK") }
        return CallOutcome(call.argument(1) == "F_GETFL" ? 2 : 0)
    }

    private func set(on socket: DrillSocket, _ call: ScriptCall) throws(DrillFailure) -> CallOutcome {
        let name = call.argument(2)
        if name == "SO_LINGER", let linger = call.linger {
            socket.linger = linger.isOn ? linger.seconds : nil
            return CallOutcome(0)
        }
        let value: Int64 = call.values(3).first ?? 0
        var problem: DrillFailure?
        socket.change(at: now) { options in
            switch name {
            case "SO_REUSEADDR", "SO_REUSEPORT", "TCP_DEFER_ACCEPT", "IP_MTU_DISCOVER", "IP_TOS", "TCP_INQ",
                "SO_ZEROCOPY":
                break
            case "TCP_NODELAY": options.noDelay = value != 0
            case "TCP_CORK": options.cork = value != 0
            case "SO_SNDBUF": options.sendBuffer = Bounds.buffer(min(max(value, 0), 1 << 30) * 2)
            case "SO_RCVBUF": options.receiveBuffer = Bounds.buffer(value)
            case "SO_KEEPALIVE": options.keepAlive = value != 0
            case "TCP_KEEPIDLE": options.keepAliveTime = max(Bounds.seconds(value), 1_000_000_000)
            case "TCP_KEEPINTVL": options.keepAliveInterval = max(Bounds.seconds(value), 1_000_000_000)
            case "TCP_KEEPCNT": options.keepAliveProbes = Bounds.repeats(value)
            case "TCP_USER_TIMEOUT": options.userTimeout = Bounds.milliseconds(value)
            case "TCP_MAXSEG": options.maximumSegmentSize = Bounds.segmentSize(value)
            case "TCP_CONGESTION":
                switch call.argument(3) {
                case "reno": options.congestionControl = .reno
                case "cubic": options.congestionControl = .cubic
                default: problem = .unsupported("the congestion control '\(call.argument(3))'")
                }
            default: problem = .unsupported("the option '\(name)'")
            }
        }
        if let problem { throw problem }
        if name == "TCP_NODELAY", value != 0 { socket.tcp.pushAll() }
        return CallOutcome(0)
    }

    private func get(of socket: DrillSocket, _ call: ScriptCall) throws(DrillFailure) -> CallOutcome {
        switch call.argument(2) {
        case "SO_ERROR":
            let expected = call.values(3).first ?? 0
            let error = socket.takeFailure()
            // What it gives is compared here: the call itself succeeds.
            let number = ErrorNumber.number(of: error)
            return expected == Int64(number) || call.argument(3) == error
                ? CallOutcome(0) : CallOutcome(Int64(number), error)
        case "SO_SNDBUF": return call.outcome(ofAsking: Int64(socket.options.sendBuffer), at: 3)
        case "SO_RCVBUF": return call.outcome(ofAsking: 2 * Int64(socket.options.receiveBuffer), at: 3)
        case "TCP_MAXSEG":
            let size = Int64(
                socket.tcp.isSynchronised ? Int32(socket.tcp.fullSegment) : socket.options.maximumSegmentSize)
            return call.values(3).first == size ? CallOutcome(0) : CallOutcome(size)
        default: throw .unsupported("the option '\(call.argument(2))'")
        }
    }

    package func information() -> [String: Int64] { current?.information(at: now) ?? [:] }

    package func close() {
        sockets = [:]
        (current, listener) = (nil, nil)
        waiting = nil
    }
}
