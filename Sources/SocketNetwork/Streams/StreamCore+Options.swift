internal import Glibc
internal import NIOCore
internal import PeerNetworking

extension StreamCore {
    /// Sets an option of the socket, by the names of `tcp(7)`.
    func set(_ option: StreamOption) throws(NetworkError) {
        guard let context, let descriptor = Descriptor.of(context.channel) else {
            throw NetworkError(life.isDead ? .cancelled : .closed, during: .close, local: local, remote: remote)
        }
        switch option {
        case .keepAlive(nil):
            Descriptor.set(SOL_SOCKET, SO_KEEPALIVE, 0, descriptor)
        case .keepAlive(let keepAlive?):
            let tcp = CInt(IPPROTO_TCP)
            Descriptor.set(tcp, TCP_KEEPIDLE, CInt(clamping: keepAlive.idle.wholeSeconds), descriptor)
            Descriptor.set(tcp, TCP_KEEPINTVL, CInt(clamping: keepAlive.interval.wholeSeconds), descriptor)
            Descriptor.set(tcp, TCP_KEEPCNT, CInt(keepAlive.probes), descriptor)
            Descriptor.set(SOL_SOCKET, SO_KEEPALIVE, 1, descriptor)
        case .userTimeout(let timeout):
            // In milliseconds; 0 gives the kernel's own limit back.
            let milliseconds = (timeout?.inNanoseconds ?? 0) / 1_000_000
            Descriptor.set(CInt(IPPROTO_TCP), TCP_USER_TIMEOUT, CInt(clamping: milliseconds), descriptor)
        }
    }
}
