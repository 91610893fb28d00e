import NIOCore

extension Peer {
    /// Opens a connection for bytes alone, and shakes hands over it. The peer is of no other use then.
    func openStream() async throws(NetworkError) -> PeerStream {
        switch await openWithinTimeout() {
        case .success(let stream): return byteStream(over: stream)
        case .failure(let error): throw error
        }
    }

    /// A session whose other side wants bytes: the server's handler has it until it returns.
    func hand(over stream: any ByteStream) async -> NetworkError {
        let bytes = byteStream(over: stream)
        await streamHandler?(bytes)
        await bytes.close()
        return NetworkError(.closed, during: .close, remote: remote, reason: "the byte stream has ended")
    }

    private func byteStream(over stream: any ByteStream) -> PeerStream {
        let watch = StreamWatch(stream, config, providers.time)
        let watching = watch.map { watch in providers.tasks.start("\(name) timeouts") { await watch.run() } }
        return PeerStream(
            stream, ahead: decoder.takeRest(), remoteName: remoteName ?? "", registration: register(stream),
            watch: watch, watching: watching)
    }
}
