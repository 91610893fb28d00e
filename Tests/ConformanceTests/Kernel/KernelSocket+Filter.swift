import Glibc

/// Sockets that lose what is sent to them: the kernel drops a segment that a socket's filter refuses before TCP sees it
/// (socket(7), `SO_ATTACH_FILTER`; the programs are those of bpf(4) of BSD, and begin at the TCP header).
extension KernelSocket {
    private struct FilterStep {
        var code: UInt16
        var jumpTrue: UInt8 = 0
        var jumpFalse: UInt8 = 0
        var value: UInt32 = 0
    }

    private struct FilterProgram {
        var count: UInt16
        var steps: UnsafeMutablePointer<FilterStep>?
    }

    /// Loses all segments for a socket, until ``hearAgain(_:)``.
    static func hearNothing(_ descriptor: CInt) throws {
        // BPF_RET | BPF_K: take no byte of it.
        try attach([FilterStep(code: 0x06)], to: descriptor)
    }

    /// Loses all segments for a listener but SYNs: each connection stays half-open.
    static func hearOnlySYN(_ descriptor: CInt) throws {
        try attach(
            [
                // BPF_LD | BPF_B | BPF_ABS: the flags; BPF_JMP | BPF_JSET: whether SYN is among them.
                FilterStep(code: 0x30, value: 13), FilterStep(code: 0x45, jumpFalse: 1, value: 2),
                FilterStep(code: 0x06, value: 65_535), FilterStep(code: 0x06),
            ], to: descriptor)
    }

    private static func attach(_ steps: [FilterStep], to descriptor: CInt) throws {
        var steps = steps
        let failed = steps.withUnsafeMutableBufferPointer { steps in
            var program = FilterProgram(count: UInt16(steps.count), steps: steps.baseAddress)
            let size = socklen_t(MemoryLayout<FilterProgram>.size)
            return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, size) != 0
        }
        if failed { throw KernelError.call("SO_ATTACH_FILTER", errno) }
    }

    static func hearAgain(_ descriptor: CInt) throws {
        guard set(descriptor, SOL_SOCKET, SO_DETACH_FILTER, 0) == .ok else {
            throw KernelError.call("SO_DETACH_FILTER", errno)
        }
    }
}
