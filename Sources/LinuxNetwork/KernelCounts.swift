import Glibc

/// What the kernel counts of a network namespace (`/proc/net/snmp`, `/proc/net/netstat`).
struct KernelCounts {
    /// Where counts stand.
    enum File: String {
        /// Those of the standard: `Ip`, `Tcp` and others.
        case snmp
        /// Linux's own: `TcpExt`, `IpExt`.
        case netstat
    }

    private let descriptor: Int32

    /// Those of the calling thread's namespace.
    init(_ file: File) { descriptor = open("/proc/thread-self/net/\(file.rawValue)", O_RDONLY | O_CLOEXEC) }

    /// A count as it is now: `Ip`, `InReceives`; nil where the kernel does not tell.
    func value(_ group: String, _ name: String) -> Int64? {
        let text = withUnsafeTemporaryAllocation(byteCount: 32_768, alignment: 1) { buffer in
            let count = pread(descriptor, buffer.baseAddress, buffer.count, 0)
            return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        }
        // A line of names, and below it one of numbers.
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("\(group):") }
        guard lines.count == 2, let place = lines[0].split(separator: " ").firstIndex(of: name[...]) else { return nil }
        let numbers = lines[1].split(separator: " ")
        return place < numbers.count ? Int64(numbers[place]) : nil
    }

    func close() { Glibc.close(descriptor) }
}
