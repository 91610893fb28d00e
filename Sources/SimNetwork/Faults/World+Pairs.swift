// What is done to the way from one host to another, over whichever links it leads.
extension World {
    /// Whether a partition lies between two hosts.
    func isPartitioned(_ source: Host, from target: Host) -> Bool {
        !partitions.isEmpty && partitions.contains { $0.blocks(source.id, target.id) }
    }

    /// The time that a slow pair adds to a segment's way.
    func slowPairExtra(_ packet: InFlight, on connection: Connection) -> Int64 {
        let (source, target) = (connection.host(packet.from), connection.host(packet.from.other))
        guard let pair = slowPairs.first(where: { $0.from === source && $0.to === target }) else { return 0 }
        emit(.struck(.slowPair, source.id))
        return pair.extra
    }
}
