import PeerNetworking
import TCP

/// A segment that is on its way. Not more than 128 bytes: what is larger the compiler copies by calls.
struct InFlight {
    /// What happened to it on the way that shows when it arrives.
    struct Fate: OptionSet {
        let rawValue: UInt8
        /// Its checksum does not fit: the receiving kernel drops it.
        static let damaged = Fate(rawValue: 1)
        /// It is held back by a clog.
        static let held = Fate(rawValue: 2)
        /// A second copy.
        static let copy = Fate(rawValue: 4)
    }

    var segment: TCPSegment
    let from: Side
    /// What happened to it on the way that shows when it arrives.
    var fate: Fate = []
    /// What the network says of a segment, where this is no segment itself but such a notice.
    var notice: Notice?
    /// The world keeps the connection while one of its segments is in flight.
    let reference: Unmanaged<Connection>
    /// The hop of its path that it is on, from 0.
    var hop: UInt16 = 0
    /// How often its link was cut when it was sent, as far as so many bits hold: that it was cut meanwhile is seen by it.
    var cuts: UInt16 = 0
    /// Without payload, its place among its side's segments without any.
    let control: UInt32
    /// How often its bytes have been sent with it, from 1.
    var transmission: UInt32
    /// Its place among the segments of its side of the connection; 0 for notices.
    let ordinal: UInt32
    /// The segment's number in the run.
    let number: Int64
    /// The event that sent it.
    var cause: Int
    var arrives: Int64
    /// Its place among all that is pending.
    var place: UInt64 = 0

    /// Which of its kind it is: see ``SegmentDraw``.
    var identity: UInt64 { segment.length > 0 ? UInt64(bitPattern: segment.offset) : UInt64(control) }

    /// When it arrives; never, while it is held.
    var due: Int64 { fate.contains(.held) ? .max : arrives }

    var connection: Connection { reference.takeUnretainedValue() }

    var summary: SegmentSummary {
        let connection = connection
        let hop = connection.hop(Int(hop), from: from)
        return SegmentSummary(
            number: number, connection: connection.id, from: from, flags: segment.flags, purpose: segment.purpose,
            length: Int32(segment.length), sequence: segment.offset, acknowledgement: segment.acknowledged,
            window: segment.windowBytes, maximumSegmentSize: segment.options?.maximumSegmentSize ?? 0,
            initial: segment.flags.contains(.syn) ? segment.sequence : 0, blocks: segment.blocks,
            ordinal: Int64(ordinal),
            arrives: due, link: hop?.link.id,
            direction: hop?.direction ?? .forward, notice: notice, codepoint: segment.codepoint, place: place,
            cause: cause)
    }

    /// The hop that it is on; nil for one that goes from a host to itself.
    var way: Hop? { connection.hop(Int(hop), from: from) }

    /// Whether it is on a direction of a link.
    func isOn(_ link: Link, _ direction: LinkDirection) -> Bool {
        guard let place = connection.hop(Int(hop), from: from) else { return false }
        return place.link === link && place.direction == direction
    }
}

/// The segments on all links, in slots that are used again. A segment stays where it is until it has arrived: it is read there,
/// and not copied out.
struct Wire: ~Copyable {
    private struct Slot {
        var generation: UInt32 = 0
        /// The next free slot, where this one is free; ``full`` or ``taken`` where not.
        var next: UInt32

        static let full = UInt32.max
        /// What was in it is being looked at for the last time.
        static let taken = UInt32.max - 1
        /// There is no further free slot.
        static let none = UInt32.max - 2

        var isFull: Bool { next == Self.full }
    }

    private var slots: [Slot] = []
    private var firstFree = Slot.none
    /// What is in the slots, so many to a piece: the pieces never move.
    private var pieces: [UnsafeMutablePointer<InFlight>] = []

    private static let pieceSize = 256

    deinit {
        for index in slots.indices where slots[index].isFull { place(index).deinitialize(count: 1) }
        for piece in pieces { piece.deallocate() }
    }

    @inline(__always)
    private func place(_ index: Int) -> UnsafeMutablePointer<InFlight> {
        pieces[index / Self.pieceSize] + index % Self.pieceSize
    }

    /// Where the segment of a slot lies: to be asked for ahead, and to be looked at only where it is there.
    @inline(__always)
    func foresee(_ index: UInt32) -> UnsafePointer<InFlight>? {
        slots[Int(index)].isFull ? UnsafePointer(place(Int(index))) : nil
    }

    /// The segment in a slot; nil in an empty one.
    private func content(_ index: Int) -> InFlight? { slots[index].isFull ? place(index).pointee : nil }

    @inline(__always)
    mutating func insert(_ content: consuming InFlight) -> (index: UInt32, generation: UInt32) {
        if firstFree == Slot.none { addSlot() }
        let index = firstFree
        firstFree = slots[Int(index)].next
        slots[Int(index)].next = Slot.full
        place(Int(index)).initialize(to: content)
        return (index, slots[Int(index)].generation)
    }

    @inline(never)
    private mutating func addSlot() {
        if slots.count == pieces.count * Self.pieceSize { pieces.append(.allocate(capacity: Self.pieceSize)) }
        firstFree = UInt32(slots.count)
        slots.append(Slot(next: Slot.none))
    }

    /// Takes a segment off the wire where it lies: its slot is not used again before ``clear(_:)``.
    ///
    /// - Returns: the segment; nil where it is no longer there.
    @inline(__always)
    mutating func take(_ index: UInt32, generation: UInt32) -> UnsafeMutablePointer<InFlight>? {
        guard isThere(index, generation: generation) else { return nil }
        slots[Int(index)].next = Slot.taken
        slots[Int(index)].generation &+= 1
        return place(Int(index))
    }

    /// Forgets a segment that was taken off the wire.
    @inline(__always)
    mutating func clear(_ index: UInt32) {
        place(Int(index)).deinitialize(count: 1)
        slots[Int(index)].next = firstFree
        firstFree = index
    }

    /// Whether an entry of the queue of events stands for a segment.
    @inline(__always)
    func isThere(_ index: UInt32, generation: UInt32) -> Bool {
        slots[Int(index)].generation == generation && slots[Int(index)].isFull
    }

    /// The segment that an entry of the queue of events stands for.
    func peek(_ index: UInt32, generation: UInt32) -> InFlight? {
        isThere(index, generation: generation) ? place(Int(index)).pointee : nil
    }

    /// Takes out all segments that satisfy a condition, in the order in which they were sent.
    mutating func takeAll(where condition: (InFlight) -> Bool) -> [InFlight] {
        var taken: [InFlight] = []
        for index in slots.indices {
            guard slots[index].isFull, condition(place(index).pointee) else { continue }
            taken.append(place(index).pointee)
            slots[index].generation &+= 1
            clear(UInt32(index))
        }
        return taken.sorted { $0.number < $1.number }
    }

    /// The segment that was sent last of those that are there; nil where none is.
    var newest: InFlight? { all.last }

    /// The slots of the segments on links that satisfy a condition, hop by hop in order of the links: the wire is looked
    /// through once for as many links as are asked for.
    func places(byHop isWanted: (InFlight, Hop) -> Bool) -> [(hop: Hop, places: [Int])] {
        var found: [(hop: Hop, place: Int)] = []
        for index in slots.indices {
            guard let content = content(index), let hop = content.way, isWanted(content, hop) else { continue }
            found.append((hop, index))
        }
        // A slot is in it once: no two are equal.
        found.sort {
            ($0.hop.link.id, $0.hop.direction.rawValue, $0.place) < (
                $1.hop.link.id, $1.hop.direction.rawValue, $1.place
            )
        }
        var byHop: [(hop: Hop, places: [Int])] = []
        for (hop, place) in found {
            if let last = byHop.last?.hop, last.link === hop.link, last.direction == hop.direction {
                byHop[byHop.count - 1].places.append(place)
            } else {
                byHop.append((hop, [place]))
            }
        }
        return byHop
    }

    /// Holds back the segments in some slots: their entries in the queue of events are stale from now on.
    ///
    /// - Returns: their numbers, in the order in which they were sent, without those that were held already.
    mutating func hold(_ places: [Int]) -> [Int64] {
        var numbers: [Int64] = []
        for index in places {
            guard let content = content(index), !content.fate.contains(.held) else { continue }
            numbers.append(content.number)
            place(index).pointee.fate.insert(.held)
            slots[index].generation &+= 1
        }
        return numbers.sorted()
    }

    /// A segment that goes on.
    struct Release {
        let number: Int64
        let arrives: Int64
        let place: UInt64
        let index: UInt32
        let generation: UInt32
    }

    /// Lets go the segments in some slots that were held back, in the order of their arrival.
    ///
    /// - Parameter takePlace: gives each its place, in that order.
    mutating func release(_ places: [Int], from now: Int64, takePlace: () -> UInt64) -> [Release] {
        var held: [(due: Int64, number: Int64, index: Int)] = []
        for index in places {
            guard let content = content(index), content.fate.contains(.held) else { continue }
            held.append((content.arrives, content.number, index))
        }
        var released: [Release] = []
        for (due, number, index) in held.sorted(by: { ($0.due, $0.number) < ($1.due, $1.number) }) {
            let (arrives, place) = (max(due, now), takePlace())
            let content = self.place(index)
            content.pointee.fate.remove(.held)
            content.pointee.arrives = arrives
            content.pointee.place = place
            released.append(
                Release(
                    number: number, arrives: arrives, place: place, index: UInt32(index),
                    generation: slots[index].generation))
        }
        return released
    }

    /// The segments on the wire, in the order in which they were sent.
    var all: [InFlight] {
        var found: [InFlight] = []
        for index in slots.indices {
            if let content = content(index) { found.append(content) }
        }
        return found.sorted { $0.number < $1.number }
    }
}
