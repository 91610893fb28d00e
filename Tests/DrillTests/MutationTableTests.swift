import Foundation
import Testing

/// The table of `make mutants` says what stands in the sources: a mutation that cannot be made shows nothing.
@Suite struct MutationTableTests {
    @Test func everyMutationCanBeMade() throws {
        let table = try String(
            contentsOf: Scripts.folder.deletingLastPathComponent().appending(path: "mutants.txt"), encoding: .utf8)
        let sources = Scripts.folder.appending(path: "../../../Sources/TCP").standardized
        var count = 0
        for line in table.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.replacing("\\n", with: "\n").split(separator: "##", omittingEmptySubsequences: false)
                .map { String($0.hasPrefix(" ") ? $0.dropFirst() : $0) }
            #expect(parts.count == 4, "\(line)")
            guard parts.count == 4 else { continue }
            let file = parts[0].trimmingCharacters(in: .whitespaces)
            let old = parts[1].hasSuffix(" ") ? String(parts[1].dropLast()) : parts[1]
            let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
            #expect(text.contains(old), "\(file) does not have \(old)")
            count += 1
        }
        #expect(count >= 60)
    }
}
