/// What a network is like, for all its hosts and links together; usable from code, without a lab file.
///
/// The simulation makes links and kernels of it, sockets take the buffers and the backlog: real latency and loss are what
/// they are.
public struct NetworkConfig: Hashable, Sendable {
    /// The shortest and the longest time a segment takes one way, drawn uniformly; 0 ns…1 h, the first not above the second.
    public var latency: ClosedRange<Duration> = .milliseconds(1)...(.milliseconds(1))
    /// The probability that a segment is lost; 0…1.
    public var loss: Double = 0
    /// Bytes that a socket's send buffer holds; 1 KiB…1 GiB.
    public var sendBuffer = 65_536
    /// Bytes that a socket's receive buffer holds; 1 KiB…1 GiB.
    public var receiveBuffer = 65_536
    /// Connections that wait to be accepted, at most; 1…65,535.
    public var backlog = 128
    /// Payload bytes of a segment, at most; 88…65,495 (1,460 is Ethernet's 1,500 less the headers).
    public var maximumSegmentSize = 1_460

    /// One millisecond each way, no loss, buffers of 64 KiB.
    public init() {}
}

extension NetworkConfig {
    /// One building: 50 to 200 µs.
    public static var lan: NetworkConfig {
        var config = NetworkConfig()
        config.latency = .microseconds(50)...(.microseconds(200))
        return config
    }

    /// The internet: 20 to 80 ms, and a segment in a thousand is lost.
    public static var wan: NetworkConfig {
        var config = NetworkConfig()
        config.latency = .milliseconds(20)...(.milliseconds(80))
        config.loss = 0.001
        config.receiveBuffer = 1_048_576
        config.sendBuffer = 1_048_576
        return config
    }

    /// Tests: a constant millisecond, and buffers that are soon full.
    public static var test: NetworkConfig {
        var config = NetworkConfig()
        config.sendBuffer = 8_192
        config.receiveBuffer = 8_192
        return config
    }

    /// Checks every field.
    ///
    /// - Returns: the fields that are out of range, in the order of their declaration; none for a valid configuration.
    public func validate() -> [ConfigViolation] {
        var violations: [ConfigViolation] = []
        func check(_ holds: Bool, _ field: String, _ allowed: String) {
            if !holds { violations.append(ConfigViolation(field: field, allowed: allowed)) }
        }
        check(latency.lowerBound >= .zero && latency.upperBound <= .seconds(3_600), "latency", "0ns…60m")
        check((0...1).contains(loss), "loss", "0…1")
        check((1_024...1_073_741_824).contains(sendBuffer), "send-buffer", "1 KiB…1024 MiB")
        check((1_024...1_073_741_824).contains(receiveBuffer), "receive-buffer", "1 KiB…1024 MiB")
        check((1...65_535).contains(backlog), "backlog", "1…65535 connections")
        check((88...65_495).contains(maximumSegmentSize), "maximum-segment-size", "88…65495 B")
        return violations
    }
}

/// A field of a configuration that is out of range, and what it allows.
public struct ConfigViolation: Error, Hashable, Sendable, CustomStringConvertible {
    /// The field's name as lab files write it, nested ones with dots: `backoff.jitter`.
    public var field: String
    /// What it allows.
    public var allowed: String

    /// Makes a violation.
    public init(field: String, allowed: String) {
        self.field = field
        self.allowed = allowed
    }

    /// `field must be …`.
    public var description: String { "\(field) must be \(allowed)" }
}
