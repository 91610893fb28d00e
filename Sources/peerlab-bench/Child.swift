import Glibc

/// Child processes, started without a shell.
///
/// Not Foundation's `Process`: it waits in a run loop, and start-up is measured here to a fraction of a millisecond.
enum Child {
    /// Runs a program to its end and returns what it wrote to standard output.
    ///
    /// - Parameter arguments: the program, by path or looked up in `PATH`, and its arguments.
    /// - Throws: ``NotMeasured`` when it cannot be started or fails.
    static func output(of arguments: [String]) throws -> String {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw NotMeasured("no pipe: \(errno)") }
        let process: pid_t
        do {
            defer { close(ends[1]) }
            process = try spawn(arguments, output: ends[1], closing: ends[0])
        } catch {
            close(ends[0])
            throw error
        }
        let bytes = readAll(ends[0])
        close(ends[0])
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw NotMeasured("\(arguments[0]) failed (status \(status))") }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The path of peerlab, the program beside this one.
    ///
    /// - Throws: ``NotMeasured`` where there is none.
    static func peerlab() throws -> String {
        let folder = executable.split(separator: "/").dropLast().map { "/\($0)" }.joined()
        let program = "\(folder)/peerlab"
        guard access(program, X_OK) == 0 else { throw NotMeasured("there is no peerlab beside peerlab-bench") }
        return program
    }

    /// The path of this program.
    static var executable: String {
        guard let path = realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
        defer { free(path) }
        return String(cString: path)
    }

    private static func spawn(_ arguments: [String], output: Int32, closing: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addclose(&actions, closing)
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let error = posix_spawnp(&process, arguments[0], &actions, nil, words, environ)
        guard error == 0 else { throw NotMeasured("\(arguments[0]): \(String(cString: strerror(error)))") }
        return process
    }

    private static func readAll(_ descriptor: Int32) -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress!, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return all }
            all.append(contentsOf: buffer.prefix(count))
        }
    }
}
