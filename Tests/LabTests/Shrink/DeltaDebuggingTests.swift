import Testing

@testable import Lab

@Suite struct DeltaDebuggingTests {
    /// The least of 0..<count with which something holds, and how many candidates were looked at.
    private func minimum(of count: Int, where holds: ([Int]) -> Bool) -> (found: [Int], looked: Int) {
        var looked = 0
        let found = DeltaDebugging.minimum(of: Array(0..<count)) { candidates in
            candidates.firstIndex { candidate in
                looked += 1
                return holds(candidate)
            }
        }
        return (found, looked)
    }

    @Test func findsTheFewThatAreNeeded() {
        for needed in [[], [0], [99], [17, 18], [3, 50, 97], [0, 1, 2, 3, 98, 99]] as [[Int]] {
            let (found, looked) = minimum(of: 100) { candidate in needed.allSatisfy(candidate.contains) }
            #expect(found == needed)
            #expect(looked < 400, "\(needed): \(looked)")
        }
    }

    @Test func withoutAnyOneOfThemItDoesNotHold() {
        // Some of three numbers, whichever: sums make local minima.
        let holds: ([Int]) -> Bool = { $0.reduce(0, +) >= 150 }
        let (found, _) = minimum(of: 40, where: holds)
        #expect(holds(found))
        for index in found.indices {
            var fewer = found
            fewer.remove(at: index)
            #expect(!holds(fewer))
        }
    }

    @Test func keepsAllWhereAllAreNeeded() {
        #expect(minimum(of: 9) { $0.count == 9 }.found == Array(0..<9))
    }
}
