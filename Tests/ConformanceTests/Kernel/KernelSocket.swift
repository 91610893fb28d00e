import Glibc
import PeerNetworking

@testable import SocketNetwork

/// Why the kernel could not be asked. Nothing that a scenario is about: that is an ``Outcome``.
enum KernelError: Error, CustomStringConvertible {
    /// A call failed that must not.
    case call(String, CInt)
    /// Something did not come to an end in ten seconds.
    case overdue(String)
    /// A scenario asks for what has no meaning.
    case scenario(String)

    var description: String {
        switch self {
        case .call(let name, let number): "\(name): \(String(cString: strerror(number)))"
        case .overdue(let what): "overdue: \(what)"
        case .scenario(let what): what
        }
    }
}

/// What a system call came to.
enum Called<Value> {
    case done(Value)
    case wouldBlock
    case failed(NetworkError.Code)
}

/// The system calls on a non-blocking TCP socket, by descriptor; -1 is one that was closed.
enum KernelSocket {
    /// Bytes asked for each buffer; the kernel doubles them for its own bookkeeping (socket(7)).
    static let bufferBytes: CInt = 32_768
    private static let streamType =
        CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)

    /// The contract's code for the current error number, by the table of the sockets' own network.
    static func code(_ number: CInt = errno) -> NetworkError.Code { NetworkError.Code(errno: number) }

    /// A socket with small buffers that sends at once: what is delayed for Nagle's sake would arrive by a timer.
    static func make() throws -> CInt {
        let descriptor = socket(AF_INET, streamType, 0)
        guard descriptor >= 0 else { throw KernelError.call("socket", errno) }
        _ = set(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, 1)
        _ = set(descriptor, SOL_SOCKET, SO_SNDBUF, bufferBytes)
        _ = set(descriptor, SOL_SOCKET, SO_RCVBUF, bufferBytes)
        return descriptor
    }

    static func set(_ descriptor: CInt, _ level: CInt, _ option: CInt, _ value: CInt) -> Outcome {
        var value = value
        let size = socklen_t(MemoryLayout<CInt>.size)
        return setsockopt(descriptor, level, option, &value, size) == 0 ? .ok : .failed(code())
    }

    static func bind(_ descriptor: CInt, _ address: KernelAddress) -> Outcome {
        address.withSockaddr { Glibc.bind(descriptor, $0, $1) } == 0 ? .ok : .failed(code())
    }

    static func connect(_ descriptor: CInt, _ address: KernelAddress) -> Called<Void> {
        if address.withSockaddr({ Glibc.connect(descriptor, $0, $1) }) == 0 { return .done(()) }
        return errno == EINPROGRESS ? .wouldBlock : .failed(code())
    }

    /// Whether a connect that is under way has come to an end, and how.
    static func connected(_ descriptor: CInt) -> Called<Void> {
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard Glibc.poll(&poll, 1, 0) == 1 else { return .wouldBlock }
        var number: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size) == 0 else { return .failed(code()) }
        return number == 0 ? .done(()) : .failed(code(number))
    }

    static func accept(_ listener: CInt) throws -> Called<CInt> {
        let descriptor = try LinuxCalls.accept(listener)
        guard descriptor < 0 else {
            _ = set(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, 1)
            return .done(descriptor)
        }
        return errno == EAGAIN ? .wouldBlock : .failed(code())
    }

    /// Bytes; none at the end of the stream.
    static func read(_ descriptor: CInt, upTo count: Int) -> Called<ArraySlice<UInt8>> {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = recv(descriptor, &bytes, count, 0)
        guard got < 0 else { return .done(bytes[..<got]) }
        return errno == EAGAIN ? .wouldBlock : .failed(code())
    }

    /// How many bytes were taken.
    static func write(_ descriptor: CInt, _ bytes: ArraySlice<UInt8>) -> Called<Int> {
        let taken = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
        guard taken < 0 else { return .done(taken) }
        return errno == EAGAIN ? .wouldBlock : .failed(code())
    }

    static func shutdownWrite(_ descriptor: CInt) -> Outcome {
        shutdown(descriptor, CInt(SHUT_WR)) == 0 ? .ok : .failed(code())
    }

    static func close(_ descriptor: CInt) -> Outcome {
        Glibc.close(descriptor) == 0 ? .ok : .failed(code())
    }

    /// Closes with a reset (`SO_LINGER` of 0).
    static func reset(_ descriptor: CInt) -> Outcome {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<Glibc.linger>.size)
        guard setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, size) == 0 else { return .failed(code()) }
        return close(descriptor)
    }

    static func set(_ descriptor: CInt, _ option: StreamOption) -> Outcome {
        switch option {
        case .keepAlive(let keepAlive):
            return set(descriptor, SOL_SOCKET, SO_KEEPALIVE, keepAlive == nil ? 0 : 1)
        case .userTimeout(let timeout):
            let milliseconds = (timeout?.inNanoseconds ?? 0) / 1_000_000
            return set(descriptor, CInt(IPPROTO_TCP), TCP_USER_TIMEOUT, CInt(clamping: milliseconds))
        }
    }

    /// Bytes that were sent and not acknowledged, a FIN counted as one (tcp(7), `SIOCOUTQ`); none once the connection is
    /// over, for then nothing is sent again.
    static func unacknowledged(_ descriptor: CInt) -> CInt {
        // The first byte of `tcp_info` is the state, and 7 is `TCP_CLOSE`.
        var state: UInt8 = 0
        var size = socklen_t(1)
        getsockopt(descriptor, CInt(IPPROTO_TCP), TCP_INFO, &state, &size)
        var count: CInt = 0
        return state != 7 && ioctl(descriptor, UInt(TIOCOUTQ), &count) == 0 ? count : 0
    }
}
