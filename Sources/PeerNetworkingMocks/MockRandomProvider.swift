public import PeerNetworking
import Synchronization

/// Draws that a test has chosen: a script, then a seed's.
public final class MockRandomProvider: RandomProvider {
    private let state: Mutex<(script: [UInt64], seed: UInt64)>

    /// Makes a provider.
    ///
    /// - Parameters:
    ///   - script: the first draws, in order, of whatever site and subject.
    ///   - seed: of the draws after them (SplitMix64).
    public init(script: [UInt64] = [], seed: UInt64 = 1) {
        state = Mutex((script.reversed(), seed))
    }

    /// The next of the script, then of the seed.
    public func next(_ site: StaticString, for subject: String) -> UInt64 {
        state.withLock { state in
            if let scripted = state.script.popLast() { return scripted }
            state.seed &+= 0x9E37_79B9_7F4A_7C15
            var bits = state.seed
            bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
            return bits ^ (bits >> 31)
        }
    }
}
