/// The local ports that a host's connections were made from. A port may serve several connections that go to different
/// places: what must differ is the four-tuple (RFC 9293, 3.3; Linux's `__inet_check_established`). A port that was chosen, as
/// `bind` does without `SO_REUSEADDR`, serves one.
struct PortTable {
    /// Where a connection goes.
    struct Remote: Hashable {
        var host: Int32
        var port: UInt16
    }

    private struct Use: Hashable {
        var port: UInt16
        var remote: Remote
    }

    // Looked up, never iterated over.
    private var uses: Set<Use> = []
    private var counts: [UInt16: UInt32] = [:]
    private var chosen: Set<UInt16> = []

    /// Whether any connection was made from a port.
    func isInUse(_ port: UInt16) -> Bool { counts[port] != nil }

    /// Whether an ephemeral port may serve one connection more.
    func isFree(_ port: UInt16, to remote: Remote) -> Bool {
        counts[port] == nil || !chosen.contains(port) && !uses.contains(Use(port: port, remote: remote))
    }

    /// Takes a port for a connection.
    ///
    /// - Parameter isChosen: its application has named it.
    mutating func take(_ port: UInt16, to remote: Remote, isChosen: Bool = false) {
        uses.insert(Use(port: port, remote: remote))
        counts[port, default: 0] += 1
        if isChosen { chosen.insert(port) }
    }

    /// A connection is over, its TIME-WAIT too.
    mutating func release(_ port: UInt16, to remote: Remote) {
        guard uses.remove(Use(port: port, remote: remote)) != nil, let count = counts[port] else { return }
        counts[port] = count > 1 ? count - 1 : nil
        if count == 1, !chosen.isEmpty { chosen.remove(port) }
    }
}
