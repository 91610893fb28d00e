import PeerNetworking
import SimNetwork

// What conditions are about, by the lab's names.
extension ConditionGrammar {
    /// What a name may stand for.
    enum Subject {
        case peer, host, link, connection, fault
    }

    /// What a name stands for; nothing where no such name is known.
    func kinds(of name: String) -> Set<Subject> {
        var kinds: Set<Subject> = []
        if names.peers[name] != nil || member(named: name) != nil { kinds.insert(.peer) }
        if names.hosts[name] != nil { kinds.insert(.host) }
        if names.link(named: name) != .unknown { kinds.insert(.link) }
        if FaultFamily(rawValue: name) != nil { kinds.insert(.fault) }
        if kinds.isEmpty, ConnectionID(named: name) != nil { kinds.insert(.connection) }
        // A name that could not be read may be a peer's as well.
        if !kinds.isEmpty, !names.peersAreKnown { kinds.insert(.peer) }
        return kinds
    }

    /// The words with which a sentence may begin.
    var beginnings: [String] {
        let links = topology.links.indices.prefix(Self.mostLinks).map { topology.name(of: LinkID($0)) }
        return names.peerNames + names.hostNames + links + ["a", "every", "at", "more", "an"]
            + (place == .expected ? ["no"] : [Noun.fault.rawValue, Noun.message.rawValue])
            + FaultFamily.allCases.map(\.rawValue)
    }

    /// Links that are offered, at most.
    private static let mostLinks = 500

    /// Where the peers are not known any name passes.
    func peer(_ word: Sentence.Word) throws(Sentence.Problem) -> ProcessID {
        if let process = names.peers[word.text] { return process }
        if !names.peersAreKnown { return ProcessID(0) }
        let hint = Suggestion.offer(for: word.text, among: names.peerNames)
        throw Sentence.Problem(offset: word.offset, message: "there is no peer \(quoted(word.text))\(hint)")
    }

    func host(_ word: Sentence.Word) throws(Sentence.Problem) -> HostID {
        if let host = names.hosts[word.text] { return host }
        if !names.hostsAreKnown { return HostID(0) }
        let hint = Suggestion.offer(for: word.text, among: names.hostNames)
        throw Sentence.Problem(offset: word.offset, message: "there is no host \(quoted(word.text))\(hint)")
    }

    func link(_ word: Sentence.Word) throws(Sentence.Problem) -> LinkID {
        switch names.link(named: word.text) {
        case .link(let link): return link
        case .ambiguous:
            throw Sentence.Problem(offset: word.offset, message: "\(quoted(word.text)) can mean more than one link")
        case .unknown:
            if !names.linksAreKnown || !names.hostsAreKnown { return LinkID(0) }
            let known = topology.links.indices.lazy.map { topology.name(of: LinkID($0)) }
            let hint = Suggestion.offer(for: word.text, among: known)
            throw Sentence.Problem(offset: word.offset, message: "there is no link \(quoted(word.text))\(hint)")
        }
    }

    func fault(_ word: Sentence.Word) throws(Sentence.Problem) -> FaultFamily {
        if let family = FaultFamily(rawValue: word.text) { return family }
        let hint = Suggestion.offer(
            for: word.text, among: FaultFamily.allCases.map(\.rawValue), all: ActionForm.whereAllAre)
        throw Sentence.Problem(offset: word.offset, message: "there is no fault \(quoted(word.text))\(hint)")
    }

    /// A time within the run.
    func time(from sentence: inout Sentence) throws(Sentence.Problem) -> Int64 {
        let word = try sentence.take("a time")
        let time: Int64
        do throws(Scale.Problem) {
            time = try Scale.duration.read(word.text)
        } catch {
            throw Sentence.Problem(offset: word.offset, message: error.message)
        }
        if let duration = names.duration, time > duration {
            let end = Scale.duration.text(duration)
            throw Sentence.Problem(
                offset: word.offset, message: "\(quoted(word.text)) is after the end of the lab, which lasts \(end)")
        }
        return time
    }
}
