import PeerNetworking
import Testing
import TCP

@testable import SimNetwork

/// The segments on the wire, as a list with gaps, against a plain array.
@Suite struct GapListTests {
    private func segment(_ number: Int64) -> SegmentSummary {
        SegmentSummary(
            number: number, connection: ConnectionID(1), from: .client, flags: .ack, purpose: .plain, length: 1,
            sequence: number, acknowledgement: 0, window: 0, maximumSegmentSize: 0, ordinal: number, arrives: number,
            link: nil, direction: .forward, notice: nil, place: 0, cause: 0)
    }

    @Test("It has what an array has, whatever is taken away, and is the same whatever its gaps", arguments: 0..<20)
    func likeAnArray(_ seed: UInt64) {
        var dice = Dice(seed: seed)
        var (list, array) = (GapList<SegmentSummary>(), [SegmentSummary]())
        var number: Int64 = 0
        for _ in 0..<600 {
            if array.isEmpty || dice.below(20) < 11 {
                number += 1 + Int64(dice.below(3))
                list.append(segment(number))
                array.append(segment(number))
            } else if dice.below(10) == 0 {
                let place = dice.below(array.count)
                list.change(array[place].number) { $0.arrives = .max }
                array[place].arrives = .max
            } else {
                // From the front more often than from elsewhere, and at times what is not there.
                let place = dice.below(3) == 0 ? dice.below(array.count) : 0
                list.remove(array[place].number)
                list.remove(array[place].number)
                array.remove(at: place)
            }
            #expect(list.count == array.count && list.elementsEqual(array) && list.last == array.last)
            #expect(list == GapList(array) && list.hashValue == GapList(array).hashValue)
            #expect(list.reversed().elementsEqual(array.reversed()))
        }
    }
}
