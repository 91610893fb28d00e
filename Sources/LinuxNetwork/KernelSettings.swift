import Foundation
import Glibc

/// Settings of the calling thread's network namespace. Nothing of the machine's own is ever written.
package enum KernelSettings {
    /// What a Linux machine begins with, whatever this one was told.
    static let usual: [String: String] = [
        "net.ipv4.tcp_rmem": "4096 131072 6291456", "net.ipv4.tcp_wmem": "4096 16384 4194304",
        "net.ipv4.tcp_sack": "1", "net.ipv4.tcp_timestamps": "1", "net.ipv4.tcp_window_scaling": "1",
        "net.ipv4.tcp_ecn": "2", "net.ipv4.tcp_early_retrans": "3", "net.ipv4.tcp_frto": "2",
        "net.ipv4.tcp_syn_retries": "6", "net.ipv4.tcp_syn_linear_timeouts": "4", "net.ipv4.tcp_retries2": "15",
        "net.ipv4.tcp_slow_start_after_idle": "1", "net.ipv4.tcp_no_metrics_save": "1",
        "net.ipv4.tcp_mtu_probing": "0", "net.ipv4.tcp_moderate_rcvbuf": "1",
    ]

    /// Makes settings, one after the other.
    ///
    /// - Throws: ``MachineFailure`` where the kernel does not let one be so.
    package static func write(_ settings: [(name: String, value: String)]) throws(MachineFailure) {
        for (name, value) in settings { try write(name, value) }
    }

    /// What a setting is; nil where the kernel does not tell.
    package static func read(_ name: String) -> String? {
        guard let text = try? String(contentsOfFile: path(of: name), encoding: .utf8) else { return nil }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func path(of name: String) -> String { "/proc/sys/" + name.replacing(".", with: "/") }

    /// Makes a setting: `net.ipv4.tcp_sack`. One that is not each namespace's own has no effect.
    ///
    /// - Throws: ``MachineFailure`` where the kernel does not let it be so.
    static func write(_ name: String, _ value: String) throws(MachineFailure) {
        let file = open(path(of: name), O_WRONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return }
            throw MachineFailure("the setting '\(name)' cannot be made", error: errno)
        }
        defer { Glibc.close(file) }
        let bytes = Array(value.utf8)
        guard Glibc.write(file, bytes, bytes.count) >= 0 else {
            throw MachineFailure("'\(name)' cannot be '\(value)'", error: errno)
        }
    }
}
