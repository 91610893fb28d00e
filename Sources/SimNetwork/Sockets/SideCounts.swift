import PeerNetworking

/// A number for each side of a connection.
struct SideCounts {
    private var client: UInt32 = 0
    private var server: UInt32 = 0

    subscript(side: Side) -> UInt32 {
        get { side == .client ? client : server }
        set { if side == .client { client = newValue } else { server = newValue } }
    }
}
