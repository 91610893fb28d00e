import PeerNetworking

/// A segment that is on its way.
struct InFlight {
    let segment: TCPSegment
    /// The world keeps the connection while one of its segments is in flight.
    let reference: Unmanaged<Connection>
    let from: Side
    /// The segment's number in the run.
    let number: Int64
    /// Its place among the segments of its side of the connection.
    let ordinal: Int64
    /// The event that sent it.
    let cause: Int
    var arrives: Int64

    var connection: Connection { reference.takeUnretainedValue() }

    var summary: SegmentSummary {
        SegmentSummary(
            number: number, connection: connection.id, from: from, flags: segment.flags,
            length: Int32(segment.length), sequence: segment.sequence, ordinal: ordinal, arrives: arrives)
    }
}

/// The segments on all links, in slots that are used again.
struct Wire {
    private struct Slot {
        var generation: UInt32 = 0
        var content: InFlight?
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []

    @inline(__always)
    mutating func insert(_ content: consuming InFlight) -> (index: UInt32, generation: UInt32) {
        if let index = free.popLast() {
            slots[Int(index)].content = content
            return (index, slots[Int(index)].generation)
        }
        slots.append(Slot(content: content))
        return (UInt32(slots.count - 1), 0)
    }

    @inline(__always)
    mutating func take(_ index: UInt32, generation: UInt32) -> InFlight? {
        guard slots[Int(index)].generation == generation, let content = slots[Int(index)].content.take() else {
            return nil
        }
        slots[Int(index)].generation &+= 1
        free.append(index)
        return content
    }

    func peek(_ index: UInt32, generation: UInt32) -> InFlight? {
        slots[Int(index)].generation == generation ? slots[Int(index)].content : nil
    }

    /// Takes out all segments that satisfy a condition, in the order in which they were sent.
    mutating func takeAll(where condition: (InFlight) -> Bool) -> [InFlight] {
        var taken: [InFlight] = []
        for index in slots.indices {
            if let content = slots[index].content, condition(content) {
                taken.append(content)
                slots[index].content = nil
                slots[index].generation &+= 1
                free.append(UInt32(index))
            }
        }
        return taken.sorted { $0.number < $1.number }
    }

    /// The segments on the wire, in the order in which they were sent.
    var all: [InFlight] {
        slots.compactMap(\.content).sorted { $0.number < $1.number }
    }
}
