internal import NIOCore
internal import PeerNetworking

/// What is to be done once all that was written has gone to the kernel.
enum AfterDrain {
    case nothing
    /// End the output.
    case endOutput
    /// Close the socket, which its owner has left.
    case close
}

extension StreamCore: EndOfTick {
    func write(_ bytes: ByteBuffer) async throws(NetworkError) {
        if striking != nil { return try await writeUnderFaults(bytes) }
        var rest = bytes
        try checkWrite(.write)
        while rest.readableBytes > 0 {
            try await writable()
            guard let context else { continue }
            let count = min(rest.readableBytes, options.sendBufferBytes)
            guard let piece = rest.readSlice(length: count) else { break }
            hand(piece, to: context)
        }
    }

    /// Takes all of the bytes if they have room now.
    func offer(_ bytes: ByteBuffer) -> Bool {
        guard isActive, !life.isDead, !isClosedHere, !outputHasEnded, failure == nil,
            bytes.readableBytes <= options.sendBufferBytes, let context, context.channel.isWritable,
            // What faults do to a write may take it apart or wait: that is for a call that can.
            striking == nil
        else { return false }
        if bytes.readableBytes > 0 { hand(bytes, to: context) }
        return true
    }

    @inline(__always)
    func hand(_ bytes: ByteBuffer, to context: ChannelHandlerContext) {
        observer?.bytesWritten(connection, side, count: bytes.readableBytes)
        guard !flushIsDue else { return context.write(wrapOutboundOut(bytes), promise: nil) }
        context.write(wrapOutboundOut(bytes), promise: watched(context))
        flushIsDue = true
        executor.atEndOfTick(self)
    }

    /// Of a write that meets the connection's error before a read does the write alone is told: the channel closes without a word.
    private func watched(_ context: ChannelHandlerContext) -> EventLoopPromise<Void> {
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenFailure { [self] error in
            guard isEstablished, !isClosedHere, failure == nil, error is IOError else { return }
            let code = NetworkError.Code(ofStream: error)
            // Those that a reset brings are told by what else was seen of it.
            if code != .connectionReset, code != .brokenPipe { fail(code) }
        }
        return promise
    }

    func flush() async throws(NetworkError) {
        try checkWrite(.write)
        flushNow()
        guard unsentBytes > 0 else { return try checkWrite(.write) }
        let mine = askForDrain()
        while drainsDone < mine {
            try checkWrite(.write)
            if Task.isCancelled { throw error(.cancelled, .write) }
            await flusher.park(on: executor)
        }
    }

    /// Waits until there is room for bytes.
    @inline(__always)
    func writable() async throws(NetworkError) {
        while let context, !context.channel.isWritable {
            flushNow()
            try checkWrite(.write)
            if self.context?.channel.isWritable ?? true { break }
            if Task.isCancelled { throw error(.cancelled, .write) }
            await writer.park(on: executor)
            try checkWrite(.write)
        }
        try checkWrite(.write)
    }

    @inline(__always)
    func checkWrite(_ operation: NetworkError.Operation) throws(NetworkError) {
        try checkUse(operation)
        if isActive, failure == nil, !outputHasEnded { return }
        // As Linux: the pending error once, then EPIPE.
        if let failure, !failureIsTold {
            failureIsTold = true
            throw error(failure, operation)
        }
        throw error(.brokenPipe, operation)
    }

    // MARK: Flushing

    func endOfTick() {
        flushNow()
    }

    func flushNow() {
        if !flushIsDue { return }
        flushIsDue = false
        context?.flush()
    }

    /// Bytes that were written and that the kernel has not taken.
    var unsentBytes: Int {
        guard isActive, let options = context?.channel.syncOptions else { return 0 }
        return (try? options.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// Has the end of what is unsent noticed; returns the number that `drainsDone` will reach.
    func askForDrain() -> Int {
        drainsAsked += 1
        let number = drainsAsked
        guard let context else { return number }
        let promise = context.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] result in
            guard case .success = result else { return }
            drainsDone = max(drainsDone, number)
            flusher.wake()
            hasDrained()
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: promise)
        return number
    }

    private func hasDrained() {
        guard drainsDone == drainsAsked else { return }
        let next = whenDrained
        whenDrained = .nothing
        switch next {
        case .nothing: break
        case .endOutput: sendFin()
        case .close: closeNow()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { writer.wake() }
    }
}
