/// How many bytes of objects are asked for: all that an event looks at. To ask for more or less would only cost time.
enum ForeseenBytes {
    static let connection = 136
    static let socket = 872
    static let host = 320
    static let life = 64
    static let waitSlot = 64
    static let task = 384
    static let taskRecord = 112
    static let jobs = 112
}
