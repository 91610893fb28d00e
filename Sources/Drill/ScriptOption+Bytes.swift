extension ScriptSegment.Option {
    /// The bytes that it takes in a header, filled up to a word as it usually is.
    var bytes: Int {
        switch self {
        case .maximumSegmentSize: 4
        case .windowScale: 3
        case .permitsSACK: 2
        case .timestamps: 10
        case .blocks(let blocks): 2 + 8 * blocks.count
        case .padding, .end: 1
        }
    }
}
