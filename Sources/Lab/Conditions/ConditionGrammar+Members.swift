import PeerNetworking
import SimNetwork
import Workloads

// Members of a pool or of a mesh: peers that a peer of the lab makes, and names after itself.
extension ConditionGrammar {
    /// The process whose peer has a name that the lab gives to none: `asks/2` of a pool, `node-a-node-b` of a mesh.
    func member(named name: String) -> ProcessID? {
        if let slash = name.lastIndex(of: "/"), let slot = Int(name[name.index(after: slash)...]), slot >= 2 {
            let process = names.peers[String(name[..<slash])]
            return process.flatMap { isOf(.connects, $0) ? $0 : nil }
        }
        // Every dash is tried, so that a megabyte of them has to be no name.
        guard name.utf8.count <= LabNames.longestPair else { return nil }
        for dash in name.indices where name[dash] == "-" {
            guard let node = names.peers[String(name[..<dash])],
                let other = names.peers[String(name[name.index(after: dash)...])], node != other, isNode(node),
                isNode(other)
            else { continue }
            return node
        }
        return nil
    }

    /// Of a peer that cannot be read nobody knows what it is.
    private func isOf(_ role: WorkloadRole, _ process: ProcessID) -> Bool {
        if names.unreadPeers.contains(process) { return true }
        return peers.indices.contains(Int(process.index)) && peers[Int(process.index)].workload.role == role
    }

    /// Whether a peer listens and connects, as nodes do.
    private func isNode(_ process: ProcessID) -> Bool {
        isOf(.listens, process) && (names.unreadPeers.contains(process) || peers[Int(process.index)].workload.connects)
    }

    /// The process that a name of a peer, or of a member, is about.
    func process(of subject: Sentence.Word) throws(Sentence.Problem) -> ProcessID {
        if names.peers[subject.text] == nil, let process = member(named: subject.text) { return process }
        return try peer(subject)
    }

    /// What is said of a peer, or of a member.
    ///
    /// - Parameters:
    ///   - offset: where that stands which it may never be; the subject, where nothing else is given.
    ///   - mayNeverBe: whether what it can never be is no mistake.
    func said(
        of subject: Sentence.Word, _ what: Condition.OfPeer, at offset: Int? = nil, mayNeverBe: Bool = false
    ) throws(Sentence.Problem) -> Condition {
        let process = try process(of: subject)
        let what = mayNeverBe ? what : try possible(what, of: process, at: offset ?? subject.offset)
        return names.peers[subject.text] == nil && member(named: subject.text) != nil
            ? .member(process, subject.text, what) : .peer(process, what)
    }
}
