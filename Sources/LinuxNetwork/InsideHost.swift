import CLinux
import Glibc

/// What a process does first of all, while it has one thread.
package enum InsideHost {
    /// The commands and networks that need namespaces.
    private static let needsNamespaces = ["linux", "both", "exec", "calibrate", "doctor", "drill"]

    /// Whether this program has begun here, and can become another inside a host.
    nonisolated(unsafe) private(set) static var isEntry = false

    /// Becomes a program inside a host, where the arguments say so; else, where they ask for namespaces and the user is not
    /// root, enters a user namespace in which they may be made. Where that is forbidden, whoever needs one says so.
    package static func enter() {
        isEntry = true
        _ = peerlab_inside_host(CommandLine.argc, CommandLine.unsafeArgv)
        guard geteuid() != 0 else { return }
        let words = CommandLine.arguments.dropFirst().flatMap { $0.split(separator: "=").map(String.init) }
        if words.contains(where: { needsNamespaces.contains($0) }) { _ = peerlab_enter_user_namespace() }
    }
}
