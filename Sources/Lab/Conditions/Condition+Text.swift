import PeerNetworking
package import SimNetwork

extension Condition {
    /// The sentence that it is read from, in a lab.
    package func text(in lab: LabDefinition) -> String {
        switch self {
        case .peer(let process, let what): "\(lab.peers[Int(process.index)].name) \(what.text)"
        case .member(_, let name, let what): "\(name) \(what.text)"
        case .everyPeer: "every peer recovers"
        case .host(let host, let what): "\(lab.topology.hosts[Int(host.index)].name) \(what.text)"
        case .link(let link, .cut): "\(lab.topology.name(of: link)) is cut"
        case .link(let link, .healed): "\(lab.topology.name(of: link)) is healed"
        case .connection(let id, .halfOpen): "\(id?.description ?? "a connection") is half-open"
        case .message(let what): "a message is \(what.text)"
        case .fault(let family): "\(family?.rawValue ?? "a fault") strikes"
        case .connection(let id, .state(let state)): "\(id?.description ?? "a connection") is \(state)"
        case .retransmitted(let count): "at least \(count) segments are retransmitted"
        case .connects(let most, let span):
            "more than \(NumberText.count(Int(most), "connect")) in \(Scale.duration.text(span))"
        case .lateAnswer(let time): "an answer takes more than \(Scale.duration.text(time))"
        case .not(.peer(let process, let what)):
            "\(lab.peers[Int(process.index)].name) \(what.text.replacing("is ", with: "is not ", maxReplacements: 1))"
        case .not(.member(_, let name, let what)):
            "\(name) \(what.text.replacing("is ", with: "is not ", maxReplacements: 1))"
        case .not(let condition): "not: \(condition.text(in: lab))"
        }
    }
}

extension Condition.OfPeer {
    fileprivate var text: String {
        switch self {
        case .state(let state): "is \(state)"
        case .process(let state): "is \(state)"
        case .blocked: "is blocked"
        case .count(.reconnects, let count): "reconnects at least \(NumberText.count(Int(count), "time"))"
        case .count(let counter, let count): "has \(counter.rawValue) \(NumberText.count(Int(count), "message"))"
        case .queue(let depth): "queue reaches \(depth)"
        case .progress(let done): "counts \(done)"
        case .finished: "finishes"
        case .does(let job): "does job \(job)"
        case .sees(let code): "sees \(code.rawValue)"
        }
    }
}

extension Condition.OfHost {
    fileprivate var text: String {
        switch self {
        case .losesPower: "loses power"
        case .getsPower: "gets power"
        }
    }
}

extension Condition.OfMessage {
    fileprivate var text: String {
        switch self {
        case .delivered: "delivered"
        case .deliveredTwice: "delivered twice"
        case .dropped: "dropped"
        }
    }
}
