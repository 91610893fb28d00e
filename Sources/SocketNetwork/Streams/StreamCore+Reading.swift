internal import DequeModule
internal import NIOCore
internal import PeerNetworking

extension StreamCore {
    func read(upTo maximum: Int) async throws(NetworkError) -> ByteBuffer? {
        while true {
            try checkUse(.read)
            var most = maximum
            if let first = inbound.first, let faults = striking {
                switch try portion(ofRead: min(maximum, first.readableBytes), faults) {
                case .all: break
                case .most(let bytes): most = bytes
                case .nothing(let nanoseconds):
                    try await waitToRead(nanoseconds: nanoseconds)
                    continue
                }
            }
            if let chunk = take(upTo: most) {
                observer?.bytesRead(connection, side, count: chunk.readableBytes)
                return chunk
            }
            if inputHasEnded { return nil }
            if let failure {
                // As Linux: the pending error once, then the end of the stream.
                if failureIsTold { return nil }
                failureIsTold = true
                throw error(failure, .read)
            }
            if Task.isCancelled { throw error(.cancelled, .read) }
            await reader.park(on: executor)
        }
    }

    private func take(upTo maximum: Int) -> ByteBuffer? {
        guard let count = inbound.first?.readableBytes else { return nil }
        let chunk: ByteBuffer?
        if count <= maximum {
            chunk = inbound.removeFirst()
            inboundBytes -= count
        } else {
            chunk = inbound[0].readSlice(length: maximum)
            inboundBytes -= maximum
        }
        if isHeldBack, inboundBytes <= options.receiveBufferBytes / 2 { readOn() }
        return chunk
    }

    /// Reads on where the channel was held back.
    func readOn() {
        guard isHeldBack else { return }
        isHeldBack = false
        context?.read()
    }

    // MARK: What comes from the channel

    /// The channel asks whether it may read: not while too much is unread or the process is stopped, so that the kernel's window
    /// closes.
    func read(context: ChannelHandlerContext) {
        if isDeaf {
            context.read()
        } else if isClosedHere || inboundBytes >= options.receiveBufferBytes || executor.isHeld {
            isHeldBack = true
        } else {
            context.read()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        if isClosedHere || isDeaf {
            // Data for a socket that was closed: the kernel answers with a reset.
            abort()
            return
        }
        inboundBytes += bytes.readableBytes
        inbound.append(bytes)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Of a socket that has answered the kernel forgets that it is to acknowledge at once (tcp(7)).
        if options.acknowledgesAtOnce { try? KernelOption.set([.acknowledgesAtOnce], of: context.channel) }
        guard !inbound.isEmpty else { return }
        isTellingOfRead = true
        executor.turn { reader.wake() }
        isTellingOfRead = false
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { endInput() }
    }

    func endInput() {
        if isDeaf { abort() }
        if inputHasEnded { return }
        inputHasEnded = true
        if isEstablished, !isClosedHere { observer?.endOfStream(connection, side) }
        reader.wake()
    }
}
