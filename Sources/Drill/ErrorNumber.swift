/// The numbers of errors and their names, as Linux has them.
package enum ErrorNumber {
    private static let all: [(name: String, number: Int32)] = [
        ("EINTR", 4), ("EBADF", 9), ("EAGAIN", 11), ("EFAULT", 14), ("EINVAL", 22), ("EPIPE", 32), ("EMSGSIZE", 90),
        ("EADDRINUSE", 98), ("ENETUNREACH", 101), ("ECONNABORTED", 103), ("ECONNRESET", 104), ("EISCONN", 106),
        ("ENOTCONN", 107), ("ETIMEDOUT", 110), ("ECONNREFUSED", 111), ("EHOSTUNREACH", 113), ("EALREADY", 114),
        ("EINPROGRESS", 115),
    ]

    /// The number of a name; 0 for one that is not known.
    static func number(of name: String?) -> Int32 { all.first { $0.name == name }?.number ?? 0 }

    /// The name of a number.
    package static func name(of number: Int32) -> String {
        all.first { $0.number == number }?.name ?? "E\(number)"
    }
}
