/// An option of a host's kernel or of a socket, by the name that Linux gives it: what it may be, and what it sets.
package struct TCPKnob: Sendable {
    /// What its values are.
    package enum Kind: Sendable {
        /// A number.
        case count(ClosedRange<Int64>)
        /// True (1) or false (0).
        case flag
        /// Bytes.
        case bytes(ClosedRange<Int64>)
        /// Nanoseconds.
        case duration(ClosedRange<Int64>)
        /// One of some words, by its place.
        case word([String])
    }

    /// Linux's name: of a `sysctl` under `net.ipv4`, of a socket's option, or of a route's.
    package let name: String
    /// A shorter name that stands for the same; nil where there is none.
    package let short: String?
    /// What its values are.
    package let kind: Kind
    /// It may be set of a socket that is open.
    package let isOfSocket: Bool
    private let apply: @Sendable (inout TCPOptions, Int64) -> Void
    private let copy: @Sendable (inout TCPOptions, TCPOptions) -> Void
    private let read: @Sendable (TCPOptions) -> Int64

    private init<Value>(
        _ name: String, _ kind: Kind, short: String? = nil, isOfSocket: Bool = false,
        _ place: any WritableKeyPath<TCPOptions, Value> & Sendable,
        _ value: @escaping @Sendable (Int64) -> Value, back: @escaping @Sendable (Value) -> Int64
    ) {
        self.init(name, kind, short: short, isOfSocket: isOfSocket, place, changing: { value($1) }, back: back)
    }

    /// An option whose value depends on what it was.
    private init<Value>(
        _ name: String, _ kind: Kind, short: String? = nil, isOfSocket: Bool = false,
        _ place: any WritableKeyPath<TCPOptions, Value> & Sendable,
        changing value: @escaping @Sendable (Value, Int64) -> Value, back: @escaping @Sendable (Value) -> Int64
    ) {
        (self.name, self.kind, self.short, self.isOfSocket) = (name, kind, short, isOfSocket)
        read = { back($0[keyPath: place]) }
        apply = { $0[keyPath: place] = value($0[keyPath: place], $1) }
        copy = { $0[keyPath: place] = $1[keyPath: place] }
    }

    private init(_ name: String, _ flag: any WritableKeyPath<TCPOptions, Bool> & Sendable, isOfSocket: Bool = false) {
        self.init(name, .flag, isOfSocket: isOfSocket, flag) {
            $0 != 0
        } back: {
            $0 ? 1 : 0
        }
    }

    private init(
        _ name: String, _ range: ClosedRange<Int64>, _ count: any WritableKeyPath<TCPOptions, Int32> & Sendable,
        short: String? = nil, isOfSocket: Bool = false
    ) {
        self.init(name, .count(range), short: short, isOfSocket: isOfSocket, count) {
            Int32(clamping: $0)
        } back: {
            Int64($0)
        }
    }

    private init(
        _ name: String, _ range: ClosedRange<Int64>, time: any WritableKeyPath<TCPOptions, Int64> & Sendable,
        isOfSocket: Bool = false
    ) {
        self.init(name, .duration(range), isOfSocket: isOfSocket, time) {
            $0
        } back: {
            $0
        }
    }

    /// An option that lets a buffer grow which does not by itself.
    private init<Value>(
        _ name: String, _ kind: Kind, _ place: any WritableKeyPath<TCPOptions, Value> & Sendable,
        frees isFixed: any WritableKeyPath<TCPOptions, Bool> & Sendable, _ value: @escaping @Sendable (Int64) -> Value,
        back: @escaping @Sendable (Value) -> Int64
    ) {
        (self.name, short, self.kind, isOfSocket) = (name, nil, kind, false)
        read = { back($0[keyPath: place]) }
        apply = {
            $0[keyPath: place] = value($1)
            $0[keyPath: isFixed] = false
        }
        copy = {
            $0[keyPath: place] = $1[keyPath: place]
            $0[keyPath: isFixed] = $1[keyPath: isFixed]
        }
    }

    /// A buffer, which grows no more once it is set.
    private init(
        _ name: String, buffer: any WritableKeyPath<TCPOptions, Int32> & Sendable,
        isFixed: any WritableKeyPath<TCPOptions, Bool> & Sendable, short: String
    ) {
        (self.name, self.short, kind, isOfSocket) = (name, short, .bytes(Self.buffers), false)
        read = { Int64($0[keyPath: buffer]) }
        apply = { $0[keyPath: buffer] = Int32(clamping: $1) }
        copy = {
            $0[keyPath: buffer] = $1[keyPath: buffer]
            $0[keyPath: isFixed] = $1[keyPath: isFixed]
        }
    }

    /// Sets it, within its range.
    package func set(_ options: inout TCPOptions, _ value: Int64) { apply(&options, value) }

    /// What it is in some options: what ``set(_:_:)`` makes it again.
    package func value(in options: TCPOptions) -> Int64 { read(options) }

    /// Makes it what it is in other options.
    package func take(_ options: inout TCPOptions, from other: TCPOptions) { copy(&options, other) }

    /// Its values are numbers without a unit, or true and false, which are 1 and 0.
    package var isOfCounts: Bool {
        switch kind {
        case .count, .flag: true
        case .bytes, .duration, .word: false
        }
    }

    /// The values that it may have.
    package var values: ClosedRange<Int64> {
        switch kind {
        case .count(let range), .bytes(let range), .duration(let range): range
        case .flag: 0...1
        case .word(let words): 0...Int64(words.count - 1)
        }
    }

    /// Some values, as they are written.
    package var examples: [String] {
        switch kind {
        case .count(let range): ["\(range.lowerBound)", "\(range.upperBound)"]
        case .flag: ["true", "false"]
        case .bytes: ["4KiB", "64KiB", "1MiB"]
        case .duration: ["100ms", "1s", "10s"]
        case .word(let words): words
        }
    }

    /// The names that it is written by.
    package var names: [String] { [name] + (short.map { [$0] } ?? []) }

    /// The option of a name, short or long.
    package static func named(_ name: String) -> TCPKnob? { all.first { $0.name == name || $0.short == name } }

    private static let buffers: ClosedRange<Int64> = 1_024...1_073_741_824
    /// As long as the longest run, thirty days.
    private static let times: ClosedRange<Int64> = 1_000_000...2_592_000_000_000_000
    /// Linux keeps the retries in a byte, and bounds those of SYNs by `MAX_TCP_SYNCNT`.
    private static let repeats: ClosedRange<Int64> = 0...255
    private static let syns: ClosedRange<Int64> = 0...127

    /// All of them.
    package static let all: [TCPKnob] = [
        // What lets a buffer grow comes before what fixes it.
        TCPKnob("tcp_wmem", .bytes(buffers), \.greatestSendBuffer, frees: \.isSendBufferFixed) {
            Int32(clamping: $0)
        } back: {
            Int64($0)
        },
        TCPKnob("tcp_rmem", .bytes(buffers), \.greatestReceiveBuffer, frees: \.isReceiveBufferFixed) {
            Int32(clamping: $0)
        } back: {
            Int64($0)
        },
        TCPKnob("tcp_moderate_rcvbuf", .flag, \.moderatesReceiveBuffer, frees: \.isReceiveBufferFixed) {
            $0 != 0
        } back: {
            $0 ? 1 : 0
        },
        TCPKnob("SO_SNDBUF", buffer: \.sendBuffer, isFixed: \.isSendBufferFixed, short: "send-buffer"),
        TCPKnob("SO_RCVBUF", buffer: \.receiveBuffer, isFixed: \.isReceiveBufferFixed, short: "receive-buffer"),
        TCPKnob("somaxconn", 1...65_535, \.backlog, short: "backlog"),
        TCPKnob("tcp_syn_retries", syns, \.synRetries, short: "syn-retries"),
        TCPKnob("tcp_retries2", repeats, \.retries, short: "retries"),
        TCPKnob("tcp_retries1", repeats, \.firstRetries), TCPKnob("tcp_synack_retries", repeats, \.synAckRetries),
        TCPKnob("tcp_syn_linear_timeouts", syns, \.synLinearTimeouts),
        TCPKnob("tcp_orphan_retries", repeats, \.orphanRetries), TCPKnob("tcp_reordering", 1...300, \.reordering),
        TCPKnob("tcp_early_retrans", .count(0...4), \.tailLossProbe) {
            $0 >= 3
        } back: {
            $0 ? 3 : 0
        },
        TCPKnob("tcp_recovery", .count(0...7), \.lateness) {
            .init(rawValue: UInt8(clamping: $0) & 6)
        } back: {
            Int64($0.rawValue)
        },
        TCPKnob("tcp_rto_min_us", .count(1...120_000_000), \.minimumRetransmissionTimeout) {
            $0 * 1_000
        } back: {
            $0 / 1_000
        },
        TCPKnob("tcp_rto_max_ms", .count(1_000...120_000), \.maximumRetransmissionTimeout) {
            $0 * 1_000_000
        } back: {
            $0 / 1_000_000
        },
        TCPKnob("tcp_min_tso_segs", 1...65_535, \.leastBurst), TCPKnob("hz", 0...1_000, \.hz),
        TCPKnob("tcp_invalid_ratelimit", .count(0...3_600_000), \.answersEvery) {
            $0 * 1_000_000
        } back: {
            $0 / 1_000_000
        },
        TCPKnob("initcwnd", 1...1_000, \.initialWindow),
        TCPKnob("tcp_mtu_probing", .count(0...2), \.mtuProbing) {
            .init(rawValue: UInt8(clamping: $0)) ?? .never
        } back: {
            Int64($0.rawValue)
        },
        TCPKnob("tcp_base_mss", 48...65_495, \.baseSegment),
        TCPKnob("tcp_ecn", .count(0...2), \.ecn) {
            [.never, .always, .whereAsked][Int($0)]
        } back: {
            Int64($0.rawValue)
        },
        TCPKnob(
            "tcp_congestion_control", .word(algorithms.map(\.name)), short: "TCP_CONGESTION", isOfSocket: true,
            \.congestionControl
        ) {
            algorithms[Int($0)].algorithm
        } back: { algorithm in
            Int64(algorithms.firstIndex { $0.algorithm == algorithm } ?? 0)
        },
        TCPKnob("tcp_sack", \.sack), TCPKnob("tcp_timestamps", \.timestamps),
        TCPKnob("tcp_window_scaling", \.windowScaling), TCPKnob("tcp_frto", \.forwardRecovery),
        TCPKnob("tcp_slow_start_after_idle", \.slowStartAfterIdle),
        TCPKnob("tcp_syncookies", .count(0...2), \.synCookies) {
            .init(rawValue: UInt8(clamping: $0)) ?? .whereFull
        } back: {
            Int64($0.rawValue)
        },
        TCPKnob("tcp_abort_on_overflow", \.abortsOnOverflow), TCPKnob("tcp_tw_reuse", \.reusesTimeWait),
        TCPKnob("TCP_NODELAY", \.noDelay, isOfSocket: true), TCPKnob("TCP_CORK", \.cork, isOfSocket: true),
        TCPKnob(
            "TCP_QUICKACK", .flag, isOfSocket: true, \.acknowledging,
            changing: { rule, value in
                value != 0 ? .atOnce : rule == .atOnce ? .linux : rule
            }, back: { $0 == .atOnce ? 1 : 0 }),
        TCPKnob("SO_KEEPALIVE", \.keepAlive, isOfSocket: true),
        TCPKnob("SO_REUSEADDR", .word(["listeners", "all", "off"]), \.addressReuse) {
            .init(rawValue: UInt8(clamping: $0)) ?? .off
        } back: {
            Int64($0.rawValue)
        },
        TCPKnob("SO_LINGER", .word(["off", "reset"]), isOfSocket: true, \.resetsOnClose) {
            $0 == 1
        } back: {
            $0 ? 1 : 0
        },
        TCPKnob("tcp_fin_timeout", times, time: \.finTimeout),
        TCPKnob("tcp_keepalive_time", times, time: \.keepAliveTime, isOfSocket: true),
        TCPKnob("tcp_keepalive_intvl", times, time: \.keepAliveInterval, isOfSocket: true),
        TCPKnob("tcp_keepalive_probes", 1...127, \.keepAliveProbes, isOfSocket: true),
        TCPKnob("TCP_USER_TIMEOUT", 0...times.upperBound, time: \.userTimeout, isOfSocket: true),
    ]

    private static let algorithms: [(name: String, algorithm: CongestionAlgorithm)] = [
        ("cubic", .cubic), ("reno", .reno), ("none", .none),
    ]
}
