import PeerNetworking
import TCP

/// What a segment on a link is, whenever it crosses it: what its draws are keyed by.
struct SegmentIdentity {
    let draw: SegmentDraw
    /// Which of its kind.
    let number: UInt64
    /// The stable hash of all that but the number.
    let key: UInt64
}

extension InFlight {
    /// What it is on a hop.
    @inline(__always)
    func identity(
        over link: Link, _ direction: LinkDirection, on connection: Connection
    ) -> SegmentIdentity {
        let isData = segment.length > 0
        return SegmentIdentity(
            draw: SegmentDraw(
                link: link.id, direction: direction, connection: connection.id, side: from, isData: isData,
                transmission: transmission),
            number: identity,
            key: Draw.segmentKey(
                lane: link[direction].subject, connection: connection.key, from, isData: isData,
                transmission: transmission))
    }
}

extension Connection {
    /// Counts a segment that a side sends: of those without payload which it is, and how often its bytes have been sent
    /// with it.
    func count(_ segment: TCPSegment, from side: Side) -> (control: UInt32, transmission: UInt32) {
        guard segment.length > 0 else {
            controlsSent[side] += 1
            return (controlsSent[side], 1)
        }
        return (0, segment.purpose.isRepetition ? countRepetition(of: segment.offset, from: side) : 1)
    }

    /// How often bytes have been sent that go again.
    private func countRepetition(of sequence: Int64, from side: Side) -> UInt32 {
        let acknowledged = socket(side)?.tcp.sender.unacknowledged ?? outside?[side].acknowledged ?? 0
        return changeRepetitions { repetitions in
            repetitions.removeAll { $0.side == side && $0.sequence < acknowledged }
            if let index = repetitions.firstIndex(where: { $0.side == side && $0.sequence == sequence }) {
                repetitions[index].transmissions += 1
                return repetitions[index].transmissions
            }
            repetitions.append(Repetition(side: side, sequence: sequence, transmissions: 2))
            return 2
        }
    }
}
