internal import Glibc
internal import NIOCore

/// An option of a socket by the kernel's numbers, set before it connects or listens: what is accepted inherits it.
package struct KernelOption: Hashable, Sendable {
    /// What it is set to.
    package enum Value: Hashable, Sendable {
        case number(CInt)
        case text(String)
    }

    package let level: CInt
    package let name: CInt
    package let value: Value

    package init(_ level: CInt, _ name: CInt, _ value: Value) {
        (self.level, self.name, self.value) = (level, name, value)
    }

    /// `TCP_QUICKACK`: what comes is acknowledged without waiting for an answer.
    package static let acknowledgesAtOnce = KernelOption(CInt(IPPROTO_TCP), TCP_QUICKACK, .number(1))

    /// Sets options of a channel's socket; one that the kernel refuses fails the channel.
    static func set(_ options: [KernelOption], of channel: any Channel) throws {
        guard !options.isEmpty, let socket = channel as? any SocketOptionProvider else { return }
        for option in options {
            let level = SocketOptionLevel(option.level)
            switch option.value {
            case .number(let number):
                try socket.set(level, option.name, number)
            case .text(let text):
                // A name has fifteen letters at most (`TCP_CA_NAME_MAX`).
                var name: (UInt64, UInt64) = (0, 0)
                withUnsafeMutableBytes(of: &name) { $0.copyBytes(from: text.utf8.prefix(15)) }
                try socket.set(level, option.name, name)
            }
        }
    }
}

extension SocketOptionProvider {
    /// Sets an option at once: on the channel's loop it is done before the call is back.
    fileprivate func set<Value: Sendable>(_ level: SocketOptionLevel, _ name: CInt, _ value: Value) throws {
        var failure: (any Error)?
        unsafeSetSocketOption(
            level: NIOBSDSocket.OptionLevel(rawValue: CInt(level)), name: NIOBSDSocket.Option(rawValue: name),
            value: value
        )
        .assumeIsolated().whenFailure { failure = $0 }
        if let failure { throw failure }
    }
}
