/// Where the sockets of a lab's hosts are made, where each host has a network of its own.
package protocol HostPlaces: Sendable {
    /// Does something in a host's network; a socket that is made there belongs to it.
    ///
    /// - Parameter host: the host's place among the hosts.
    func within<Result>(_ host: Int, _ body: () throws -> Result) throws -> Result
}
