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
            help: "Write a recording of the run to a file, and go on writing as the run goes."
        ) { app, words throws(SessionError) in
            guard !words.isEmpty else { return app.ask(.write, hint: app.recordingName) }
            let path = words.joined(separator: " ")
            try app.writeRecording(path)
            app.say("recording to \(path)")
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
