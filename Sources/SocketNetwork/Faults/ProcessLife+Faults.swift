internal import NIOCore
internal import PeerNetworking

// What stands before a connection: its name, the room for its socket, and a lab's faults.
extension ProcessLife {
    /// Looks a name up, as far as faults have a say in that.
    func failLookUp(_ name: String) async throws(NetworkError) {
        guard let failed = faults?.lookUp(name) else { return }
        let slot = WaitSlot()
        let number = addSleep(slot)
        defer { removeSleep(number) }
        let due = NIODeadline.now() + .nanoseconds(failed.nanoseconds)
        let timer = wake(slot, at: due)
        defer { timer.cancel() }
        while due > .now() {
            if isDead || Task.isCancelled { throw NetworkError(.cancelled, during: .resolve) }
            await slot.park(on: executor)
        }
        if let error = failed.error { throw error }
    }

    /// Looks at what keeps a connection from being asked for.
    ///
    /// - Throws: how the name fails, or `tooManyOpenFiles`.
    func admit(_ remote: Endpoint) async throws(NetworkError) {
        if let faults {
            do throws(NetworkError) {
                try await failLookUp(remote.host)
            } catch {
                if error.code != .cancelled { faults.unasked(remote, error) }
                throw NetworkError(error.code, during: .connect, remote: remote, reason: error.reason)
            }
            if isDead { throw NetworkError(.cancelled, during: .connect, remote: remote) }
        }
        if let lack = lack(for: .connect(remote)) { throw NetworkError(lack, during: .connect, remote: remote) }
    }

    /// What keeps the process from having one socket more; nil where nothing does.
    func lack(for call: SocketCall) -> NetworkError.Code? {
        let open = openSockets
        if open >= options.mostSockets { return .tooManyOpenFiles }
        return faults?.lack(for: call, open: open)
    }

    /// Has the kernel refuse a connection: it is asked for at a port of the same host that nobody listens on.
    func beRefused(_ connection: ConnectionID, to remote: Endpoint) async throws(NetworkError) -> NetworkError {
        guard let directory = run.directory else {
            return NetworkError(.connectionRefused, during: .connect, remote: remote)
        }
        let port = try directory.realPort(of: remote.host, port: 0, during: .connect)
        defer { directory.release(remote.host, port: port) }
        let address = try Self.address(directory.address(of: remote.host) ?? "", port, .connect)
        do throws(NetworkError) {
            let core = try await open(address, for: connection, to: remote, fromPort: 0)
            core.reset()
        } catch {
            return error
        }
        return NetworkError(.connectionRefused, during: .connect, remote: remote)
    }

    /// Something that is done to calls has changed: those who wait look again.
    func lookAgain() {
        for stream in openStreams { stream.reader.wake() }
        for listener in openListeners { listener.lookAgain() }
    }
}
