import Glibc
import NIOCore
import PeerNetworking
import Testing

@testable import SocketNetwork

@Suite struct StreamTests {
    @Test func halfCloseBothWays() async throws {
        try await Lab.with { lab in
            let (client, server) = try await lab.connect()
            try await client.write(ByteBuffer(string: "last"))
            try await client.shutdownWrite()
            await expect(.brokenPipe) { try await client.write(ByteBuffer(string: "x")) }
            let text1 = String(buffer: try await server.read(exactly: 10))
            #expect(text1 == "last")
            let value2 = try await server.read(upTo: 1)
            #expect(value2 == nil)
            // The other way is still open.
            try await server.write(ByteBuffer(string: "answer"))
            try await server.shutdownWrite()
            let text3 = String(buffer: try await client.read(exactly: 10))
            #expect(text3 == "answer")
            let value4 = try await client.read(upTo: 1)
            #expect(value4 == nil)
            let value5 = try await server.read(upTo: 1)
            #expect(value5 == nil)
        }
    }

    @Test func endOfInputThenManyBytesAndEndOfOutput() async throws {
        // The end of the output waits for what is unsent, also where the input has ended before.
        let options = SocketOptions(kernelReceiveBufferBytes: 4_096, kernelSendBufferBytes: 4_096)
        try await Lab.with(options: options) { lab in
            let (client, server) = try await lab.connect()
            try await client.shutdownWrite()
            let value6 = try await server.read(upTo: 1)
            #expect(value6 == nil)
            let sending = SocketTaskProvider(lab.server).start("send") {
                try? await server.write(ByteBuffer(repeating: 9, count: 500_000))
                try? await server.shutdownWrite()
                await server.close()
            }
            var count = 0
            while let chunk = try await client.read(upTo: 10_000) { count += chunk.readableBytes }
            #expect(count == 500_000)
            await sending.finished()
        }
    }

    @Test func resetIsSeenByTheReader() async throws {
        let hearing = Hearing()
        try await Lab.with(observer: hearing) { lab in
            let (client, server) = try await lab.connect()
            await client.reset()
            await expect(.connectionReset) { _ = try await server.read(upTo: 1) }
            await expect(.brokenPipe) { try await server.write(ByteBuffer(string: "x")) }
            #expect(hearing.events.contains(.broken(server.connection, .server, .connectionReset)))
        }
    }

    @Test func resetIsSeenByTheWriterFirst() async throws {
        try await Lab.with { lab in
            let (client, server) = try await lab.connect()
            await client.reset()
            await lab.until { server.kernelState() == nil }
            await expect(.connectionReset) { try await server.write(ByteBuffer(string: "x")) }
            await expect(.brokenPipe) { try await server.write(ByteBuffer(string: "x")) }
        }
    }

    /// A channel whose kernel gives up as something is written, and which closes as NIO's do then.
    private final class GivingUp: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            promise?.fail(IOError(errnoCode: ETIMEDOUT, reason: "write"))
            context.close(promise: nil)
        }
    }

    @Test func anErrorThatAWriteMeetsFirstIsTold() async throws {
        try await Lab.with { lab in
            let (client, _) = try await lab.connect()
            let channel = try #require(lab.client.life.value.openStreams.first?.context?.channel)
            try channel.pipeline.syncOperations.addHandler(GivingUp(), position: .first)
            try await client.write(ByteBuffer(string: "x"))
            await expect(.timedOut) { try await client.flush() }
            await expect(.brokenPipe) { try await client.write(ByteBuffer(string: "x")) }
        }
    }

    @Test func closeWithUnreadBytesResets() async throws {
        try await Lab.with { lab in
            let (client, server) = try await lab.connect()
            try await client.write(ByteBuffer(string: "unread"))
            await lab.until { (server.kernelState()?.unreadBytes ?? 0) == 6 }
            await server.close()
            await expect(.connectionReset) { _ = try await client.read(upTo: 1) }
            await expect(.closed) { _ = try await server.read(upTo: 1) }
            await expect(.closed) { try await server.write(ByteBuffer()) }
            await server.close()
        }
    }

    @Test func writtenBytesArriveAfterClose() async throws {
        let options = SocketOptions(kernelReceiveBufferBytes: 4_096, kernelSendBufferBytes: 4_096)
        try await Lab.with(options: options) { lab in
            let (client, server) = try await lab.connect()
            try await client.write(ByteBuffer(repeating: 1, count: 60_000))
            await client.close()
            #expect(lab.client.openSockets == 1)
            let value7 = try await server.read(exactly: 60_000).readableBytes
            #expect(value7 == 60_000)
            let value8 = try await server.read(upTo: 1)
            #expect(value8 == nil)
            await lab.client.drained()
        }
    }

    @Test func backPressure() async throws {
        let options = SocketOptions(kernelReceiveBufferBytes: 8_192, kernelSendBufferBytes: 8_192)
        try await Lab.with(options: options) { lab in
            let (client, server) = try await lab.connect()
            let total = 2_000_000
            let sent = SocketTaskProvider(lab.client).start("send") {
                var sum: UInt64 = 0
                var number: UInt64 = 0
                for _ in 0..<(total / 8_000) {
                    var bytes = ByteBuffer()
                    for _ in 0..<1_000 {
                        number &+= 0x9E37_79B9_7F4A_7C15
                        sum &+= number
                        bytes.writeInteger(number)
                    }
                    let outcome = await code { try await client.write(bytes) }
                    #expect(outcome == nil)
                }
                await client.close()
                var expected: UInt64 = 0
                for step in 1...UInt64(total / 8) { expected &+= step &* 0x9E37_79B9_7F4A_7C15 }
                #expect(sum == expected)
            }
            // Nobody reads: the writer parks, and what is held stays bounded on both sides.
            await lab.until { client.writerWaits }
            let held = server.kernelState()
            #expect((held?.unreadBytes ?? .max) <= options.receiveBufferBytes + 4 * 65_536)
            #expect((client.kernelState()?.unsentBytes ?? .max) <= 2 * options.sendBufferBytes)

            var received = ByteBuffer()
            var sum: UInt64 = 0
            while var chunk = try await server.read(upTo: 5_000) {
                received.writeBuffer(&chunk)
                while let number = received.readInteger(as: UInt64.self) { sum &+= number }
                received.discardReadBytes()
            }
            var expected: UInt64 = 0
            for step in 1...UInt64(total / 8) { expected &+= step &* 0x9E37_79B9_7F4A_7C15 }
            #expect(sum == expected)
            await sent.finished()
        }
    }

    @Test func flushWaitsForTheKernel() async throws {
        let options = SocketOptions(kernelReceiveBufferBytes: 4_096, kernelSendBufferBytes: 4_096)
        try await Lab.with(options: options) { lab in
            let (client, server) = try await lab.connect()
            let sending = SocketTaskProvider(lab.client).start("send") {
                let outcome = await code {
                    try await client.write(ByteBuffer(repeating: 3, count: 300_000))
                    try await client.flush()
                }
                #expect(outcome == nil)
                #expect(client.kernelState()?.unsentBytes == 0)
            }
            let value9 = try await server.read(exactly: 300_000).readableBytes
            #expect(value9 == 300_000)
            await sending.finished()
        }
    }

    @Test func offersAreTakenWholeOrNotAtAll() async throws {
        let options = SocketOptions(kernelReceiveBufferBytes: 4_096, kernelSendBufferBytes: 4_096)
        try await Lab.with(options: options) { lab in
            let (client, server) = try await lab.connect()
            #expect(!client.offer(ByteBuffer(repeating: 0, count: options.sendBufferBytes + 1)))
            var taken = 0
            while client.offer(ByteBuffer(repeating: 0, count: 10_000)) { taken += 10_000 }
            #expect(taken >= options.sendBufferBytes)
            try await client.shutdownWrite()
            #expect(!client.offer(ByteBuffer()))
            let received = try await server.read(exactly: taken + 1)
            #expect(received.readableBytes == taken)
        }
    }

    @Test func callsFromOtherThreads() async throws {
        try await Lab.with { lab in
            let (client, server) = try await lab.connect()
            await Task.detached {
                let outcome = await code {
                    #expect(!lab.executor.isOnLoop)
                    try await client.write(ByteBuffer(string: "from afar"))
                    let text10 = String(buffer: try await server.read(exactly: 9))
                    #expect(text10 == "from afar")
                    await client.close()
                    let value11 = try await server.read(upTo: 1)
                    #expect(value11 == nil)
                }
                #expect(outcome == nil)
            }.value
        }
    }
}
