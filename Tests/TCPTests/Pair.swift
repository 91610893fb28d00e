import NIOCore

@testable import TCP

/// Two endpoints and a wire between them, without a world: each segment takes its time, or is lost.
struct Pair {
    private struct Flight {
        var segment: TCPSegment
        var toServer: Bool
        var arrives: Int64
        var number: Int
    }

    var client: TCPEndpoint
    var server: TCPEndpoint
    var now: Int64 = 0
    /// How long a segment takes, in nanoseconds.
    let delay: Int64
    /// Bytes a second from the client on; 0 for no bound. What waits is bounded by ``queue``.
    var rate: Int64 = 0
    var queue: Int64 = .max
    private var busyUntil: Int64 = 0
    private var flights: [Flight] = []
    private var dataSent = 0
    private var number = 0
    private(set) var dropped = 0
    /// When each segment of the client was sent.
    private(set) var sentAt: [Int64] = []
    /// Which data segments of the client are lost, by their number from 1 among all transmissions of data.
    var losses: Set<Int> = []
    /// Loses what it says, for any segment.
    var loses: (TCPSegment, Bool) -> Bool = { _, _ in false }
    /// How much later each copy of a segment comes; none where it is lost.
    var fate: (inout Dice) -> [Int64] = { _ in [0] }
    var dice = Dice(0)
    /// Looks after every input whether both ends are in order.
    var isChecked = false
    private(set) var problems: [String] = []
    private(set) var received = 0
    /// The server's application reads at once.
    var reads = true
    var toWrite = 0

    init(_ client: TCPOptions = TCPOptions(), _ server: TCPOptions = TCPOptions(), delay: Int64 = 25_000_000) {
        // Both count over the end of the numbers soon.
        self.client = TCPEndpoint(options: client, initial: 0xFFFF_FF00, clockOffset: 7)
        self.server = TCPEndpoint(options: server, initial: 0xFFFF_0000, clockOffset: 0xFFFF_FFF0)
        self.delay = delay
    }

    mutating func open() {
        client.connect()
        flush()
        run { $0.client.state == .established && $0.server.state == .established }
    }

    mutating func flush() {
        while let segment = client.nextSegment(at: now) { send(segment, toServer: true) }
        while let segment = server.nextSegment(at: now) { send(segment, toServer: false) }
        guard isChecked else { return }
        problems += [client, server].compactMap { end in
            (end.problem ?? (end.isUnattended ? "what is under way is waited for by no timer" : nil)).map {
                "\(now / 1_000) us: \($0)"
            }
        }
    }

    private mutating func send(_ segment: TCPSegment, toServer: Bool) {
        number += 1
        if toServer { sentAt.append(now) }
        var isLost = loses(segment, toServer)
        if toServer, segment.length > 0 {
            dataSent += 1
            if losses.contains(dataSent) { isLost = true }
        }
        var leaves = now
        if rate > 0, toServer {
            let size = Int64(segment.length + 52)
            let waiting = max(0, busyUntil - now) * rate / 1_000_000_000
            if waiting > 0, waiting + size > queue {
                isLost = true
            } else {
                busyUntil = max(now, busyUntil) + size * 1_000_000_000 / rate
                leaves = busyUntil
            }
        }
        if isLost {
            dropped += 1
            return
        }
        for late in fate(&dice) {
            flights.append(
                Flight(segment: segment, toServer: toServer, arrives: leaves + delay + late, number: number))
        }
    }

    /// Goes on until something holds, or nothing happens any more, or a time.
    mutating func run(until end: Int64 = .max, _ isDone: (Pair) -> Bool = { _ in false }) {
        var steps = 0
        while !isDone(self), steps < 1_000_000 {
            steps += 1
            let first = flights.indices.min {
                (flights[$0].arrives, flights[$0].number) < (flights[$1].arrives, flights[$1].number)
            }
            let due = [client.timers.next?.due, server.timers.next?.due].compactMap(\.self).min() ?? .max
            let next = min(first.map { flights[$0].arrives } ?? .max, due)
            guard next < .max, next <= end else {
                if end < .max { now = max(now, end) }
                return
            }
            now = max(now, next)
            if let first, flights[first].arrives == next {
                let flight = flights.remove(at: first)
                deliver(flight.segment, toServer: flight.toServer)
            } else if client.timers.next?.due == next {
                _ = client.timerFired(at: now)
            } else {
                _ = server.timerFired(at: now)
            }
            pump()
            flush()
        }
    }

    private mutating func deliver(_ segment: TCPSegment, toServer: Bool) {
        guard toServer else {
            _ = client.receive(segment, at: now)
            while let _ = client.read(upTo: 1 << 20, at: now) {}
            return
        }
        if server.state == .closed, server.failure == nil, segment.flags.contains(.syn) {
            server.accept(syn: segment, at: now)
        } else if server.receive(segment, at: now).contains(.readable), reads {
            while let bytes = server.read(upTo: 1 << 20, at: now) { received += bytes.readableBytes }
        }
    }

    /// Writes what there is to write, as far as there is room.
    mutating func pump() {
        while toWrite > 0, client.writable > 0 {
            let count = min(toWrite, client.writable)
            client.write(ByteBuffer(repeating: 7, count: count), at: now)
            toWrite -= count
        }
    }

    /// Sends bytes from the client, and waits until the server has them.
    ///
    /// - Returns: how long it took, in nanoseconds.
    mutating func transfer(_ count: Int) -> Int64 {
        let start = now
        let goal = received + count
        toWrite = count
        pump()
        flush()
        run { $0.received >= goal || $0.client.failure != nil }
        return now - start
    }
}

/// Numbers that a seed makes (SplitMix64; Steele, Lea, Flood, 2014).
struct Dice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
