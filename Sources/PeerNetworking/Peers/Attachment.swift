/// A connection that a peer has, in an object of its own: to use a stream's box copies it, to use this does not.
final class Attachment: Sendable {
    let stream: any ByteStream

    init(_ stream: any ByteStream) { self.stream = stream }
}
