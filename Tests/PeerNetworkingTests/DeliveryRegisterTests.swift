import Testing

@testable import PeerNetworking

@Suite struct DeliveryRegisterTests {
    @Test func aMessageIsClaimedOnceAndInOrder() {
        let register = DeliveryRegister()
        #expect(register.claim(1, of: 7))
        #expect(!register.claim(1, of: 7))
        #expect(register.claim(5, of: 7))
        #expect(!register.claim(4, of: 7))
        #expect(register.claim(1, of: 8), "each sender has numbers of its own")
    }

    /// One that is heard of now and then is not forgotten, however many come after it.
    @Test func itForgetsThoseThatItHasNotHeardOfForLong() {
        let register = DeliveryRegister()
        _ = register.claim(10, of: 1)
        _ = register.claim(10, of: 2)
        for origin in 0..<UInt64(4 * DeliveryRegister.capacity) {
            _ = register.claim(1, of: 100 + origin)
            if origin % 1_000 == 0 { #expect(!register.claim(10, of: 1)) }
        }
        #expect(!register.claim(10, of: 1))
        #expect(register.claim(10, of: 2), "forgotten")
    }
}
