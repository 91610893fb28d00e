import SimNetwork

extension LabFileReader {
    /// `expect:`: a list of what must hold.
    mutating func readExpectations(_ value: SourceValue) -> [Expectation] {
        guard let list = items(value, "expect") else { return [] }
        return list.compactMap { item in
            guard let text = text(item, "expect", "a list of sentences") else { return nil }
            return read(text, at: item) { [names] text throws(Sentence.Problem) in
                var parser = ExpectationParser(text, names: names)
                return try parser.parse()
            }
        }
    }

    /// Reads a sentence; what is wrong with it is reported at its place in the file.
    mutating func read<Meaning>(
        _ text: String, at value: SourceValue, _ read: (String) throws(Sentence.Problem) -> Meaning
    ) -> Meaning? {
        do throws(Sentence.Problem) {
            return try read(text)
        } catch {
            report(lines.place(of: error.offset, in: text, at: value), error.message)
            return nil
        }
    }

    /// Reads a sentence to its end, as ``read(_:at:_:)``.
    mutating func readSentence<Meaning>(
        _ text: String, at value: SourceValue, _ meaning: (inout Sentence) throws(Sentence.Problem) -> Meaning
    ) -> Meaning? {
        read(text, at: value) { text throws(Sentence.Problem) in
            var sentence = Sentence(text)
            let meaning = try meaning(&sentence)
            try sentence.finish()
            return meaning
        }
    }

    /// `story:`: a list of what the screen says, and when.
    mutating func readStory(_ value: SourceValue) -> [StoryLine] {
        guard let list = items(value, "story") else { return [] }
        return list.compactMap { item in
            guard let fields = fields(item, "a line of the story", keys: ["when", "say"]) else { return nil }
            let moment = require(fields, "when", of: "a line of the story").flatMap { readMoment($0) }
            let said = require(fields, "say", of: "a line of the story").flatMap { readSaying($0) }
            guard let moment, let said else { return nil }
            return StoryLine(when: moment, text: said)
        }
    }

    private mutating func readSaying(_ value: SourceValue) -> String? {
        guard var text = text(value, "say", "a text") else { return nil }
        while text.last?.isWhitespace ?? false { text.removeLast() }
        guard !text.isEmpty else {
            report(value.place, "'say' is empty")
            return nil
        }
        let isControl = { (scalar: Unicode.Scalar) in
            scalar.properties.generalCategory == .control && scalar != "\n"
        }
        guard !text.unicodeScalars.contains(where: isControl) else {
            report(value.place, "'say' must be a text without control characters")
            return nil
        }
        return text
    }

    private mutating func readMoment(_ value: SourceValue) -> StoryLine.Moment? {
        guard let text = text(value, "when", "start, end, a time or what happens") else { return nil }
        return readSentence(text, at: value) { [self] sentence throws(Sentence.Problem) in try moment(&sentence) }
    }

    /// `start`, `end`, a time, `HOST loses power`, `HOST gets power`, `LINK is cut`, `LINK is healed`, `PEER is STATE`,
    /// `PEER is blocked`, `PEER finishes`.
    private func moment(_ sentence: inout Sentence) throws(Sentence.Problem) -> StoryLine.Moment {
        guard sentence.count > 1 else { return try singleWord(&sentence) }
        var ahead = sentence
        let subject = try ahead.take("a name")
        switch try ahead.choose("verb", from: ["is", "loses", "gets", "finishes"]) {
        case "loses":
            try ahead.expect("power")
            let host = try storyHost(subject)
            sentence = ahead
            return .losesPower(host)
        case "gets":
            try ahead.expect("power")
            let host = try storyHost(subject)
            sentence = ahead
            return .getsPower(host)
        case "finishes":
            let peer = try names.takePeer(from: &sentence)
            sentence = ahead
            return .finishes(peer: peer)
        default:
            if ahead.next == "cut" || ahead.next == "healed" {
                let isCut = try ahead.take("").text == "cut"
                let link = try storyLink(subject)
                sentence = ahead
                return isCut ? .cut(link) : .healed(link)
            }
            if names.peersAreKnown, names.peers[subject.text] == nil, names.link(named: subject.text) != .unknown {
                throw Sentence.Problem(offset: ahead.offset, message: "a link is 'cut' or 'healed'")
            }
            let peer = try names.takePeer(from: &sentence)
            let state = try names.takeState(from: &ahead)
            sentence = ahead
            return state.map { .state(peer: peer, $0) } ?? .blocked(peer: peer)
        }
    }

    private func singleWord(_ sentence: inout Sentence) throws(Sentence.Problem) -> StoryLine.Moment {
        if sentence.takeIf("start") { return .start }
        if sentence.takeIf("end") { return .end }
        if let next = sentence.next, let first = next.utf8.first, (0x30...0x39).contains(first) || first == 0x2D {
            return .time(try names.takeTime(from: &sentence))
        }
        let hint = self.hint(for: sentence.next ?? "", among: ["start", "end"])
        let message = "expected start, end, a time or a sentence such as 'server loses power'\(hint)"
        throw Sentence.Problem(offset: sentence.offset, message: message)
    }

    func storyHost(_ word: (text: String, offset: Int)) throws(Sentence.Problem) -> HostID {
        if let host = names.hosts[word.text] { return host }
        if !names.hostsAreKnown { return HostID(0) }
        let hint = choice(for: word.text, among: names.hostNames)
        throw Sentence.Problem(offset: word.offset, message: "there is no host \(quoted(word.text))\(hint)")
    }

    func storyLink(_ word: (text: String, offset: Int)) throws(Sentence.Problem) -> LinkID {
        switch names.link(named: word.text) {
        case .link(let link): return link
        case .ambiguous:
            throw Sentence.Problem(offset: word.offset, message: "\(quoted(word.text)) can mean more than one link")
        case .unknown:
            if !names.linksAreKnown || !names.hostsAreKnown { return LinkID(0) }
            let known = topology.links.indices.lazy.map { topology.name(of: LinkID($0)) }
            let hint = self.hint(for: word.text, among: known)
            throw Sentence.Problem(offset: word.offset, message: "there is no link \(quoted(word.text))\(hint)")
        }
    }
}
