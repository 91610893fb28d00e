import Bug

/// The addresses of a lab's hosts, one each, in the order of the hosts.
package enum HostAddresses: Sendable {
    /// Of 127.0.0.0/8: all of one machine's loopback interface.
    case loopback
    /// Of 198.18.0.0/15, which is for benchmarks and never routed (RFC 2544): each of a network of its own.
    case benchmark

    /// The most hosts that a lab may have.
    static let mostHosts = 100_000
    /// The mask of ``benchmark``'s network.
    package static let benchmarkMask: UInt32 = 0xFFFE_0000

    /// Addresses .1 … .254 of each block of 256.
    private static let inEachBlock = 254

    /// The first block of 256 that hosts have; the first address of it but one is the machine's own on loopback.
    private var firstBlock: UInt32 { self == .loopback ? 0x7F00_0000 : 0xC612_0000 }
    /// Addresses of the first block that no host has.
    private var taken: Int { self == .loopback ? 1 : 0 }

    /// The address of a host, in the order of the machine's bytes.
    ///
    /// - Parameter index: the host's place, from 0.
    package func number(_ index: Int) -> UInt32 {
        insist((0..<Self.mostHosts).contains(index), "a lab has at most \(Self.mostHosts) hosts")
        let (block, place) = (index + taken).quotientAndRemainder(dividingBy: Self.inEachBlock)
        return firstBlock + UInt32(block) << 8 + UInt32(place + 1)
    }

    /// The address of a host, as it is written.
    package func text(_ index: Int) -> String {
        let number = number(index)
        return [24, 16, 8, 0].map { "\(number >> $0 & 255)" }.joined(separator: ".")
    }

    /// The place of the host that has an address; nil for one that no host can have.
    package func index(_ number: UInt32) -> Int? {
        guard number >= firstBlock else { return nil }
        let (block, place) = (Int((number - firstBlock) >> 8), Int(number & 255))
        guard (1...Self.inEachBlock).contains(place) else { return nil }
        let index = block * Self.inEachBlock + place - 1 - taken
        return (0..<Self.mostHosts).contains(index) ? index : nil
    }

    /// The place of the host that has an address, as it is written; nil for one that no host can have.
    func index(_ text: String) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard let part else { return nil }
            number = number << 8 | UInt32(part)
        }
        return index(number)
    }
}
