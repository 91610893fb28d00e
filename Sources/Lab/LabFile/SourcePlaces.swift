import SimNetwork

/// Where a lab's file says what sets things off: what a chain of causes ends at. Empty for a lab that was built in code.
struct SourcePlaces: Hashable, Sendable {
    /// The file, as whoever read it names it.
    var file = ""
    /// The entry of each peer.
    var peers: [Place] = []
    /// The entry of each scheduled fault.
    var faults: [Place] = []
    /// What chaos is set to.
    var chaos: Place?

    /// Always: labs are the same that say the same, wherever their files say it.
    static func == (left: SourcePlaces, right: SourcePlaces) -> Bool { true }

    /// Takes nothing in.
    func hash(into hasher: inout Hasher) {}
}

/// A place in a lab's file, with what stands there.
package struct SourceQuote: Hashable, Sendable {
    /// `FILE:LINE:COL`, both from 1.
    package var place: String
    /// The text of the line from there on.
    package var text: String
}

extension LabDefinition {
    /// The entry of a peer.
    func quote(of process: ProcessID) -> SourceQuote? {
        places.peers.indices.contains(Int(process.index)) ? quote(places.peers[Int(process.index)]) : nil
    }

    /// The entry of a scheduled fault, by its place in ``faults``.
    func quote(ofFault index: Int) -> SourceQuote? {
        places.faults.indices.contains(index) ? quote(places.faults[index]) : nil
    }

    /// What chaos is set to.
    var quoteOfChaos: SourceQuote? { places.chaos.flatMap { quote($0) } }

    private func quote(_ place: Place) -> SourceQuote? {
        guard place != .nowhere else { return nil }
        let lines = source.split(separator: "\n", maxSplits: place.line, omittingEmptySubsequences: false)
        guard lines.indices.contains(place.line - 1) else { return nil }
        let text = String(lines[place.line - 1].unicodeScalars.dropFirst(place.column - 1))
        return SourceQuote(
            place: "\(places.file):\(place.line):\(place.column)", text: Printable.line(text, atMost: 80))
    }
}
