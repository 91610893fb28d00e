import PeerNetworking
package import SimNetwork

extension PeerView {
    /// Why it stands as it does, in words: an open circuit before what opened it, for nothing is tried meanwhile.
    package var why: String? {
        switch state {
        case .connecting, .reconnecting: circuit == .open ? "circuit open" : reason?.words
        case .idle, .connected, .closing, .closed, .failed, .listening: reason?.words
        }
    }
}
