internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import PeerNetworking

extension NetworkError {
    /// The contract's error for one of the system's or of NIO's.
    init(
        _ error: any Error, during operation: Operation, local: Endpoint? = nil, remote: Endpoint? = nil
    ) {
        switch error {
        case let error as NetworkError:
            self = error
        case let error as IOError:
            self.init(
                errno: error.errnoCode, during: operation, local: local, remote: remote, reason: error.description)
        case let error as NIOConnectionError:
            // Of several addresses the one that failed last, as of one after the other.
            let last = error.connectionErrors.last?.error ?? NetworkError(.nameNotFound, during: operation)
            self.init(last, during: operation, local: local, remote: remote)
        case ChannelError.connectTimeout:
            self.init(.timedOut, during: operation, local: local, remote: remote)
        case ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed, ChannelError.inputClosed:
            self.init(.closed, during: operation, local: local, remote: remote)
        case ChannelError.outputClosed:
            self.init(.brokenPipe, during: operation, local: local, remote: remote)
        default:
            self.init(.other, during: operation, local: local, remote: remote, reason: "\(error)")
        }
    }

    /// The contract's error for an error number; the reason is kept only where the code does not say it all.
    init(
        errno number: CInt, during operation: Operation, local: Endpoint? = nil, remote: Endpoint? = nil,
        reason: String = ""
    ) {
        var code = Code(errno: number)
        if number == EADDRINUSE, operation == .connect {
            // No ephemeral port is free on the address that it connects from.
            code = .addressNotAvailable
        }
        let words = reason.isEmpty ? String(cString: strerror(number)) : reason
        self.init(code, during: operation, local: local, remote: remote, reason: code == .other ? words : "")
    }
}

extension NetworkError.Code {
    /// The code of an error number of Linux; `other` where none has its meaning.
    init(errno number: CInt) {
        self =
            switch number {
            case ECONNREFUSED: .connectionRefused
            case ECONNRESET: .connectionReset
            case ECONNABORTED: .connectionAborted
            case EPIPE: .brokenPipe
            case ETIMEDOUT: .timedOut
            case EHOSTUNREACH, EHOSTDOWN: .hostUnreachable
            case ENETUNREACH, ENETDOWN: .networkUnreachable
            case EADDRINUSE: .addressInUse
            case EADDRNOTAVAIL: .addressNotAvailable
            case EMFILE, ENFILE: .tooManyOpenFiles
            case ENOBUFS, ENOMEM: .noBufferSpace
            case EACCES, EPERM: .permissionDenied
            case EBADF, ENOTCONN: .closed
            case EINVAL, EAFNOSUPPORT: .invalidAddress
            default: .other
            }
    }

    /// The code of an error that a channel reports on an open stream.
    init(ofStream error: any Error) {
        self = NetworkError(error, during: .read).code
    }
}
