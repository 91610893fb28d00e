/// Writes a record's bytes: small numbers take one, larger ones as many as they need and one more.
///
/// The buffer is used again for each record. It belongs to whoever holds the writer, and is freed by ``free()``.
struct RecordWriter {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private var capacity: Int
    /// The time of the event under way: other times are written as what they are away from it.
    var origin: Int64 = 0

    /// First bytes from here on say how many follow; numbers below take one byte.
    static let counted: UInt8 = 0xF8

    /// The record has taken more bytes than it may. What goes on writing writes over it: nobody will read it.
    private(set) var hasTooManyBytes = false
    /// Changes written since the last ``clear()``.
    private var changes = 0
    /// Bytes and changes that a record may have.
    private let most: (bytes: Int, changes: Int)

    /// Whether the record has more than it may.
    @inline(__always)
    var isOverfull: Bool { changes > most.changes || hasTooManyBytes }

    /// - Parameters:
    ///   - bytes: that a record may have.
    ///   - changes: that a record may have.
    init(bytes: Int = .max, changes: Int = .max) {
        most = (bytes, changes)
        capacity = 512
        base = .allocate(capacity: capacity)
    }

    func free() { base.deallocate() }

    /// The bytes written since the last ``clear()``.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    @inline(__always)
    mutating func clear() { (count, changes) = (0, 0) }

    /// Counts a change that is about to be written.
    @inline(__always)
    mutating func countChange() { changes &+= 1 }

    /// The record as it is, to be put back.
    var kept: (bytes: [UInt8], origin: Int64) { (Array(bytes), origin) }

    /// Puts a record back in the place of the one under way.
    mutating func restore(_ kept: (bytes: [UInt8], origin: Int64)) {
        clear()
        append(kept.bytes)
        origin = kept.origin
    }

    /// Sees to it that so many bytes more have room; what writes them does not look.
    @inline(__always)
    mutating func reserve(_ room: Int) {
        if count &+ room > capacity { grow(by: room) }
    }

    @inline(never)
    private mutating func grow(by room: Int) {
        if hasTooManyBytes {
            count = 0
            if room <= capacity { return }
        }
        hasTooManyBytes = count > most.bytes
        capacity = max(2 * capacity, count + room)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: base, count: count)
        base.deallocate()
        base = larger
    }

    /// Writes what has room already, by a copy of the writer that stays in registers.
    ///
    /// Bytes that are written may be anybody's, for all that the compiler knows, the writer's own fields too: without the
    /// copy it loads them anew after each.
    @inline(__always)
    mutating func inRegisters(_ write: (inout RecordWriter) -> Void) {
        var copy = self
        write(&copy)
        count = copy.count
    }

    @inline(__always)
    mutating func byte(_ value: UInt8) {
        base[count] = value
        count &+= 1
    }

    @inline(__always)
    mutating func number(_ value: UInt64) {
        if value < UInt64(Self.counted) { return byte(UInt8(truncatingIfNeeded: value)) }
        let length = (71 &- value.leadingZeroBitCount) >> 3
        byte(Self.counted &+ UInt8(truncatingIfNeeded: length &- 1))
        UnsafeMutableRawPointer(base + count).storeBytes(of: value.littleEndian, as: UInt64.self)
        count &+= length
    }

    /// A number that may be negative: its sign goes to the lowest bit.
    @inline(__always)
    mutating func signed(_ value: Int64) {
        number(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    /// A count, which is not negative.
    @inline(__always)
    mutating func natural(_ value: Int64) { number(UInt64(bitPattern: value)) }

    @inline(__always)
    mutating func natural(_ value: Int32) { number(UInt64(UInt32(bitPattern: value))) }

    /// A time, which is seldom far from the event's; `Int64.max` is never.
    @inline(__always)
    mutating func time(_ time: Int64) { signed(time &- origin) }

    /// Eight bytes, for what is as good as random.
    mutating func word(_ value: UInt64) {
        UnsafeMutableRawPointer(base + count).storeBytes(of: value.littleEndian, as: UInt64.self)
        count &+= 8
    }

    mutating func text(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            reserve(utf8.count + 16)
            number(UInt64(utf8.count))
            for value in utf8 { byte(value) }
        }
    }

    /// Bytes that were written before.
    mutating func append(_ bytes: [UInt8]) {
        reserve(bytes.count)
        bytes.withUnsafeBufferPointer { source in
            guard let first = source.baseAddress else { return }
            (base + count).update(from: first, count: source.count)
        }
        count &+= bytes.count
    }

    mutating func flag(_ flag: Bool) { byte(flag ? 1 : 0) }

    /// A case of an enum without values, as the compiler stores it: its place among all of them.
    @inline(__always)
    mutating func choice<Choice: CaseIterable>(_ choice: Choice) { byte(unsafeBitCast(choice, to: UInt8.self)) }
}
