package import NIOCore

/// Gives the addresses of a name, in the order in which they are to be tried; none for one that it does not know.
package typealias NameSource = @Sendable (_ name: String, _ port: UInt16) -> [SocketAddress]
