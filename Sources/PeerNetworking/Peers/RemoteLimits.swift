/// What the other side takes, by its hello.
struct RemoteLimits {
    /// The largest payload of a message, in bytes.
    var maximumPayload = Int.max
    /// How many reliable messages it may have on the way here: what its send queue holds, and no more than are taken here.
    var onTheWay = 0

    /// The largest send queue or inbox that a configuration allows.
    static let mostMessages: UInt32 = 1_000_000
    /// The largest payload that a configuration allows.
    static let mostPayload: UInt32 = 16_777_216

    /// Why a hello's limits cannot be; nil where they can.
    static func objection(to hello: Frame.Hello) -> String? {
        if hello.window > mostMessages {
            return "a window of \(hello.window) messages; at most \(mostMessages) are allowed"
        }
        if !(1...mostMessages).contains(hello.inbox) {
            return "an inbox of \(hello.inbox) messages; 1 to \(mostMessages) are allowed"
        }
        if !(1...mostPayload).contains(hello.maximumPayload) {
            return "payloads of \(hello.maximumPayload) bytes; 1 to \(mostPayload) are allowed"
        }
        return nil
    }
}
