import Glibc

/// A datagram to oneself: when it has come back, what was sent before it has arrived.
///
/// The loopback device puts what a processor sends into that processor's queue, first in, first out. While the thread
/// stays on one processor a datagram overtakes nothing. An answer of the kernel goes to the end of the queue, so each
/// crossing lets the answers arrive that the last one has drawn: SYN, SYN-ACK and ACK take three.
final class Crossing {
    private static let count = 16
    private let descriptor: CInt

    init(on address: KernelAddress) throws {
        descriptor = socket(AF_INET, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw KernelError.call("socket", errno) }
        var own = address
        guard KernelSocket.bind(descriptor, own) == .ok else { throw KernelError.call("bind", errno) }
        own.port = try KernelAddresses.port(of: descriptor)
        guard own.withSockaddr({ connect(descriptor, $0, $1) }) == 0 else { throw KernelError.call("connect", errno) }
        // A datagram that is lost ends the test, and not the machine's patience.
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { Glibc.close(descriptor) }

    /// Waits until everything sent so far has arrived, and all that was sent in answer.
    func cross() throws {
        for _ in 0..<Crossing.count {
            var byte: UInt8 = 1
            guard send(descriptor, &byte, 1, 0) == 1, recv(descriptor, &byte, 1, 0) == 1 else {
                throw KernelError.call("crossing", errno)
            }
        }
    }
}
