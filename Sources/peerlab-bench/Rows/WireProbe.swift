import ArgumentParser
import Foundation
import Glibc
import NIOCore

/// One of two programs that send bytes there and back, with blocking calls on bare sockets: the client's says how long they took.
struct WireProbe: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wire-probe", shouldDisplay: false, subcommands: [Serve.self, Ask.self])

    static let port: UInt16 = 7_000
    /// Bytes of a message.
    private static let size = 64

    /// Sends back what comes, until it is ended.
    struct Serve: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "serve")

        func run() throws {
            let listener = try WireProbe.socket()
            var one: CInt = 1
            setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<CInt>.size))
            let place = try SocketAddress(ipAddress: "0.0.0.0", port: Int(WireProbe.port))
            guard place.withSockAddr({ bind(listener, $0, socklen_t($1)) }) == 0, listen(listener, 1_024) == 0 else {
                throw NotMeasured("no listener: \(errno)")
            }
            var places = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
            var bytes = [UInt8](repeating: 0, count: 65_536)
            while poll(&places, nfds_t(places.count), -1) > 0 {
                for index in places.indices.reversed() where places[index].revents != 0 {
                    if index == 0 {
                        let stream = accept(listener, nil, nil)
                        if stream >= 0 {
                            WireProbe.sendAtOnce(stream)
                            places.append(pollfd(fd: stream, events: Int16(POLLIN), revents: 0))
                        }
                        continue
                    }
                    let count = recv(places[index].fd, &bytes, bytes.count, 0)
                    if count > 0, send(places[index].fd, bytes, count, CInt(MSG_NOSIGNAL)) == count { continue }
                    close(places[index].fd)
                    places.remove(at: index)
                }
            }
        }
    }

    /// Sends a message on each of some connections, and the next once that has come back; says the median of the round trips in
    /// nanoseconds, and how many messages a second went there and back.
    struct Ask: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "ask")

        @Argument(help: "The server.") var host: String
        @Option(help: "How many at once.") var connections: Int
        @Option(help: "How many in all.") var roundTrips: Int

        func run() throws {
            var places = try (0..<connections).map { _ in
                pollfd(fd: try connected(), events: Int16(POLLIN), revents: 0)
            }
            let message = [UInt8](repeating: 7, count: WireProbe.size)
            var bytes = message
            var (sent, missing) = (places.map { _ in UInt64(0) }, places.map { _ in WireProbe.size })
            var times: [UInt64] = []
            let begin = DispatchTime.now().uptimeNanoseconds
            func ask(_ index: Int) throws {
                sent[index] = DispatchTime.now().uptimeNanoseconds
                missing[index] = message.count
                guard send(places[index].fd, message, message.count, CInt(MSG_NOSIGNAL)) == message.count else {
                    throw NotMeasured("a connection is lost: \(errno)")
                }
            }
            for index in places.indices { try ask(index) }
            while times.count < roundTrips {
                guard poll(&places, nfds_t(places.count), 60_000) > 0 else { throw NotMeasured("nothing comes back") }
                for index in places.indices where places[index].revents != 0 {
                    let count = recv(places[index].fd, &bytes, missing[index], 0)
                    guard count > 0 else { throw NotMeasured("a connection has ended") }
                    missing[index] -= count
                    guard missing[index] == 0 else { continue }
                    times.append(DispatchTime.now().uptimeNanoseconds - sent[index])
                    try ask(index)
                }
            }
            let seconds = Double(DispatchTime.now().uptimeNanoseconds - begin) / 1_000_000_000
            print(times.sorted()[times.count / 2], 2 * Double(times.count) / seconds)
        }

        private func connected() throws -> CInt {
            var hints = addrinfo()
            hints.ai_family = AF_INET
            var found: UnsafeMutablePointer<addrinfo>?
            guard getaddrinfo(host, "\(WireProbe.port)", &hints, &found) == 0, let found else {
                throw NotMeasured("no host '\(host)'")
            }
            defer { freeaddrinfo(found) }
            // A server that is being started is asked again.
            for _ in 0..<1_000 {
                let stream = try WireProbe.socket()
                if connect(stream, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 {
                    WireProbe.sendAtOnce(stream)
                    return stream
                }
                close(stream)
                usleep(10_000)
            }
            throw NotMeasured("nobody listens on '\(host)'")
        }
    }

    private static func socket() throws -> CInt {
        let descriptor = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw NotMeasured("no socket: \(errno)") }
        return descriptor
    }

    private static func sendAtOnce(_ descriptor: CInt) {
        var one: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
    }
}
