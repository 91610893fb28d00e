/// Where a peer listens: a host, by name or address, and a port.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// The host's name or its numeric address, never empty.
    public var host: String
    /// The TCP port, 0…65535; 0 asks a listener for any free port.
    public var port: UInt16

    /// Makes an endpoint of a host and a port.
    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port` or `[v6-address]:port`.
    ///
    /// - Parameter text: for example `server:4500`, `127.0.0.2:80` or `[::1]:80`.
    /// - Throws: ``NetworkError`` with the code `invalidAddress`, and the reason, before any I/O.
    public init(_ text: String) throws(NetworkError) {
        func invalid(_ reason: String) -> NetworkError {
            NetworkError(.invalidAddress, during: .resolve, reason: "'\(text)': \(reason)")
        }
        guard let colon = text.lastIndex(of: ":") else { throw invalid("no port; write host:port") }
        var host = String(text[..<colon])
        let digits = text[text.index(after: colon)...]
        if host.hasPrefix("[") {
            guard host.hasSuffix("]") else { throw invalid("'[' without ']'") }
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            throw invalid("an IPv6 address wants brackets: [address]:port")
        }
        guard !host.isEmpty else { throw invalid("no host") }
        guard host.utf8.count <= 253 else { throw invalid("the host is longer than 253 bytes (RFC 1035)") }
        guard !host.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }) else {
            throw invalid("the host has a blank or control character")
        }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
            throw invalid("port '\(digits)' is not a number from 0 to 65535")
        }
        self.init(host: host, port: port)
    }

    /// `host:port`, with brackets around a host that has colons.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
