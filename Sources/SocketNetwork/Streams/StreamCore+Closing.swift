internal import Glibc
internal import NIOCore
internal import PeerNetworking

extension StreamCore {
    /// How long a socket that was closed may hold bytes that the other side does not take: `tcp_fin_timeout` of Linux.
    private static let longestLinger = TimeAmount.seconds(60)

    func shutdownWrite() throws(NetworkError) {
        try checkUse(.close)
        if let failure {
            // As Linux: once the error is told, there is no connection to shut down (ENOTCONN).
            if failureIsTold { throw error(.closed, .close) }
            failureIsTold = true
            throw error(failure == .brokenPipe ? .connectionReset : failure, .close)
        }
        if outputHasEnded { return }
        outputHasEnded = true
        flushNow()
        writer.wake()
        if unsentBytes > 0 {
            whenDrained = .endOutput
            _ = askForDrain()
        } else {
            sendFin()
        }
    }

    func sendFin() {
        guard isActive else { return }
        finIsSent = true
        context?.close(mode: .output, promise: nil)
    }

    /// Closes as the kernel closes for a process: with bytes unread the other side gets a reset, else the end of the
    /// stream once it has all that was written.
    ///
    /// The kernel counts only what is unread in its own buffer; bytes that wait in this process are unread too.
    func close() {
        // The kernel's socket waits for the other side to send something, and no longer than its process lives.
        if isDeaf {
            if life.isDead { abort() }
            isClosedHere = true
            forgetInbound()
            return wakeAll()
        }
        guard !isClosedHere else { return }
        isClosedHere = true
        flushNow()
        let unsent = unsentBytes
        if inboundBytes > 0 {
            abort()
        } else if unsent == 0 {
            closeNow()
        } else if hasUnreadBytesInKernel {
            abort()
        } else {
            linger()
        }
        forgetInbound()
        wakeAll()
    }

    /// Closes with a reset.
    func reset() {
        guard !isClosedHere else { return }
        isClosedHere = true
        abort()
        forgetInbound()
        wakeAll()
    }

    /// Leaves the socket open for what it has still to send.
    private func linger() {
        whenDrained = .close
        _ = askForDrain()
        guard isActive, let context else { return }
        lingering = context.eventLoop.assumeIsolated().scheduleTask(in: Self.longestLinger) { self.abort() }
    }

    private var hasUnreadBytesInKernel: Bool {
        guard let context, let descriptor = Descriptor.of(context.channel) else { return false }
        return Descriptor.count(UInt(FIONREAD), descriptor) > 0
    }

    func closeNow() {
        guard let context else { return }
        guard isTellingOfRead else { return context.close(promise: nil) }
        // A channel that has met the end of its input with what it read closes that half next, and must be open then.
        let core = Confined(self, to: executor)
        executor.loop.execute { core.value.context?.close(promise: nil) }
    }

    func abort() {
        guard let context else { return }
        if let descriptor = Descriptor.of(context.channel) { Descriptor.resetOnClose(descriptor) }
        closeNow()
    }

    private func forgetInbound() {
        inbound.removeAll()
        inboundBytes = 0
    }
}
