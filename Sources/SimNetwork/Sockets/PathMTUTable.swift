import PeerNetworking
import TCP

/// What a kernel was told of the largest packets on the ways to other hosts (RFC 1191, 3; Linux's exceptions of a route).
struct PathMTUTable {
    private struct Entry {
        var mtu: Int32
        var until: Int64
    }

    /// Looked up, never iterated over.
    private var entries: [HostID: Entry] = [:]

    /// A router has said so.
    mutating func learn(_ mtu: Int32, to host: HostID, at now: Int64) {
        let known = self.mtu(to: host, at: now) ?? .max
        entries[host] = Entry(mtu: min(mtu, known), until: now + TCPOptions.mtuExpires)
    }

    /// Bytes of the largest packet on the way to a host, where something is known of it.
    func mtu(to host: HostID, at now: Int64) -> Int32? {
        guard !entries.isEmpty, let entry = entries[host], now < entry.until else { return nil }
        return entry.mtu
    }
}
