import Foundation
import Glibc
package import TCP

/// A TCP socket as a namespace's kernel tells of it (`/proc/net/tcp`, proc_pid_net(5)).
package struct KernelSocket: Hashable, Sendable {
    /// Its own port and the other side's address and port: no two sockets of a host have the same.
    package struct Name: Hashable, Sendable {
        package let port: UInt16
        package let remote: UInt32
        package let remotePort: UInt16

        package init(port: UInt16, remote: UInt32, remotePort: UInt16) {
            (self.port, self.remote, self.remotePort) = (port, remote, remotePort)
        }
    }

    package let name: Name
    package let state: TCPState

    /// By the kernel's numbers (`tcp_states.h`): those that listen are not told of.
    private static let states: [UInt8: TCPState] = [
        1: .established, 2: .synSent, 3: .synReceived, 4: .finWait1, 5: .finWait2, 6: .timeWait, 7: .closed,
        8: .closeWait, 9: .lastAck, 11: .closing, 12: .synReceived,
    ]

    /// Whether one of the lines of the file is a socket that listens on a port (state 0A).
    static func listens(on port: UInt16, in text: Substring) -> Bool {
        text.split(separator: "\n").dropFirst().contains { line in
            let words = line.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: true)
            return words.count > 3 && words[3] == "0A"
                && words[1].split(separator: ":").last.flatMap { UInt16($0, radix: 16) } == port
        }
    }

    /// Reads the lines of the file, but for its heading.
    static func read(_ text: Substring) -> [KernelSocket] {
        text.split(separator: "\n").dropFirst().compactMap { line in
            let words = line.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: true)
            guard words.count > 3, let own = place(words[1]), let other = place(words[2]),
                let state = UInt8(words[3], radix: 16).flatMap({ states[$0] })
            else { return nil }
            return KernelSocket(
                name: Name(port: own.port, remote: other.address, remotePort: other.port), state: state)
        }
    }

    /// `010012C6:1F90`: the address as the machine keeps it, which is in the order of the network.
    private static func place(_ word: Substring) -> (address: UInt32, port: UInt16)? {
        let parts = word.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1], radix: 16) else { return nil }
        // Of both families a socket has IPv4's addresses as IPv6 writes them (RFC 4291, 2.5.5.2).
        let isMapped = parts[0].hasPrefix("0000000000000000FFFF0000")
        guard let address = UInt32(isMapped ? parts[0].suffix(8) : parts[0], radix: 16) else { return nil }
        return (UInt32(bigEndian: address), port)
    }
}
