import Foundation

/// A process started with files for its streams.
///
/// `Foundation.Process` takes a process for alive as long as any other one holds a descriptor that it inherited, as the
/// server of tmux does; this one asks the system about the process itself.
struct Child {
    /// How a process ended.
    struct End {
        /// The exit code, or the signal's number where ``wasSignalled``.
        var status: Int32
        var wasSignalled: Bool
    }

    /// The process could not be started.
    struct NotStarted: Error { var errorNumber: Int32 }

    let pid: pid_t

    /// Starts a process.
    ///
    /// - Parameters:
    ///   - words: the program, looked up in PATH, and its arguments.
    ///   - output: a file, or the descriptor given as `closedPipe`.
    ///   - closedPipe: a pipe that nobody reads, in place of the output's file.
    init(
        _ words: [String], environment: [String: String], in directory: URL, input: String = "/dev/null",
        output: String = "/dev/null", errors: String = "/dev/null", closedPipe: Int32? = nil
    ) throws(NotStarted) {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        if let closedPipe {
            posix_spawn_file_actions_adddup2(&actions, closedPipe, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        // Who runs the tests in the background has SIGINT ignored; the program is to be run as from a shell.
        var (heeded, blocked) = (sigset_t(), sigset_t())
        sigemptyset(&heeded)
        sigemptyset(&blocked)
        for signal in [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGPIPE, SIGTSTP] { sigaddset(&heeded, signal) }
        posix_spawnattr_setsigdefault(&attributes, &heeded)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var arguments = (["env", "-C", directory.path] + words).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var pid = pid_t()
        let errorNumber = posix_spawnp(&pid, "env", &actions, &attributes, &arguments, &variables)
        guard errorNumber == 0 else { throw NotStarted(errorNumber: errorNumber) }
        self.pid = pid
    }

    /// Waits until it has ended; to be called once.
    func wait() -> End {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return End(status: signal == 0 ? (status >> 8) & 0xFF : signal, wasSignalled: signal != 0)
    }

    /// Sends it a signal.
    func send(_ signal: Int32) { kill(pid, signal) }
}
