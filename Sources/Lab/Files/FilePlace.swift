import Foundation

/// Where a path leads, whatever the path: two paths of one file are at one place.
package enum FilePlace: Hashable, Sendable {
    /// A file or directory that is there: hard links and symbolic ones lead to the same.
    case there(device: UInt64, inode: UInt64)
    /// One that is not there yet, by its path with nothing symbolic left in it.
    case absent(String)
    /// A pipe, a terminal or a device, which takes what many write; and a stream of this process by its name, such as
    /// `/dev/stdout`.
    case stream

    /// The place of a path; where that cannot be found out, the path itself.
    package init(_ path: String) {
        if Self.ownDescriptor(path) != nil {
            self = .stream
            return
        }
        var status = stat()
        if stat(path, &status) == 0 {
            self = Self.place(of: status)
            return
        }
        self = .absent(Self.resolved(path))
    }

    /// The place of an open file.
    package init(descriptor: Int32) {
        var status = stat()
        self = fstat(descriptor, &status) == 0 ? Self.place(of: status) : .stream
    }

    private static func place(of status: stat) -> FilePlace {
        switch status.st_mode & S_IFMT {
        case S_IFREG, S_IFDIR: .there(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        default: .stream
        }
    }

    /// The descriptor that a path names: those of `/dev/fd`, `/proc/self/fd`, and of the three streams.
    static func ownDescriptor(_ path: String) -> Int32? {
        switch path {
        case "/dev/stdin": return 0
        case "/dev/stdout": return 1
        case "/dev/stderr": return 2
        default: break
        }
        for directory in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(directory) {
            return Int32(path.dropFirst(directory.count))
        }
        return nil
    }

    /// Links that are followed, at most: as many as Linux follows.
    private static let mostLinks = 40

    /// The path to which one leads that is not there: through links that lead nowhere yet, in a directory that is there.
    static func resolved(_ path: String) -> String {
        var path = path
        for _ in 0..<mostLinks {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(path, &buffer, buffer.count - 1)
            guard count > 0 else { break }
            let target = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
            path = target.hasPrefix("/") ? target : directory(of: path) + "/" + target
        }
        guard let parent = realpath(directory(of: path), nil) else { return path }
        defer { free(parent) }
        let whole = String(cString: parent)
        return (whole == "/" ? "" : whole) + "/" + name(of: path)
    }

    /// The directory of a path, `.` where it has none.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A path behind its directory.
    static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }
}
