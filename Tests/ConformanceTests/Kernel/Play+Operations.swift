import NIOCore
import PeerNetworking
import Synchronization

/// The operations of a scenario as calls of the contract.
extension Play {
    func perform(_ operation: Operation, _ party: Party, _ providers: Providers) async throws -> Outcome {
        switch operation {
        case .listen(let port):
            let listener: any StreamListener = try await providers.network.listen(
                on: Endpoint(host: party.host, port: port))
            state.withLock { $0.listeners[party] = listener }
        case .closeListener: await state.withLock { $0.listeners[party] }?.close()
        case .connect(let host, let port, let from):
            let stream: any ByteStream = try await providers.network.connect(
                to: Endpoint(host: host, port: port), fromPort: from)
            open(stream, party)
        case .accept(let owner):
            guard let listener = state.withLock({ $0.listeners[owner] }) else { return .failed(.closed) }
            open(try await listener.accept(), party)
        default:
            guard let stream = state.withLock({ $0.streams[party] }) else { return .failed(.closed) }
            return try await perform(operation, party, on: stream, providers.time)
        }
        return .ok
    }

    private func open(_ stream: any ByteStream, _ party: Party) {
        ledger.begin(party)
        state.withLock { $0.streams[party] = stream }
    }

    private func perform(
        _ operation: Operation, _ party: Party, on stream: any ByteStream, _ time: any TimeProvider
    ) async throws -> Outcome {
        switch operation {
        case .read(let most): return try await read(stream, party, upTo: most)
        case .readExactly(let total):
            let (count, end) = await readMany(stream, party, upTo: total)
            return end.map { .part(count, of: total, $0.description) } ?? .bytes(count)
        case .readAll(let writer):
            let total = ledger.written(by: writer)
            let (count, end) = await readMany(stream, party, upTo: total)
            return ledger.sum(count, of: total, by: end)
        case .readToEnd(let writer):
            let (count, end) = await readMany(stream, party, upTo: .max)
            return ledger.sum(count, of: ledger.written(by: writer), by: end)
        case .write(let count):
            // In pieces, so that what was written before a failure is counted; of an empty write there is one.
            for rest in stride(from: count, through: 1, by: -Ledger.mostBytes) where count > 0 {
                try await write(min(rest, Ledger.mostBytes), party, on: stream)
            }
            if count == 0 { try await write(0, party, on: stream) }
        case .fill: return await fill(stream, party, time)
        case .shutdownWrite: try await stream.shutdownWrite()
        case .close: await stream.close()
        case .reset: await stream.reset()
        case .set(let option): try await stream.set(option)
        default: return .failed(.other)
        }
        return .ok
    }

    private func write(_ count: Int, _ party: Party, on stream: any ByteStream) async throws {
        try await stream.write(ByteBuffer(bytes: ledger.bytes(count, for: party)))
        ledger.wrote(count, party)
    }

    private func read(_ stream: any ByteStream, _ party: Party, upTo most: Int) async throws -> Outcome {
        guard let bytes = try await stream.read(upTo: most) else { return .endOfStream }
        let count = bytes.readableBytes
        return ledger.took(Array(bytes.readableBytesView)[...], party) ? .bytes(count) : .wrongBytes(count)
    }

    /// - Returns: how many bytes, and what ended it before there were enough.
    private func readMany(_ stream: any ByteStream, _ party: Party, upTo total: Int) async -> (Int, Outcome?) {
        var count = 0
        while count < total {
            do {
                let outcome = try await read(stream, party, upTo: min(Ledger.mostBytes, total - count))
                guard case .bytes(let more) = outcome else { return (count, outcome) }
                count += more
            } catch {
                return (count, .failed((error as? NetworkError)?.code ?? .other))
            }
        }
        return (count, nil)
    }

    private func fill(_ stream: any ByteStream, _ party: Party, _ time: any TimeProvider) async -> Outcome {
        var refusals = 0
        while refusals < 2 {
            if stream.offer(ByteBuffer(bytes: ledger.bytes(1_000, for: party))) {
                refusals = 0
                ledger.wrote(1_000, party)
            } else {
                refusals += 1
                try? await time.sleep(for: .milliseconds(1))
            }
        }
        return .full
    }
}
