/// Hosts among which one is found by halving: a group may have 100,000, and every segment asks for two.
struct HostGroup: Sendable {
    /// In their order; the list that it was made of where that was in order, which is the rule.
    private let ordered: [HostID]

    init(_ hosts: [HostID]) {
        let isOrdered = zip(hosts, hosts.dropFirst()).allSatisfy { $0 <= $1 }
        ordered = isOrdered ? hosts : hosts.sorted()
    }

    func contains(_ host: HostID) -> Bool {
        var low = 0
        var high = ordered.count
        while low < high {
            let middle = (low + high) / 2
            if ordered[middle] < host { low = middle + 1 } else { high = middle }
        }
        return low < ordered.count && ordered[low] == host
    }
}
