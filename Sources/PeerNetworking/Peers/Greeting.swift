import NIOCore

/// The other side's hello, read off a connection: until it has come, the connection may be a stranger's.
struct Greeting {
    let stream: any ByteStream
    let hello: Frame.Hello
    /// What came behind the hello.
    var decoder: FrameDecoder

    /// Waits for the other side's hello.
    ///
    /// - Parameter maximumPayload: the largest payload of the messages that follow, in bytes.
    /// - Throws: `incompatible` with both versions, `refusedByPeer` with its reason, `protocolViolation`, and what reading
    ///   throws.
    static func read(
        from stream: any ByteStream, maximumPayload: Int
    ) async throws(NetworkError) -> Greeting {
        var decoder = FrameDecoder(maximumPayload: maximumPayload)
        while true {
            guard let bytes = try await stream.read(upTo: 65_536) else {
                throw NetworkError(
                    .connectionReset, during: .handshake, remote: stream.remote, reason: "closed before its hello")
            }
            decoder.append(bytes)
            guard let frame = try decoder.next() else { continue }
            return Greeting(stream: stream, hello: try hello(of: frame, from: stream.remote), decoder: decoder)
        }
    }

    /// The hello, which the first frame must be.
    private static func hello(of frame: Frame, from remote: Endpoint) throws(NetworkError) -> Frame.Hello {
        func error(_ code: NetworkError.Code, _ reason: String) -> NetworkError {
            NetworkError(code, during: .handshake, remote: remote, reason: reason)
        }
        switch frame {
        case .hello(let hello):
            guard hello.version == Frame.version else {
                throw error(
                    .incompatible, "the other side speaks version \(hello.version), this one \(Frame.version)")
            }
            if let objection = RemoteLimits.objection(to: hello) { throw error(.protocolViolation, objection) }
            return hello
        case .refusal(.wrongPurpose, let words), .refusal(.wrongName, let words):
            throw error(.incompatible, words)
        case .refusal(_, let words):
            throw error(.refusedByPeer, words)
        default:
            throw error(.protocolViolation, "no hello came first")
        }
    }
}
