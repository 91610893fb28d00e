import NIOCore
import PeerNetworking
import SimNetwork

/// Programs that send streams of a known content, and check what they receive of it.
enum StreamCheck {
    private static let content = ByteBuffer(
        bytes: (0..<70_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) })

    private static func content(at place: Int, length: Int) -> ByteBuffer? {
        content.getSlice(at: place, length: length)
    }

    /// Accepts for as long as the process lives, and checks every stream.
    static func receive(_ providers: Providers, host: String, _ transcript: Transcript) async {
        while true {
            if let listener = try? await providers.network.listen(on: Endpoint(host: host, port: 80)) {
                await accept(listener, providers, transcript)
            }
            // No descriptor for the listener or for a connection: again when there may be one.
            guard (try? await providers.time.sleep(for: .milliseconds(20))) != nil else { return }
        }
    }

    private static func accept(_ listener: any StreamListener, _ providers: Providers, _ transcript: Transcript) async {
        while true {
            do throws(NetworkError) {
                let stream: any ByteStream = try await listener.accept()
                providers.tasks.start("session") { await check(stream, transcript) }
            } catch {
                guard error.code == .tooManyOpenFiles else { return }
                guard (try? await providers.time.sleep(for: .milliseconds(20))) != nil else { return }
            }
        }
    }

    private static func check(_ stream: any ByteStream, _ transcript: Transcript) async {
        var place = 0
        while let part = try? await stream.read(upTo: 3_000) {
            if part != content(at: place, length: part.readableBytes) {
                transcript.say("wrong bytes at \(place)")
                break
            }
            place += part.readableBytes
            transcript.say("bytes \(part.readableBytes)")
        }
        await stream.close()
    }

    /// Connects, sends and closes, again and again.
    ///
    /// - Parameters:
    ///   - name: whose draws say how much it sends.
    ///   - pace: between two writes, so that connections live for a while; nil for as fast as they are taken.
    static func send(_ providers: Providers, to host: String, as name: String, pace: Duration? = nil) async {
        while true {
            if let stream = try? await providers.network.connect(to: Endpoint(host: host, port: 80)) {
                var place = 0
                let length = Int(providers.random.next(below: 60_000, "length", for: name))
                while place < length {
                    guard let chunk = content(at: place, length: 700), (try? await stream.write(chunk)) != nil else {
                        break
                    }
                    place += 700
                    if let pace { try? await providers.time.sleep(for: pace) }
                }
                await stream.close()
            }
            guard (try? await providers.time.sleep(for: .milliseconds(50))) != nil else { return }
        }
    }
}
