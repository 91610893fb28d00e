import Glibc

/// How many packets have come to the IP of a network namespace. A pair of devices hands one on when the kernel comes to it, which
/// on a busy machine may be later than who has sent it thinks.
struct PacketReceipts {
    private let descriptor: Int32

    /// Those of the calling thread's namespace.
    init() { descriptor = open("/proc/thread-self/net/snmp", O_RDONLY | O_CLOEXEC) }

    /// How many there are by now; 0 where the kernel does not tell.
    var count: Int64 {
        // `Ip: Forwarding DefaultTTL InReceives …`, and below it the numbers.
        let text = withUnsafeTemporaryAllocation(byteCount: 1_024, alignment: 1) { buffer in
            let count = pread(descriptor, buffer.baseAddress, buffer.count, 0)
            return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        }
        let lines = text.split(separator: "\n", maxSplits: 2)
        guard lines.count > 1 else { return 0 }
        let numbers = lines[1].split(separator: " ", maxSplits: 4)
        return numbers.count > 3 ? Int64(numbers[3]) ?? 0 : 0
    }

    func close() { Glibc.close(descriptor) }
}
