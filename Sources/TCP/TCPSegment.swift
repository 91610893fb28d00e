public import NIOCore

/// What a segment was sent for: what its header alone does not tell.
public enum SegmentPurpose: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// What its flags and bytes say.
    case plain
    /// It goes again, for no acknowledgement came.
    case repetition
    /// It probes a closed window.
    case windowProbe
    /// It probes an idle connection.
    case keepAliveProbe
    /// It says that the window has opened.
    case windowUpdate
    /// It goes again, for segments behind it were acknowledged (RFC 5681, 3.2; RFC 8985).
    case fastRepetition
    /// The last one goes again, for nothing is heard of it (RFC 8985, 7).
    case tailProbe
    /// It acknowledges what came a while ago (RFC 9293, 3.8.6.3).
    case delayedAcknowledgement
    /// It answers one that may be forged (RFC 5961).
    case challenge
    /// It tries whether the way takes larger ones (RFC 4821).
    case pathProbe
    /// It answers a SYN of which nothing is kept: its number says what there is to know (RFC 4987, 3.6).
    case cookie

    /// The purpose in words; empty for a plain one.
    public var description: String {
        switch self {
        case .plain: ""
        case .repetition: "repeat"
        case .windowProbe: "window probe"
        case .keepAliveProbe: "keep-alive probe"
        case .windowUpdate: "window update"
        case .fastRepetition: "fast repeat"
        case .tailProbe: "tail-loss probe"
        case .delayedAcknowledgement: "delayed acknowledgement"
        case .challenge: "challenge"
        case .pathProbe: "path MTU probe"
        case .cookie: "cookie"
        }
    }

    /// Whether its bytes were sent before.
    public var isRepetition: Bool {
        switch self {
        case .repetition, .fastRepetition, .tailProbe: true
        case .plain, .windowProbe, .keepAliveProbe, .windowUpdate, .delayedAcknowledgement, .challenge, .pathProbe,
            .cookie:
            false
        }
    }
}

/// A TCP segment on the wire, with the fields of its header (RFC 9293, 3.1), in an order in which they take least room: a world
/// has many.
@usableFromInline
package struct TCPSegment {
    /// The timestamps, where ``hasTimestamps``.
    @usableFromInline
    var stamps: Timestamps
    /// The number of its first byte, or of its SYN or FIN where it has none.
    package var sequence: UInt32
    /// The next number that its sender expects.
    package var acknowledgement: UInt32
    /// The offset of ``sequence`` from its sender's initial number. Not in a header: for records alone.
    package var offset: Int64
    /// That of ``acknowledgement`` from the other's. Not in a header: for records alone.
    package var acknowledged: Int64
    /// Options that few segments have.
    package var options: SegmentOptions?
    /// The bytes; empty in most segments that only acknowledge.
    @usableFromInline
    package var payload: ByteBuffer
    package var flags: TCPFlags
    /// How many bytes beyond ``acknowledgement`` its sender will take, in units of its scale; a SYN's are bytes.
    @usableFromInline
    package var window: UInt16
    /// By how many bits ``window`` is shifted. Not in a header: for records alone.
    @usableFromInline
    package var scale: UInt8
    /// What it is sent for. Not in a header: for records alone.
    package var purpose: SegmentPurpose
    /// What its packet says of congestion.
    package var codepoint: ECNCodepoint
    @usableFromInline
    var hasTimestamps: Bool

    /// The timestamps (RFC 7323): its sender's clock, and what that has heard last of the other; nil without.
    @inlinable
    package var timestamps: Timestamps? {
        get { hasTimestamps ? stamps : nil }
        set { (stamps, hasTimestamps) = (newValue ?? Timestamps(value: 0, echo: 0), newValue != nil) }
    }

    /// The timestamps option, in milliseconds as Linux counts.
    @usableFromInline
    package struct Timestamps: Hashable {
        @usableFromInline
        package var value: UInt32
        @usableFromInline
        package var echo: UInt32

        @inlinable
        package init(value: UInt32, echo: UInt32) { (self.value, self.echo) = (value, echo) }
    }

    /// Payload bytes.
    @inlinable
    package var length: Int { payload.readableBytes }
    /// How many bytes beyond ``acknowledgement`` its sender will take.
    @inlinable
    package var windowBytes: Int32 { Int32(window) &<< Int32(scale) }
}

extension TCPSegment {
    // Not in the type itself: a segment that is made field by field is put together in memory, and copied from there.
    package init(
        flags: TCPFlags, purpose: SegmentPurpose = .plain, window: UInt16, sequence: UInt32, acknowledgement: UInt32,
        timestamps: Timestamps? = nil, options: SegmentOptions? = nil, offset: Int64 = 0, acknowledged: Int64 = 0,
        payload: ByteBuffer = ByteBuffer(), scale: UInt8 = 0, codepoint: ECNCodepoint = .notCapable
    ) {
        self.init(
            stamps: timestamps ?? Timestamps(value: 0, echo: 0), sequence: sequence, acknowledgement: acknowledgement,
            offset: offset, acknowledged: acknowledged, options: options, payload: payload, flags: flags,
            window: window, scale: scale, purpose: purpose, codepoint: codepoint, hasTimestamps: timestamps != nil)
    }
}

/// Options that a SYN has, or a segment that tells of gaps.
package final class SegmentOptions: Sendable {
    /// With a SYN: payload bytes that its sender takes in a segment, at most; 0 where it does not say.
    package let maximumSegmentSize: UInt16
    /// With a SYN: by how many bits its sender's windows are shifted; nil where it does not scale (RFC 7323, 2).
    package let windowScale: UInt8?
    /// With a SYN: its sender can read selective acknowledgements (RFC 2018).
    package let permitsSACK: Bool
    /// What has come beyond a gap, the latest first, four at most (RFC 2018); a duplicate stands first (RFC 2883).
    package let blocks: [Block]

    /// Bytes that have come: the first number, and the one after the last.
    package struct Block: Hashable, Sendable {
        package var start: UInt32
        package var end: UInt32

        package init(start: UInt32, end: UInt32) { (self.start, self.end) = (start, end) }
    }

    package init(
        maximumSegmentSize: UInt16 = 0, windowScale: UInt8? = nil, permitsSACK: Bool = false, blocks: [Block] = []
    ) {
        self.maximumSegmentSize = maximumSegmentSize
        self.windowScale = windowScale
        self.permitsSACK = permitsSACK
        self.blocks = blocks
    }
}
