import NIOCore

/// What a queue and its workers say to each other; in a peer's message: the kind (1 byte) and a number (8).
struct JobMessage {
    enum Kind: UInt8 {
        /// A worker is free.
        case free = 1
        /// The queue gives a worker a job.
        case job = 2
        /// A worker has done a job, and is free; the number is the job's result.
        case done = 3
    }

    var kind: Kind
    var job: UInt64 = 0
    var result: UInt64 = 0

    func encoded() -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: 17)
        buffer.writeMultipleIntegers(kind.rawValue, job, result)
        return buffer
    }

    init(_ kind: Kind, job: UInt64 = 0, result: UInt64 = 0) {
        self.kind = kind
        self.job = job
        self.result = result
    }

    init?(_ bytes: ByteBuffer) {
        var bytes = bytes
        guard let (code, job, result) = bytes.readMultipleIntegers(as: (UInt8, UInt64, UInt64).self),
            let kind = Kind(rawValue: code)
        else { return nil }
        self.init(kind, job: job, result: result)
    }

    /// What the result of a job must be.
    static func result(of job: UInt64) -> UInt64 { (job &+ 1) &* 0x9E37_79B9_7F4A_7C15 }
}
