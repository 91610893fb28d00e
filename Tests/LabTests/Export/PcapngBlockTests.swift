import Foundation
import Testing

@testable import Lab

/// Blocks of a capture file, byte by byte (draft-ietf-opsawg-pcapng, 3.1 and 3.5).
@Suite struct PcapngBlockTests {
    @Test func optionsAreFilledUpToWords() {
        var block = PcapngBlock(.interface)
        block.add16(1)
        block.add16(0)
        block.add32(0)
        block.option(2, "a→b".utf8)
        block.option(0, [])
        #expect(
            Array(block.data) == [
                1, 0, 0, 0, 36, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 5, 0, 0x61, 0xE2, 0x86, 0x92, 0x62, 0, 0, 0, 0,
                0,
                0, 0, 36, 0, 0, 0,
            ])
    }

    @Test func theHighHalfOfATimeComesFirst() {
        var block = PcapngBlock(.packet)
        block.add(time: 0x1_0000_0002)
        #expect(Array(block.data)[8..<16] == [1, 0, 0, 0, 2, 0, 0, 0])
    }
}
