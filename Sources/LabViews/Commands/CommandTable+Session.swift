import Lab
import Screen

extension CommandTable {
    static let session: [Command] = [
        Command(
            "command", keys: [.key(":")], bar: "command", group: .session,
            help: "Type a command; Tab completes it, Up recalls earlier ones."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            app.ask(.command)
        },
        Command(
            "write", keys: [.key("w")], "[FILE]", group: .session,
            help:
                "Write a recording of the run to a file, and go on writing as the run goes. A file that is there stays."
        ) { app, words throws(SessionError) in
            guard !words.isEmpty else { return app.ask(.write, hint: app.recordingName) }
            try app.write(words.joined(separator: " "), replacing: false)
        },
        Command(
            "write!", "FILE", group: .session,
            help: "Write a recording as `write` does, in place of the file that is there."
        ) { app, words throws(SessionError) in
            guard !words.isEmpty else { throw SessionError("a file is expected: write! FILE") }
            try app.write(words.joined(separator: " "), replacing: true)
        },
        Command(
            "reproduce", keys: [.key("y")], group: .session,
            help: "Show the command line that opens this very screen."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            app.reproduce()
        },
        Command(
            "quit", keys: [.key("q")], bar: .kept("quit"), group: .session,
            help:
                "Leave: back to the picker where the lab was picked there, else to the shell; in a script, end the run."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            app.wantsQuit = .asked
        },
    ]
}

extension LabApp {
    /// Writes a recording from now on.
    ///
    /// - Parameter replacing: whether it may take the place of a file with something in it.
    func write(_ path: String, replacing: Bool) throws(SessionError) {
        guard replacing || !RecordingName.holdsSomething(path) else {
            throw SessionError("\(quoted(path)) is there already; write! replaces it: write! \(quotable(path))")
        }
        try writeRecording(path)
        say("recording to \(path)")
    }

    /// Says how to come back to what is shown.
    func reproduce() {
        let here = snapshot
        // Quoted: to a shell a # begins a comment.
        let line = "peerlab \(here.lab.name) --seed \(here.seed) --at '\(ThingNames.event(here.event))'"
        if here.interventions.isEmpty {
            say(line)
        } else {
            // What was done by hand is in a recording alone.
            let count = NumberText.count(here.interventions.count, "intervention")
            say("\(line)   without the \(count), which w records")
        }
    }
}
