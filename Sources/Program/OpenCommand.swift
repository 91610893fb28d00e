import ArgumentParser
import Foundation
import Lab

/// `peerlab LAB`: opens a lab on the screen; without one, a picker.
struct Open: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open a lab on the screen (the default).",
        discussion: """
            Without a lab it offers those there are. Without a terminal it lists them.

            Example: peerlab half-open --seed 7 --at 5s
            """)

    @Argument(help: "A lab: a file, the name of one in ./labs or $PEERLAB_PATH, or - for standard input.")
    var lab: String?
    @Option(parsing: .unconditional, help: "The seed, instead of the lab's own.", transform: Seed.read) var seed: Seed?
    @Option(help: "The network: sim, loopback, linux, or both the simulation and a real one side by side.") var on:
        Network = .sim
    @Option(
        parsing: .unconditional,
        help: "Where to begin: a time (2.5s), an event (#1200), or where something fails (failed).",
        transform: PlaceArgument.read)
    var at: PlaceArgument?
    @Option(
        name: .customLong("do"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Something that is done before the screen opens, at a time ('2.5s cut a-b') or behind an event ('#1200 kill ping'); may be given several times, in their order.",
            valueName: "place action"),
        transform: PlaceArgument.readAction)
    var deeds: [PlacedAction] = []
    @OptionGroup var screen: ScreenOptions

    func validate() throws {
        if !deeds.isEmpty, !on.first.traits.isStepped || on == .both {
            throw ValidationError("--do goes with the simulation alone: real sockets cannot be sent to a place.")
        }
    }

    func run() throws {
        if let lab {
            return try open(try LabLibrary.standard().load(lab, workloads: KnownWorkloads.all), name: lab)
        }
        guard ScreenRun.hasTerminal else {
            Output.result(try Labs.list(.text))
            return
        }
        var picker = try LabPicker()
        // Who leaves a lab is back where it was chosen.
        while let lab = try picker.pick(screen) { try open(lab, name: lab.name) }
    }

    private func open(_ definition: LabDefinition, name: String) throws {
        var files = FilesInUse()
        files.reads(try LabLibrary.standard().path(of: name), "the lab")
        guard ScreenRun.hasTerminal else {
            throw Failure(
                status: .unusable,
                message: "error: the screen needs a terminal; without one: peerlab run \(name)")
        }
        Whereabouts.set(
            definition, seed: seed?.value ?? definition.seed, on: on.first,
            command: ["peerlab", "open", name, "--seed", "\(seed?.value ?? definition.seed)"]
                + (on == .sim ? [] : ["--on", on.rawValue]), eventOption: " --at #")
        let opened = try on.first.session(of: definition, seed: seed, memory: screen.logMemory)
        var first: (any LabSession)? = opened
        defer { Leaving.leave(&first) }
        do {
            try opened.carryOut(deeds)
        } catch {
            throw Failure(status: .unusable, message: "error: --do \(error)")
        }
        var second = try on.second(for: definition)?.session(of: definition, seed: seed, memory: screen.logMemory)
        defer { Leaving.leave(&second) }
        try ScreenRun.open(
            opened, second: second, named: name == "-" ? nil : name, at: at, files: files, options: screen)
    }
}
