import Glibc

/// What this machine's kernel has refused.
package struct MachineFailure: Error, CustomStringConvertible {
    /// What could not be done, why, and what would help where that is known.
    package let description: String

    package init(_ description: String) { self.description = description }

    /// - Parameter error: the kernel's `errno`.
    init(_ what: String, error: Int32, help: String = "") {
        description = "\(what) (\(String(cString: strerror(error))))\(help.isEmpty ? "" : "; \(help)")"
    }
}
