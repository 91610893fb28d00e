import CTrap
import SimNetwork

/// Where the process's run is, or which file it reads, for what is said when a trap or a hang ends it.
package enum Whereabouts {
    /// Says what is run.
    ///
    /// - Parameters:
    ///   - lab: the lab.
    ///   - seed: the seed of the run.
    ///   - command: the words of the command that runs it again.
    ///   - eventOption: what is put behind them, before an event's number, so that it goes there; nil where nothing can be.
    package static func set(
        _ lab: LabDefinition, seed: UInt64, on provider: ProviderKind, command: [String], eventOption: String?
    ) {
        let network = provider == .sim ? "" : ", on \(provider.rawValue)"
        peerlab_set_run(
            "lab \(quoted(lab.name)), seed \(seed)\(network)",
            command.map(ShellWord.quoted).joined(separator: " "), provider == .sim ? eventOption : nil)
        peerlab_set_describer { buffer, capacity in
            guard let buffer, let subject = peerlab_subject_under_way() else { return 0 }
            return Whereabouts.describe(subject, UnsafeMutableRawBufferPointer(start: buffer, count: capacity))
        }
    }

    /// Says which file is read, as long as a body takes.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - kind: what it is, as in `lab file`.
    ///   - command: the command of `peerlab` that reads it again, and does no more than that needs.
    static func reading<Result, Problem>(
        _ path: String, _ kind: String, command: String, _ body: () throws(Problem) -> Result
    ) throws(Problem) -> Result {
        let words = ["peerlab", command, path].map(ShellWord.quoted).joined(separator: " ")
        peerlab_set_run("\(kind) \(quoted(path)), while it was read", words, nil)
        defer { peerlab_set_run(nil, nil, nil) }
        return try body()
    }

    /// Says how many of the actions that will be done by hand the command repeats.
    package static func repeats(actionsByHand count: Int) { peerlab_set_actions_repeated(Int64(clamping: count)) }

    static func count(actionsByHand count: Int) { peerlab_set_actions_by_hand(Int64(count)) }

    /// A run begins an event.
    @inline(__always)
    static func enter(_ event: Int, of simulation: Simulation, by action: String? = nil) {
        if let action { peerlab_set_action(Printable.line(action)) }
        peerlab_enter_event(Int64(event), Unmanaged.passUnretained(simulation).toOpaque())
    }

    /// A run has ended an event, or has found none.
    @inline(__always)
    static func leave(_ event: Int) {
        peerlab_leave_event(Int64(event))
    }

    /// A run has carried an action out, or could not.
    static func leaveAction(_ event: Int) {
        leave(event)
        peerlab_set_action(nil)
    }

    /// Writes which process and task of a simulation run: in the handler of a signal, in the middle of anything.
    private static func describe(_ subject: UnsafeRawPointer, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let simulation = Unmanaged<Simulation>.fromOpaque(subject).takeUnretainedValue()
        guard let running = simulation.running else { return 0 }
        var length = 0
        func put(_ text: some Sequence<UInt8>) {
            for byte in text where length < buffer.count {
                buffer[length] = byte
                length += 1
            }
        }
        put(running.process.utf8)
        if let task = running.task {
            put(", the task ".utf8)
            put(task.utf8)
        }
        return length
    }
}
