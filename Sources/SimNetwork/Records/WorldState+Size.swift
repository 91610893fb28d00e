import PeerNetworking

extension WorldState {
    /// Bytes of memory that the state takes, roughly: what it shares with others counts.
    package var approximateBytes: Int {
        func size<Element>(_ array: [Element]) -> Int { 32 + array.count * MemoryLayout<Element>.stride }
        let network = size(hosts) + size(links) + links.reduce(0) { $0 + $1.queues.count * 64 } + size(partitions)
        let ends =
            size(processes) + size(listeners) + size(connections)
            + segments.approximateBytes
        let ofPeers = peers.reduce(size(peers)) {
            let messages = $1.ledger.held.count + $1.ledger.settled.count
            return $0 + size($1.origins) + messages * MemoryLayout<MessageRecord>.stride
        }
        let words = size(names.peers) + size(names.subjects) + size(names.tasks)
        return MemoryLayout<WorldState>.size + network + ends + ofPeers + words + size(sites) + size(faults)
            + agenda.entries.approximateBytes
    }
}
