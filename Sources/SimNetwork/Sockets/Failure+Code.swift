import PeerNetworking
import TCP

extension TCPEndpoint.Failure {
    /// What the application is told.
    var code: NetworkError.Code {
        switch self {
        case .refused: .connectionRefused
        case .reset: .connectionReset
        case .broken: .brokenPipe
        case .timedOut: .timedOut
        case .hostUnreachable: .hostUnreachable
        case .networkUnreachable: .networkUnreachable
        }
    }
}
