internal import Glibc
internal import NIOCore

/// What the kernel says of a connected socket (`TCP_INFO`, `SIOCINQ`, `SIOCOUTQ`), and what waits beside it in this
/// process.
package struct SocketKernelState: Hashable, Sendable {
    /// The states of RFC 9293 in the kernel's numbering (`tcp_states.h`).
    package enum TCPState: UInt8, Hashable, Sendable, CaseIterable {
        /// Open both ways.
        case established = 1
        /// A SYN was sent.
        case synSent
        /// A SYN came and was answered.
        case synReceived
        /// A FIN was sent and not yet acknowledged.
        case finWait1
        /// The FIN is acknowledged; the other side still sends.
        case finWait2
        /// Both FINs are known; waiting for old segments to die.
        case timeWait
        /// Closed.
        case closed
        /// The other side's FIN has come; this side may still send.
        case closeWait
        /// Both FINs are sent; the last acknowledgement is awaited.
        case lastAck
        /// Waits for connections.
        case listen
        /// Both sides closed at the same time.
        case closing
    }

    /// What its sender knows of the way.
    package struct Sending: Hashable, Sendable {
        /// Segments that may be under way, and up to how many they grow fast.
        package var congestionWindow: UInt32
        package var slowStartThreshold: UInt32
        /// How it stands with what it has lost: `TCP_CA_Open` (0) to `TCP_CA_Loss` (4).
        package var recovery: UInt8
        /// Microseconds: how far round trips lie from the smoothed one, and how long an acknowledgement is waited for.
        package var deviation: UInt32
        package var timeout: UInt32
        /// How often the timeout was doubled.
        package var backoff: UInt8
        /// Segments that are told to have come beyond a gap, that count as lost, and that were sent again and are under way.
        package var sacked: UInt32
        package var lost: UInt32
        package var repeated: UInt32
    }

    /// What its sender knows of the way.
    package var sending: Sending
    /// The state of the connection.
    package var state: TCPState
    /// Segments that were sent and not acknowledged.
    package var unacknowledgedSegments: UInt32
    /// Segments that were sent again, in all.
    package var retransmissions: UInt32
    /// The smoothed round-trip time, in microseconds.
    package var roundTripMicroseconds: UInt32
    /// Bytes in the kernel that were not sent, or not acknowledged (`SIOCOUTQ`).
    package var sendQueueBytes: Int32
    /// Bytes in the kernel that this process has not taken (`SIOCINQ`).
    package var receiveQueueBytes: Int32
    /// Bytes in this process that the reader has not taken.
    package var unreadBytes: Int
    /// Bytes in this process that the kernel has not taken.
    package var unsentBytes: Int

    /// Asks the kernel about a descriptor; nil when it is no TCP socket.
    init?(descriptor: CInt, unreadBytes: Int, unsentBytes: Int) {
        var info = tcp_info()
        var size = socklen_t(MemoryLayout<tcp_info>.size)
        guard getsockopt(descriptor, CInt(IPPROTO_TCP), TCP_INFO, &info, &size) == 0,
            let state = TCPState(rawValue: info.tcpi_state)
        else { return nil }
        self.state = state
        unacknowledgedSegments = info.tcpi_unacked
        retransmissions = info.tcpi_total_retrans
        roundTripMicroseconds = info.tcpi_rtt
        sendQueueBytes = Descriptor.count(UInt(TIOCOUTQ), descriptor)
        receiveQueueBytes = Descriptor.count(UInt(FIONREAD), descriptor)
        sending = Sending(
            congestionWindow: info.tcpi_snd_cwnd, slowStartThreshold: info.tcpi_snd_ssthresh,
            recovery: info.tcpi_ca_state, deviation: info.tcpi_rttvar, timeout: info.tcpi_rto,
            backoff: info.tcpi_backoff, sacked: info.tcpi_sacked, lost: info.tcpi_lost, repeated: info.tcpi_retrans)
        self.unreadBytes = unreadBytes
        self.unsentBytes = unsentBytes
    }
}

/// Calls on the socket below a channel.
enum Descriptor {
    /// The channel's socket, while it is open.
    static func of(_ channel: any Channel) -> CInt? {
        guard channel.isActive else { return nil }
        return try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: CInt.self) { $0 }
    }

    /// A count of bytes that `ioctl` knows; 0 where it does not.
    static func count(_ request: UInt, _ descriptor: CInt) -> Int32 {
        var count: CInt = 0
        return ioctl(descriptor, request, &count) == 0 ? count : 0
    }

    /// Ends listening for all who have the socket, not only for this descriptor of it.
    static func stopListening(_ descriptor: CInt) { _ = shutdown(descriptor, CInt(SHUT_RD)) }

    /// Sets an option that is a number.
    static func set(_ level: CInt, _ option: CInt, _ value: CInt, _ descriptor: CInt) {
        var value = value
        _ = setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }

    /// An option that is a number; nil where it cannot be read.
    static func get(_ level: CInt, _ option: CInt, _ descriptor: CInt) -> CInt? {
        var value: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, level, option, &value, &size) == 0 ? value : nil
    }

    /// Lets a socket that listens keep another number of connections that wait.
    static func listen(_ descriptor: CInt, backlog: CInt) { _ = Glibc.listen(descriptor, backlog) }

    /// Makes the next close send a reset and discard what is unsent.
    static func resetOnClose(_ descriptor: CInt) {
        var linger = linger(l_onoff: 1, l_linger: 0)
        _ = setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }
}
