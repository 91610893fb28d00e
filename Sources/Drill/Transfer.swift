import NIOCore
import TCP

/// A transfer of many bytes from a stack to a receiver, over a line that loses always the same segments: what a sender does, as a
/// whole, can so be compared between two stacks.
package struct Transfer {
    /// What the bytes cross.
    package struct Line: Hashable, Sendable {
        /// Nanoseconds each way.
        package var delay: Int64
        /// Bytes a second from the sender on, headers included; 0 for no bound.
        package var rate: Int64 = 0
        /// Bytes that may wait for the line.
        package var queue: Int64 = .max
        /// Which segments with data are lost, by their number from 1 among all that the sender sends.
        package var losses: Set<Int> = []

        package init(delay: Int64, rate: Int64 = 0, queue: Int64 = .max, losses: Set<Int> = []) {
            (self.delay, self.rate, self.queue, self.losses) = (delay, rate, queue, losses)
        }
    }

    /// What came of it.
    package struct Report: Hashable, Sendable {
        /// From the write to the last byte's arrival, in nanoseconds.
        package var duration: Int64 = 0
        /// The longest time in which the receiver got nothing in order, in nanoseconds.
        package var stall: Int64 = 0
        /// Segments with data, and those of them that had been sent before.
        package var segments = 0
        package var repeats = 0
        /// Those that the line has lost.
        package var lost = 0
        /// The states of recovery, as `TCP_INFO` numbers them, in the order in which they were entered.
        package var states: [Int64] = []
        /// The congestion window at each acknowledgement that changed it, in segments.
        package var windows: [Window] = []

        package init() {}

        /// The congestion window from a time on.
        package struct Window: Hashable, Sendable {
            package var time: Int64
            package var segments: Int64
        }

        /// How the sender found out that something was lost first: Recovery (3) or Loss (4); nil where it did not.
        package var firstRecovery: Int64? { states.first { $0 >= 3 } }
    }

    private struct Flight {
        var at: Int64
        var order: Int
        var isToReceiver: Bool
        var segment: TCPSegment
    }

    private let bytes: Int
    private let line: Line
    private let congestion: String
    private let stack: any DrillStack
    private var receiver: TCPEndpoint
    private var flights: [Flight] = []
    private var order = 0
    private var busyUntil: Int64 = 0
    private var highest: UInt32?
    private var received = 0
    private var writtenAt: Int64?
    private var progressAt: Int64 = 0
    private var report = Report()

    /// A transfer that has not come to its end by then never will.
    private static let longest: Int64 = 120_000_000_000

    private init(_ bytes: Int, over line: Line, _ congestion: String, on stack: any DrillStack) {
        (self.bytes, self.line, self.congestion, self.stack) = (bytes, line, congestion, stack)
        var options = TCPOptions()
        options.receiveBuffer = 4 << 20
        receiver = TCPEndpoint(options: options, initial: 0x7000_0000, clockOffset: 9)
    }

    /// Sends bytes from a stack.
    ///
    /// - Parameter congestion: `reno` or `cubic`.
    package static func run(
        _ bytes: Int, over line: Line, congestion: String, on stack: any DrillStack
    ) throws(DrillFailure) -> Report {
        var transfer = Transfer(bytes, over: line, congestion, on: stack)
        defer { stack.close() }
        return try transfer.run()
    }

    private mutating func run() throws(DrillFailure) -> Report {
        try call(
            """
            0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
            +0 setsockopt(3, SOL_SOCKET, SO_SNDBUF, [4000000], 4) = 0
            +0 setsockopt(3, SOL_TCP, TCP_CONGESTION, "\(congestion)", \(congestion.utf8.count)) = 0
            +0 fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0
            +0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)
            """)
        while received < bytes {
            let next = flights.min { ($0.at, $0.order) < ($1.at, $1.order) }
            let due = min(next?.at ?? .max, receiver.timers.next?.due ?? .max)
            let end = min(due, stack.now + 1_000_000_000)
            guard stack.now < Self.longest else { throw .machine("the transfer does not end") }
            if let (segment, at) = try stack.next(until: end) {
                cross(segment, at: at)
                continue
            }
            try settle(upTo: max(end, stack.now))
        }
        return report
    }

    /// Calls what a script says.
    private func call(_ text: String) throws(DrillFailure) {
        let script: Script
        do { script = try ScriptReader.read(text, name: "transfer") } catch { throw .machine("\(error)") }
        for case .call(let call, _) in script.events.map(\.what) { _ = try stack.call(call) }
    }

    /// All that is due.
    private mutating func settle(upTo now: Int64) throws(DrillFailure) {
        while let index = flights.indices.filter({ flights[$0].at <= now }).min(by: {
            (flights[$0].at, flights[$0].order) < (flights[$1].at, flights[$1].order)
        }) {
            let flight = flights.remove(at: index)
            if flight.isToReceiver {
                arrive(flight.segment, at: now)
                answer(at: now)
            } else {
                try deliver(flight.segment, at: now)
            }
        }
        if let due = receiver.timers.next?.due, due <= now { _ = receiver.timerFired(at: now) }
        answer(at: now)
    }

    // MARK: The way there

    private mutating func cross(_ segment: TCPSegment, at time: Int64) {
        var leaves = time
        if segment.length > 0 {
            report.segments += 1
            let end = segment.sequence &+ UInt32(segment.length)
            if let highest, Int32(bitPattern: end &- highest) <= 0 { report.repeats += 1 } else { highest = end }
            if line.losses.contains(report.segments) {
                report.lost += 1
                return
            }
        }
        if line.rate > 0 {
            let size = Int64(segment.length + 52)
            let waiting = max(0, busyUntil - time) * line.rate / 1_000_000_000
            if waiting > 0, waiting + size > line.queue {
                report.lost += 1
                return
            }
            busyUntil = max(time, busyUntil) + size * 1_000_000_000 / line.rate
            leaves = busyUntil
        }
        send(segment, at: leaves + line.delay, isToReceiver: true)
    }

    private mutating func send(_ segment: TCPSegment, at time: Int64, isToReceiver: Bool) {
        order += 1
        flights.append(Flight(at: time, order: order, isToReceiver: isToReceiver, segment: segment))
    }

    private mutating func arrive(_ segment: TCPSegment, at now: Int64) {
        if receiver.state == .closed, segment.flags.contains(.syn) {
            receiver.accept(syn: segment, at: now)
            return
        }
        _ = receiver.receive(segment, at: now)
        var got = 0
        while let bytes = receiver.read(upTo: 1 << 20, at: now) { got += bytes.readableBytes }
        guard got > 0 else { return }
        received += got
        report.stall = max(report.stall, now - progressAt)
        progressAt = now
        if let writtenAt { report.duration = now - writtenAt }
    }

    // MARK: The way back

    private mutating func answer(at now: Int64) {
        while let segment = receiver.nextSegment(at: now) { send(segment, at: now + line.delay, isToReceiver: false) }
    }

    private mutating func deliver(_ segment: TCPSegment, at now: Int64) throws(DrillFailure) {
        try stack.take(segment)
        if writtenAt == nil, segment.flags.contains(.syn) {
            writtenAt = stack.now
            progressAt = stack.now + line.delay
            try call("0 write(3, ..., \(bytes)) = \(bytes)")
            return
        }
        let told = try stack.information()
        if let state = told["tcpi_ca_state"], state != report.states.last ?? 0 { report.states.append(state) }
        if let window = told["tcpi_snd_cwnd"], window != report.windows.last?.segments, let writtenAt {
            report.windows.append(Report.Window(time: now - writtenAt, segments: window))
        }
    }
}
