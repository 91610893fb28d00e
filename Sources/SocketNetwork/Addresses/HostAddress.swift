import Bug

/// The addresses of a lab's hosts: one of 127.0.0.0/8 each, in the order of the hosts.
enum HostAddress {
    /// The most hosts that a lab may have.
    static let mostHosts = 100_000

    /// Addresses 127.0.0.2 … 127.0.0.254.
    private static let inFirstBlock = 253
    /// Addresses .1 … .254 of each block of 256 beyond the first.
    private static let inEachBlock = 254

    /// The address of a host.
    ///
    /// - Parameter index: the host's place, from 0.
    static func text(_ index: Int) -> String {
        insist((0..<mostHosts).contains(index), "a lab has at most \(mostHosts) hosts")
        if index < inFirstBlock { return "127.0.0.\(index + 2)" }
        let (block, place) = (index - inFirstBlock).quotientAndRemainder(dividingBy: inEachBlock)
        return "127.\((block + 1) >> 8).\((block + 1) & 255).\(place + 1)"
    }

    /// The place of the host that has an address; nil for one that no host can have.
    static func index(_ text: String) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4, parts[0] == 127, let high = parts[1], let low = parts[2], let last = parts[3] else {
            return nil
        }
        let block = Int(high) << 8 | Int(low)
        if block == 0 { return (2...254).contains(last) ? Int(last) - 2 : nil }
        guard (1...254).contains(last) else { return nil }
        let index = inFirstBlock + (block - 1) * inEachBlock + Int(last) - 1
        return index < mostHosts ? index : nil
    }
}
