import Foundation
import PeerNetworking
import Testing

@testable import SocketNetwork

/// What each error number of Linux is to an application: the codes that the simulation throws in the same situation.
@Suite struct ErrorNumberTests {
    private static let table: [(number: CInt, code: NetworkError.Code)] = [
        (ECONNREFUSED, .connectionRefused), (ECONNRESET, .connectionReset), (ECONNABORTED, .connectionAborted),
        (EPIPE, .brokenPipe), (ETIMEDOUT, .timedOut), (EHOSTUNREACH, .hostUnreachable), (EHOSTDOWN, .hostUnreachable),
        (ENETUNREACH, .networkUnreachable), (ENETDOWN, .networkUnreachable), (EADDRINUSE, .addressInUse),
        (EADDRNOTAVAIL, .addressNotAvailable), (EMFILE, .tooManyOpenFiles), (ENFILE, .tooManyOpenFiles),
        (ENOBUFS, .noBufferSpace), (ENOMEM, .noBufferSpace), (EACCES, .permissionDenied), (EPERM, .permissionDenied),
        (EBADF, .closed), (ENOTCONN, .closed), (EINVAL, .invalidAddress), (EAFNOSUPPORT, .invalidAddress),
    ]

    @Test("Every number has its code, and all others are told in words")
    func numbers() {
        let known = Dictionary(uniqueKeysWithValues: Self.table.map { ($0.number, $0.code) })
        for number in 1...133 as ClosedRange<CInt> {
            let error = NetworkError(errno: number, during: .read)
            #expect(error.code == known[number] ?? .other, "\(number)")
            #expect(error.reason.isEmpty == (known[number] != nil), "\(number): \(error.reason)")
        }
    }

    @Test("Without an ephemeral port a connect has no address, as in the simulation")
    func ephemeralPorts() {
        #expect(NetworkError(errno: EADDRINUSE, during: .connect).code == .addressNotAvailable)
        #expect(NetworkError(errno: EADDRINUSE, during: .listen).code == .addressInUse)
    }
}
