import NIOCore
import NIOPosix
import PeerNetworking

/// Bare NIO handlers: the least that a message over loopback costs with the same library.
enum NIOEcho {
    /// What a peer's message of 64 bytes takes on the wire, so that both move the same bytes.
    private static var message: ByteBuffer {
        Frame.message(
            number: 1, acknowledges: 0, delivery: .reliable, ByteBuffer(repeating: 7, count: Star.message)
        ).encoded()
    }

    /// Round trips a second, set-up included.
    static func rate(roundTrips: Int, inFlight: Int) throws -> Double {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let message = message
        let done = group.next().makePromise(of: Void.self)
        let time = try seconds {
            let server = try ServerBootstrap(group: group)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Echo()) }
                }
                .bind(host: "127.0.0.1", port: 0).wait()
            guard let address = server.localAddress else { throw NotMeasured("no address to listen on") }
            let client = try ClientBootstrap(group: group)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            Asker(message: message, roundTrips: roundTrips, inFlight: inFlight, done: done))
                    }
                }
                .connect(to: address).wait()
            try done.futureResult.wait()
            try client.close().wait()
            try server.close().wait()
        }
        try group.syncShutdownGracefully()
        return Double(roundTrips) / time
    }

    private final class Echo: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.write(data, promise: nil)
        }

        func channelReadComplete(context: ChannelHandlerContext) {
            context.flush()
        }
    }

    /// Keeps messages in flight until all answers have come.
    private final class Asker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let message: ByteBuffer
        private var unsent: Int
        private var unanswered: Int
        private let inFlight: Int
        private let done: EventLoopPromise<Void>
        /// Bytes of an answer whose rest has not come.
        private var partial = 0

        init(message: ByteBuffer, roundTrips: Int, inFlight: Int, done: EventLoopPromise<Void>) {
            self.message = message
            unsent = roundTrips
            unanswered = roundTrips
            self.inFlight = inFlight
            self.done = done
        }

        func channelActive(context: ChannelHandlerContext) {
            send(inFlight, context)
            context.flush()
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            partial += unwrapInboundIn(data).readableBytes
            let answers = partial / message.readableBytes
            partial -= answers * message.readableBytes
            unanswered -= answers
            send(answers, context)
            if unanswered == 0 { done.succeed(()) }
        }

        func channelReadComplete(context: ChannelHandlerContext) {
            context.flush()
        }

        func channelInactive(context: ChannelHandlerContext) {
            if unanswered > 0 { done.fail(NotMeasured("the connection was lost")) }
        }

        private func send(_ count: Int, _ context: ChannelHandlerContext) {
            for _ in 0..<min(count, unsent) { context.write(wrapOutboundOut(message), promise: nil) }
            unsent -= min(count, unsent)
        }
    }
}
