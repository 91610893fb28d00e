import PeerNetworking
import SimNetwork

// `when:` of a fault.
extension LabFileReader {
    /// `PEER has sent|received N messages`, `PEER is STATE`, `HOST loses|gets power`, `LINK is cut|healed`, or
    /// `FAULT strikes`.
    mutating func readCondition(_ value: SourceValue) -> Condition? {
        guard let text = text(value, "when", "what is waited for, as in 'ping has sent 10 messages'") else {
            return nil
        }
        return readSentence(text, at: value) { [self] sentence throws(Sentence.Problem) in try condition(&sentence) }
    }

    private func condition(_ sentence: inout Sentence) throws(Sentence.Problem) -> Condition {
        let subject = try sentence.take("a name")
        switch try sentence.choose("verb", from: ["has", "is", "loses", "gets", "strikes"]) {
        case "has":
            let verb = try sentence.choose("verb", from: ["sent", "received"])
            let count = try sentence.number(1)
            _ = try sentence.choose("unit", from: ["messages", "message"])
            let process = try process(subject)
            return verb == "sent" ? .sent(process, count) : .received(process, count)
        case "loses":
            try sentence.expect("power")
            return .power(try storyHost(subject), false)
        case "gets":
            try sentence.expect("power")
            return .power(try storyHost(subject), true)
        case "strikes":
            guard let family = FaultFamily(rawValue: subject.text) else {
                let hint = hint(for: subject.text, among: FaultFamily.allCases.map(\.rawValue))
                throw Sentence.Problem(
                    offset: subject.offset, message: "there is no fault \(quoted(subject.text))\(hint)")
            }
            return .fault(family)
        default:
            if sentence.next == "cut" || sentence.next == "healed" {
                let isCut = try sentence.take("").text == "cut"
                return .cut(try storyLink(subject), isCut)
            }
            let process = try process(subject)
            let states = PeerState.allCases.map(\.description)
            let processes = ProcessState.allCases.filter { $0 != .defined }.map(\.description)
            let word = try sentence.choose("state", from: states + processes.filter { !states.contains($0) })
            if let state = PeerState.allCases.first(where: { $0.description == word }) { return .peer(process, state) }
            return .process(process, ProcessState.allCases.first { $0.description == word } ?? .running)
        }
    }

    private func process(_ word: (text: String, offset: Int)) throws(Sentence.Problem) -> ProcessID {
        if let process = names.peers[word.text] { return process }
        if !names.peersAreKnown { return ProcessID(0) }
        let hint = choice(for: word.text, among: names.peerNames)
        throw Sentence.Problem(offset: word.offset, message: "there is no peer \(quoted(word.text))\(hint)")
    }
}
