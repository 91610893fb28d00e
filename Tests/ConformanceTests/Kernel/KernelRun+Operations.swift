import Glibc
import PeerNetworking

/// The operations of a scenario as system calls.
extension KernelRun {
    /// Tries an operation; it has no outcome where it would block.
    func attempt(_ call: inout Call) throws {
        let party = call.party
        let stream = streams[party] ?? -1
        switch call.operation {
        case .listen(let port): call.outcome = try listen(party, port)
        case .closeListener:
            call.outcome = KernelSocket.close(listeners[party] ?? -1)
            listeners[party] = -1
        case .connect(let host, let port, let from): try connect(&call, host, port, from)
        case .accept(let owner): try accept(&call, listeners[owner] ?? -1)
        case .read(let most): call.outcome = read(party, stream, upTo: most)
        case .readExactly(let count): readMany(&call, stream, upTo: count) { $0 == count ? .bytes(count) : nil }
        case .readAll(let writer):
            let total = ledger.written(by: writer)
            readMany(&call, stream, upTo: total) { $0 == total ? .everything : nil }
        case .readToEnd(let writer): readMany(&call, stream, upTo: ledger.written(by: writer) + 1) { _ in nil }
        case .write(let count): write(&call, stream, count)
        case .fill: call.outcome = try fill(party, stream)
        case .shutdownWrite: call.outcome = KernelSocket.shutdownWrite(stream)
        case .close: call.outcome = leave(party, KernelSocket.close(stream))
        case .reset: call.outcome = leave(party, KernelSocket.reset(stream))
        case .set(let option): call.outcome = KernelSocket.set(stream, option)
        case .finish: break
        }
    }

    private func leave(_ party: Party, _ outcome: Outcome) -> Outcome {
        streams[party] = -1
        return outcome
    }

    private func listen(_ party: Party, _ port: UInt16) throws -> Outcome {
        let descriptor = try addresses.makeSocket(on: party.host)
        _ = KernelSocket.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        var outcome = KernelSocket.bind(descriptor, try addresses.address(of: party.host, port: port))
        if outcome == .ok, Glibc.listen(descriptor, scenario.backlog.argument) != 0 {
            outcome = .failed(KernelSocket.code())
        }
        if scenario.staysHalfOpen { try KernelSocket.hearOnlySYN(descriptor) }
        if outcome == .ok { listeners[party] = descriptor } else { _ = KernelSocket.close(descriptor) }
        return outcome
    }

    private func connect(_ call: inout Call, _ host: String, _ port: UInt16, _ from: UInt16) throws {
        let result: Called<Void>
        if call.descriptor >= 0 {
            result = KernelSocket.connected(call.descriptor)
        } else {
            call.descriptor = try addresses.makeSocket(on: call.party.host)
            let own =
                try from == 0
                ? addresses.address(of: call.party.host)
                : addresses.address(of: call.party.host, port: from)
            let bound = KernelSocket.bind(call.descriptor, own)
            if case .failed(let code) = bound {
                result = .failed(code)
            } else {
                result = KernelSocket.connect(call.descriptor, try addresses.address(of: host, port: port))
            }
        }
        switch result {
        case .wouldBlock: return
        case .done:
            ledger.begin(call.party)
            streams[call.party] = call.descriptor
            call.outcome = .ok
        case .failed(let code):
            _ = KernelSocket.close(call.descriptor)
            call.outcome = .failed(code)
        }
        call.descriptor = -1
    }

    private func accept(_ call: inout Call, _ listener: CInt) throws {
        switch try KernelSocket.accept(listener) {
        case .wouldBlock: break
        case .failed(let code): call.outcome = .failed(code)
        case .done(let descriptor):
            ledger.begin(call.party)
            streams[call.party] = descriptor
            call.outcome = .ok
        }
    }

    private func read(_ party: Party, _ stream: CInt, upTo most: Int) -> Outcome? {
        switch KernelSocket.read(stream, upTo: most) {
        case .wouldBlock: nil
        case .failed(let code): .failed(code)
        case .done(let bytes) where bytes.isEmpty: .endOfStream
        case .done(let bytes): ledger.took(bytes, party) ? .bytes(bytes.count) : .wrongBytes(bytes.count)
        }
    }

    /// Reads as long as there is something, and no more than `total` bytes.
    ///
    /// - Parameter enough: the outcome after so many bytes; nil for none yet.
    private func readMany(_ call: inout Call, _ stream: CInt, upTo total: Int, _ enough: (Int) -> Outcome?) {
        while call.outcome == nil {
            if let outcome = enough(call.count) {
                call.outcome = outcome
                return
            }
            guard let outcome = read(call.party, stream, upTo: min(Ledger.mostBytes, max(1, total - call.count))) else {
                return
            }
            if case .bytes(let count) = outcome {
                call.count += count
            } else if case .readToEnd(let writer) = call.operation {
                call.outcome = ledger.sum(call.count, of: ledger.written(by: writer), by: outcome)
            } else {
                call.outcome = .part(call.count, of: total, outcome.description)
            }
        }
    }

    private func write(_ call: inout Call, _ stream: CInt, _ count: Int) {
        repeat {
            switch KernelSocket.write(stream, ledger.bytes(count - call.count, for: call.party)) {
            case .wouldBlock: return
            case .failed(let code):
                call.outcome = .failed(code)
                return
            case .done(let taken):
                call.count += taken
                ledger.wrote(taken, call.party)
            }
        } while call.count < count
        call.outcome = .ok
    }

    /// Writes until twice nothing was taken, with all acknowledgements arrived in between.
    private func fill(_ party: Party, _ stream: CInt) throws -> Outcome {
        var refusals = 0
        while refusals < 2 {
            switch KernelSocket.write(stream, ledger.bytes(1_000, for: party)) {
            case .wouldBlock:
                refusals += 1
                try network.cross()
            case .failed(let code): return .failed(code)
            case .done(let taken):
                refusals = 0
                ledger.wrote(taken, party)
            }
        }
        return .full
    }
}
