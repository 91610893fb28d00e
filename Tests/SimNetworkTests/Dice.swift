/// A test's own random numbers (SplitMix64).
struct Dice {
    private var state: UInt64

    init(seed: UInt64) {
        // The seed is mixed first: the streams of seeds that only differ by the step would be one stream, shifted.
        state = Dice.mix(seed &+ 0x1F83_D9AB_FB41_BD6B)
    }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Int(Dice.mix(state) >> 33) % bound
    }

    private static func mix(_ input: UInt64) -> UInt64 {
        var bits = input
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
