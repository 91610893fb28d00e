/// What a host's kernel has of what can run out.
public struct HostLimits: Hashable, Sendable {
    /// Sockets that its processes may have open together, listeners included (`RLIMIT_NOFILE`).
    public var sockets: Int32 = .max
    /// Bytes in the buffers of all its sockets together (`tcp_mem`).
    public var memory: Int64 = .max
    /// Ephemeral ports, from 32,768 up; 1…28,232 (Linux's `ip_local_port_range`, 32,768…60,999).
    public var ports: Int32 = 28_232

    /// No limits but Linux's range of ports.
    public init() {}

    /// What can run out.
    public enum Resource: String, Hashable, Sendable, CaseIterable {
        /// ``HostLimits/sockets``: `tooManyOpenFiles`.
        case sockets
        /// ``HostLimits/memory``: `noBufferSpace`.
        case memory
        /// ``HostLimits/ports``: `addressNotAvailable`.
        case ports
    }
}
