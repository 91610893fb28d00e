import Foundation
import Testing

/// The page of promises names tests that exist.
@Suite struct PromisesTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func everyPromiseHasItsTests() throws {
        let page = try String(
            contentsOf: Self.root.appendingPathComponent("Sources/Lab/Lab.docc/Promises.md"), encoding: .utf8)
        let tests = Self.suites()
        let promises = page.split(separator: "\n").filter { $0.hasPrefix("| ") }.filter {
            !$0.hasPrefix("| promise") && !$0.hasPrefix("| ---")
        }
        #expect(promises.count > 20)
        for promise in promises {
            let named = promise.matches(of: /`(\w+)\/(\w+)`/)
            #expect(!named.isEmpty, "no test of: \(promise)")
            for test in named {
                let text = try #require(tests[String(test.1)], "no suite \(test.1)")
                #expect(text.contains("func \(test.2)("), "no test \(test.2) in \(test.1)")
            }
        }
    }

    /// The texts of the files that have suites, by the suites' names.
    private static func suites() -> [String: String] {
        var found: [String: String] = [:]
        let files = FileManager.default.enumerator(
            at: root.appendingPathComponent("Tests"), includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift", let text = try? String(contentsOf: file, encoding: .utf8) else {
                continue
            }
            for suite in text.matches(of: /struct (\w+Tests)\b/) { found[String(suite.1), default: ""] += text }
        }
        return found
    }
}
