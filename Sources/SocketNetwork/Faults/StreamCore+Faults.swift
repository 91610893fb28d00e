internal import NIOCore
internal import PeerNetworking

// What a lab's faults do to reads and writes. Asked only in a lab, and only where something is done to them.
extension StreamCore {
    /// The faults of its process where something is done to its calls; nil else.
    @inline(__always)
    var striking: (any SocketFaults)? {
        guard let faults = life.faults, faults.concernsCalls(on: connection) else { return nil }
        return faults
    }

    /// What a read takes of the bytes that are there.
    ///
    /// - Throws: how the connection fails, where it is closed under this call.
    func portion(ofRead bytes: Int, _ faults: any SocketFaults) throws(NetworkError) -> SocketPortion {
        try maybeClose(faults, .read)
        return faults.portion(ofRead: bytes, on: connection, side)
    }

    /// Writes in as many pieces as the faults make of it.
    func writeUnderFaults(_ bytes: ByteBuffer) async throws(NetworkError) {
        var rest = bytes
        repeat {
            let faults = striking
            if let faults, rest.readableBytes > 0 { try maybeClose(faults, .write) }
            try await writable()
            guard let context else { continue }
            let most = min(rest.readableBytes, options.sendBufferBytes)
            var isShort = false
            var count = most
            if let faults, case .most(let few) = faults.portion(ofWrite: most, on: connection, side) {
                (count, isShort) = (few, true)
            }
            guard let piece = rest.readSlice(length: count), count > 0 else { break }
            hand(piece, to: context)
            if isShort { try await waitATurn() }
        } while rest.readableBytes > 0
    }

    /// Closes the connection under a call, where that is decided.
    private func maybeClose(_ faults: any SocketFaults, _ operation: NetworkError.Operation) throws(NetworkError) {
        guard isActive, !isDeaf, failure == nil else { return }
        if let close = faults.close(under: connection, side) { closeUnderCall(close) }
        // What is decided may have ended the process too.
        try checkUse(operation)
        guard let failure, !failureIsTold else { return }
        failureIsTold = true
        throw error(failure, operation)
    }

    private func closeUnderCall(_ close: SocketClose) {
        switch (close.learns, close.isReset) {
        case (.this, true): loseSilently(.connectionReset)
        case (.this, false): loseSilently(nil)
        case (.both, true): breakOff()
        case (.both, false):
            // What has come can still be read; then the stream ends.
            endInput()
            try? shutdownWrite()
        case (.other, false): try? shutdownWrite()
        case (.other, true):
            if let other = life.run.stream(connection, side.other) {
                other.loseSilently(.connectionReset)
            } else {
                // It is not in this run: a reset can reach it only when this end closes.
                breakOff()
            }
        }
    }

    /// Ends the connection here, and the other side is not told: it gets a reset when it sends something.
    ///
    /// - Parameter code: how the application sees it fail; nil for the end of the stream.
    func loseSilently(_ code: NetworkError.Code?) {
        guard isEstablished, isActive, !isClosedHere, failure == nil, !isDeaf else { return }
        // What was written before has left the application.
        flushNow()
        if let code {
            fail(code)
        } else {
            endInput()
            outputHasEnded = true
            writer.wake()
        }
        isDeaf = true
        observer?.closed(connection, side)
        readOn()
    }

    /// Waits for a while, or until the reader is woken.
    func waitToRead(nanoseconds: Int64) async throws(NetworkError) {
        if Task.isCancelled { throw error(.cancelled, .read) }
        let timer = life.wake(reader, at: .now() + .nanoseconds(nanoseconds))
        await reader.park(on: executor)
        timer.cancel()
    }

    /// Lets the loop turn, so that what was written leaves by itself and others hear of it first.
    func waitATurn() async throws(NetworkError) {
        flushNow()
        if Task.isCancelled { throw error(.cancelled, .write) }
        // What is due at once would run before the selector is asked again.
        let timer = life.wake(writer, at: .now() + .microseconds(200))
        await writer.park(on: executor)
        timer.cancel()
        try checkWrite(.write)
    }
}

extension SocketSide {
    /// The other end.
    var other: SocketSide { self == .client ? .server : .client }
}
