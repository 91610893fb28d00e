import PeerNetworking
import Testing

@Suite struct PeerConfigTests {
    @Test func presetsAreValid() {
        for config in [PeerConfig(), .lan, .wan, .test, .simulation, .production] { #expect(config.validate() == []) }
    }

    /// One field of a configuration, a value of it, and whether it is allowed.
    struct Boundary: Sendable, CustomTestStringConvertible {
        let field: String
        let isValid: Bool
        let value: String
        let change: @Sendable (inout PeerConfig) -> Void

        var testDescription: String { "\(field) = \(value)" }

        static func values<Value: Sendable>(
            of field: String, _ path: any WritableKeyPath<PeerConfig, Value> & Sendable, good: [Value], bad: [Value]
        ) -> [Boundary] {
            (good.map { ($0, true) } + bad.map { ($0, false) }).map { value, isValid in
                Boundary(field: field, isValid: isValid, value: "\(value)") { $0[keyPath: path] = value }
            }
        }
    }

    static let millisecond = Duration.milliseconds(1)
    static let hour = Duration.seconds(3_600)
    static let instant = Duration.nanoseconds(1)

    /// A timeout that may be none.
    private static func spans(
        _ field: String, _ path: any WritableKeyPath<PeerConfig, Duration?> & Sendable
    ) -> [Boundary] {
        Boundary.values(
            of: field, path, good: [nil, millisecond, hour * 24],
            bad: [.zero, millisecond - instant, hour * 24 + instant, .seconds(-1)])
    }

    static let boundaries: [Boundary] =
        Boundary.values(
            of: "queue", \.queueCapacity, good: [1, 1_000_000], bad: [0, -1, 1_000_001, .min, .max])
        + Boundary.values(
            of: "queue-bytes", \.queueBytes, good: [1_048_576, 1_073_741_824],
            bad: [0, -1, 1_048_575, 1_073_741_825, .min, .max])
        + Boundary.values(of: "high-water", \.highWater, good: [0.251, 1], bad: [0.25, 1.001, -1, .nan, .infinity])
        + Boundary.values(of: "low-water", \.lowWater, good: [0, 0.749], bad: [-0.001, -.infinity])
        + Boundary.values(of: "inbox", \.inbox, good: [1, 1_000_000], bad: [0, -1, 1_000_001, .min, .max])
        + Boundary.values(
            of: "inbox-bytes", \.inboxBytes, good: [1_048_576, 1_073_741_824],
            bad: [0, -1, 1_048_575, 1_073_741_825, .min, .max])
        + Boundary.values(
            of: "maximum-payload", \.maximumPayload, good: [1, 16_777_216], bad: [0, -1, 16_777_217, .max])
        + Boundary.values(
            of: "connect-timeout", \.connectTimeout, good: [millisecond, hour],
            bad: [.zero, millisecond - instant, hour + instant, .seconds(-1)])
        + Boundary.values(
            of: "handshake-timeout", \.handshakeTimeout, good: [millisecond, hour],
            bad: [.zero, millisecond - instant, hour + instant, .seconds(-1)])
        + spans("read-timeout", \.readTimeout) + spans("write-timeout", \.writeTimeout)
        + spans("idle-timeout", \.idleTimeout)
        + Boundary.values(
            of: "close-timeout", \.closeTimeout, good: [.zero, hour], bad: [.zero - instant, hour + instant])
        + Boundary.values(
            of: "backoff.initial", \.backoff.initial, good: [millisecond, .seconds(5)],
            bad: [.zero, millisecond - instant])
        + Boundary.values(
            of: "backoff.maximum", \.backoff.maximum, good: [.milliseconds(100), hour],
            bad: [.milliseconds(100) - instant, hour + instant])
        + Boundary.values(
            of: "backoff.jitter", \.backoff.jitter, good: [0, 1, 0.5],
            bad: [-0.001, 1.001, .nan, .infinity, -.infinity])
        + Boundary.values(
            of: "backoff.reset-after", \.backoff.resetAfter, good: [.zero, hour],
            bad: [.zero - instant, hour + instant])
        + Boundary.values(
            of: "backoff.attempts", \.backoff.attempts, good: [nil, 1, 1_000_000], bad: [0, -1, 1_000_001])
        + Boundary.values(
            of: "breaker.failures", \.breaker, good: [nil, .init(failures: 1), .init(failures: 1_000_000)],
            bad: [.init(failures: 0), .init(failures: 1_000_001)])
        + Boundary.values(
            of: "breaker.open-for", \.breaker, good: [.init(openFor: millisecond), .init(openFor: hour)],
            bad: [.init(openFor: millisecond - instant), .init(openFor: hour + instant)])
        + Boundary.values(
            of: "breaker.probes", \.breaker, good: [.init(probes: 1), .init(probes: 1_000)],
            bad: [.init(probes: 0), .init(probes: 1_001)])
        + Boundary.values(
            of: "heartbeat.phi.threshold", \.heartbeat,
            good: [.init(phiAccrual: .init(threshold: 1)), .init(phiAccrual: .init(threshold: 16))],
            bad: [
                .init(phiAccrual: .init(threshold: 0.999)), .init(phiAccrual: .init(threshold: 16.001)),
                .init(phiAccrual: .init(threshold: .nan)),
            ])
        + Boundary.values(
            of: "heartbeat.phi.window", \.heartbeat,
            good: [.init(phiAccrual: .init(window: 2)), .init(phiAccrual: .init(window: 1_000))],
            bad: [.init(phiAccrual: .init(window: 1)), .init(phiAccrual: .init(window: 1_001))])
        + Boundary.values(
            of: "heartbeat.phi.minimum-deviation", \.heartbeat,
            good: [
                .init(phiAccrual: .init(minimumDeviation: .zero)), .init(phiAccrual: .init(minimumDeviation: hour)),
            ],
            bad: [
                .init(phiAccrual: .init(minimumDeviation: .zero - instant)),
                .init(phiAccrual: .init(minimumDeviation: hour + instant)),
            ])
        + Boundary.values(
            of: "heartbeat.reconnect-below", \.heartbeat,
            good: [.init(reconnectBelow: 0), .init(reconnectBelow: 1)],
            bad: [.init(reconnectBelow: -0.001), .init(reconnectBelow: 1.001), .init(reconnectBelow: .nan)])
        + Boundary.values(
            of: "expects", \.expectedName, good: [nil, "x", String(repeating: "x", count: 255)],
            bad: ["", String(repeating: "x", count: 256)])
        + Boundary.values(of: "sessions", \.maximumSessions, good: [1, 1_000_000], bad: [0, 1_000_001])
        + Boundary.values(of: "ledger", \.ledger, good: [nil, 1, 1_000_000], bad: [0, 1_000_001])
        + Boundary.values(of: "batch", \.batch, good: [1, 1_024], bad: [0, -1, 1_025])
        + Boundary.values(of: "batch-bytes", \.batchBytes, good: [1, 16_777_216], bad: [0, -1, 16_777_217])
        + Boundary.values(
            of: "linger", \.linger, good: [.zero, .seconds(1)], bad: [.zero - instant, .seconds(1) + instant])
        + Boundary.values(
            of: "heartbeat.interval", \.heartbeat,
            good: [
                nil, .init(interval: millisecond, timeout: .milliseconds(2)), .init(interval: hour, timeout: hour * 2),
            ],
            bad: [
                .init(interval: .zero, timeout: .seconds(1)),
                .init(interval: millisecond - instant, timeout: .seconds(1)),
                .init(interval: hour + instant, timeout: hour * 2),
            ])
        + Boundary.values(
            of: "heartbeat.timeout", \.heartbeat,
            good: [
                .init(interval: .seconds(1), timeout: .seconds(1) + instant),
                .init(interval: .seconds(1), timeout: hour * 24),
            ],
            bad: [
                .init(interval: .seconds(1), timeout: .seconds(1)), .init(interval: .seconds(1), timeout: .zero),
                .init(interval: .seconds(1), timeout: hour * 24 + instant),
            ])

    @Test(arguments: boundaries) func boundary(_ boundary: Boundary) {
        var config = PeerConfig()
        boundary.change(&config)
        let fields = config.validate().map(\.field)
        #expect(fields == (boundary.isValid ? [] : [boundary.field]))
    }

    @Test func allViolationsAreNamedInOrder() {
        var config = PeerConfig()
        config.queueCapacity = 0
        config.queueBytes = 0
        config.highWater = 2
        config.lowWater = -1
        config.inbox = 0
        config.inboxBytes = 0
        config.maximumPayload = 0
        config.connectTimeout = .zero
        config.handshakeTimeout = .zero
        config.readTimeout = .zero
        config.writeTimeout = .zero
        config.idleTimeout = .zero
        config.closeTimeout = .seconds(-1)
        config.backoff.initial = .zero
        config.backoff.maximum = .seconds(-1)
        config.backoff.jitter = 2
        config.backoff.resetAfter = .seconds(-1)
        config.backoff.attempts = 0
        config.heartbeat = .init(interval: .zero, timeout: .zero)
        config.batch = 0
        config.batchBytes = 0
        config.linger = .seconds(2)
        let violations = config.validate()
        #expect(
            violations.map(\.field) == [
                "queue", "queue-bytes", "high-water", "low-water", "inbox", "inbox-bytes", "maximum-payload",
                "connect-timeout", "handshake-timeout", "read-timeout", "write-timeout", "idle-timeout",
                "close-timeout", "backoff.initial", "backoff.maximum", "backoff.jitter", "backoff.reset-after",
                "backoff.attempts", "heartbeat.interval", "heartbeat.timeout", "batch", "batch-bytes", "linger",
            ])
        #expect(violations.first?.description == "queue must be 1…1000000 messages")
    }

    /// An initial wait above the longest one makes the longest one wrong.
    @Test func initialAboveMaximum() {
        var config = PeerConfig()
        config.backoff.initial = Self.hour
        #expect(config.validate().map(\.field) == ["backoff.maximum"])
        config.backoff.maximum = Self.hour
        #expect(config.validate() == [])
    }
}
