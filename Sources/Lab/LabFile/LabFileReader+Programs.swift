import SimNetwork

extension LabFileReader {
    /// Words of a command, at most.
    private static let mostWords = 1_000

    /// `programs:`: a list of programs that run inside hosts. They are processes like peers, and come after them.
    mutating func readPrograms(_ value: SourceValue) {
        guard let list = items(value, "programs") else {
            names.peersAreKnown = false
            return
        }
        for program in list { readProgram(program) }
    }

    private mutating func readProgram(_ value: SourceValue) {
        guard let fields = fields(value, "a program", keys: ["name", "on", "run", "ready"]) else {
            names.peersAreKnown = false
            return
        }
        let command = require(fields, "run", of: "a program").flatMap { self.command($0) }
        let ready = fields["ready"].flatMap { self.ready($0) }
        guard let named = require(fields, "name", of: "a program"), let name = text(named, "name", "a name") else {
            names.peersAreKnown = false
            return
        }
        if let flaw = LabNames.flaw(of: name) {
            names.peersAreKnown = false
            return report(named.place, "the program's name \(quoted(name)) \(flaw)")
        }
        let host = require(fields, "on", of: "a program").flatMap { value in
            self.text(value, "on", "a host's name").flatMap { self.host($0, at: value.place) }
        }
        guard declarePeer(name, at: named.place) else { return }
        var peer = PeerDefinition(
            name: name, host: host ?? HostID(0), workload: WorkloadDefinition(AbsentProgram()))
        peer.program = ProgramDefinition(command: command ?? [], ready: ready)
        peers.append(peer)
        places.peers.append(value.place)
    }

    /// `run: [redis-server, --port, "6379"]`.
    private mutating func command(_ value: SourceValue) -> [String]? {
        guard let list = items(value, "run") else { return nil }
        guard !list.isEmpty, list.count <= Self.mostWords else {
            report(value.place, "'run' must be a command and its arguments, 1…\(Self.mostWords) words")
            return nil
        }
        var words: [String] = []
        for word in list {
            guard let text = text(word, "run", "a word of a command") else { return nil }
            if words.isEmpty, text.isEmpty {
                report(word.place, "the command has no name")
                return nil
            }
            if text.utf8.contains(0) {
                report(word.place, "a word of a command has no NUL")
                return nil
            }
            words.append(text)
        }
        return words
    }

    /// `ready: "port 6379"`.
    private mutating func ready(_ value: SourceValue) -> UInt16? {
        guard let text = text(value, "ready", "\"port\" and a port") else { return nil }
        let words = text.split(separator: " ")
        guard words.count == 2, words[0] == "port" else {
            report(value.place, "'ready' must be as in \"port 6379\", not \(quoted(text))")
            return nil
        }
        return port(String(words[1]), at: value.place)
    }
}
