import Testing

@testable import Lab

/// Files that were right before something happened to them: they are read, or refused with a place, and never trap.
@Suite struct MutationTests {
    /// SplitMix64.
    struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var bits = state
            bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
            return bits ^ (bits >> 31)
        }

        mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
    }

    private static let pieces = [
        "-", ":", ": ", "[", "]", "{", "}", ",", "*", "&a ", "*a", "'", "\"", "#", "|", ">", "? ", "\n", "\t", "  ",
        "0",
        "99999999999999999999", "-1", "1e999", "nan", "~", "null", "!!str ", "%", "\u{0}", "\u{1B}", "é", "\u{FEFF}",
        "\u{2028}", "\r", "---\n", "...\n", "<<: ", "client-*", "5s", "KiB", "at", "0x", "\\", ".", "->",
    ]

    private func mutate(_ bytes: [UInt8], with generator: inout Generator) -> [UInt8] {
        var bytes = bytes
        for _ in 0...generator.below(4) {
            let at = generator.below(bytes.count)
            let length = min(generator.below(12), bytes.count - at)
            switch generator.below(6) {
            case 0: bytes.removeSubrange(at..<at + length)
            case 1: bytes.insert(contentsOf: Self.pieces[generator.below(Self.pieces.count)].utf8, at: at)
            case 2: bytes.replaceSubrange(at..<at + length, with: Self.pieces[generator.below(Self.pieces.count)].utf8)
            case 3: if at < bytes.count { bytes[at] = UInt8(truncatingIfNeeded: generator.next()) }
            case 4: if at < bytes.count { bytes[at] ^= 1 << UInt8(generator.below(8)) }
            default:
                let from = generator.below(bytes.count)
                bytes.insert(contentsOf: bytes[from..<min(bytes.count, from + 40)], at: at)
            }
        }
        return bytes
    }

    @Test(arguments: [LabText.full, LabText.halfOpen]) func mutantsAreReadOrRefused(_ text: String) {
        var read = 0
        for seed in 0..<1_000 {
            var generator = Generator(state: UInt64(seed))
            let mutant = mutate(Array(text.utf8), with: &generator)
            do throws(LabDiagnostics) {
                let lab = try LabFile.read(bytes: mutant, name: "x")
                #expect(lab.duration > 0)
                read += 1
            } catch {
                #expect(!error.all.isEmpty)
                #expect(error.all.allSatisfy { $0.line > 0 && $0.column > 0 && !$0.message.isEmpty }, "seed \(seed)")
                let places = error.all.map { Place(line: $0.line, column: $0.column) }
                #expect(places == places.sorted(), "seed \(seed)")
            }
        }
        #expect((5..<990).contains(read))
    }
}
