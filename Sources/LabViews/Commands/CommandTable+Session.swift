import Lab
import Screen
import SimNetwork

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
            help:
                "Show the command line that opens this very screen, with what was done by hand and the breakpoints that are on; what does not fit a line is in a recording that is written for it."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            try app.reproduce()
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
        recordedTo = path
        say("recording to \(path)")
    }

    /// Characters of a command line that is still copied by hand.
    private static let longestLine = 160

    /// Says how to come back to what is shown.
    func reproduce() throws(SessionError) {
        let here = snapshot
        let isBetween = here.reached > here.world.time
        let place = isBetween ? TimeText.operand(here.reached) : ThingNames.event(here.event)
        let breakpoints = view.breakpoints.on.flatMap { ["--break", $0.text] }
        func line(_ words: [String]) -> String {
            (["peerlab"] + words + breakpoints + ["--at", place]).map(ShellWord.quoted).joined(separator: " ")
        }
        let deeds = here.placedActions.flatMap { ["--do", $0.text] }
        if let lab = nameOnCommandLine {
            let whole = line([lab, "--seed", "\(here.seed)"] + deeds)
            if whole.count <= Self.longestLine { return say(whole) }
        }
        guard here.traits.canBeRecorded else {
            throw SessionError("what was done by hand does not fit a line, and this run cannot be recorded")
        }
        let path = recordedTo ?? recordingName
        if recordedTo == nil {
            try writeRecording(path)
            recordedTo = path
        }
        let several = here.timelines.all.count > 1 ? ["--timeline", here.timeline] : []
        say(line(["replay", path, "--open"] + several))
    }
}
