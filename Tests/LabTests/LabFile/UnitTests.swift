import Testing

@testable import Lab

@Suite struct UnitTests {
    private func value(_ text: String, _ scale: Scale) -> Int64? { try? scale.read(text) }

    @Test func durations() {
        let cases: [(String, Int64)] = [
            ("0s", 0), ("1ns", 1), ("1us", 1_000), ("1.5us", 1_500), ("2ms", 2_000_000), ("1.5s", 1_500_000_000),
            ("0.000000001s", 1), ("1 s", 1_000_000_000), ("3m", 180_000_000_000), ("0.000s", 0), ("007ms", 7_000_000),
            ("9223372036854775807ns", .max), ("0.25m", 15_000_000_000),
        ]
        for (text, nanoseconds) in cases { #expect(value(text, .duration) == nanoseconds, "\(text)") }
    }

    @Test func sizesAndRates() {
        #expect(value("0 B", .size) == 0 && value("64B", .size) == 64 && value("1.5 KiB", .size) == 1_536)
        #expect(value("4 MiB", .size) == 4_194_304 && value("8 KiB/s", .rate) == 8_192 && value("1B/s", .rate) == 1)
    }

    @Test(arguments: [
        "", " ", "s", "-", "-s", ".5s", "1.s", "1..5s", "1,5s", "1s2", "1 0s", "0x5s", "1e3s", "+1s", "1S", "∞s", "１s",
        "9223372036854775808ns", "1.5ns", "153722868m", "99999999999999999999s", "0.0000000000000000001s", "-0s",
        "1 s ",
    ]) func isNoDuration(_ text: String) {
        #expect(value(text, .duration) == nil)
    }

    @Test func texts() {
        #expect(Scale.duration.text(0) == "0s" && Scale.duration.text(90_000_000_000) == "90s")
        #expect(Scale.duration.text(120_000_000_000) == "2m" && Scale.duration.text(1_500_000) == "1500us")
        #expect(
            Scale.size.text(1_536) == "1536 B" && Scale.size.text(2_048) == "2 KiB" && Scale.rate.text(0) == "0 B/s")
    }

    @Test(arguments: [
        ("", "", 0), ("abc", "", 3), ("latency", "latancy", 1), ("uniform", "unifrom", 1), ("kitten", "sitting", 3),
        ("ca", "abc", 3),
    ]) func distances(_ left: String, _ right: String, _ edits: Int) {
        #expect(Suggestion.distance(Array(left), Array(right)) == edits)
        #expect(Suggestion.distance(Array(right), Array(left)) == edits)
    }

    @Test func nearest() {
        #expect(Suggestion.nearest(to: "Latancy", among: ["loss", "latency"]) == "latency")
        #expect(Suggestion.nearest(to: "xy", among: ["loss", "latency"]) == nil)
        #expect(Suggestion.nearest(to: "on", among: ["one", "onn"]) == "one")
        #expect(Suggestion.nearest(to: "m9", among: ["m1", "m2"]) == nil)
        #expect(Suggestion.nearest(to: "1m", among: ["m1", "m2"]) == "m1")
    }

    /// A list that nobody reads to its end is none.
    @Test func aNameThatIsNoneIsToldTheNearest() {
        let offer = { (name: String, known: [String]) in Suggestion.offer(for: name, among: known, all: "x lists all") }
        #expect(offer("xyz", []) == "")
        #expect(offer("latancy", ["loss", "latency"]) == "; did you mean 'latency'?")
        #expect(offer("xyz", ["loss", "latency"]) == "; there are loss and latency")
        #expect(Suggestion.offer(for: "xyz", among: ["loss", "cut"], "expected", "or") == "; expected loss or cut")
        let some = (1...7).map { "name-\($0)" } + ["peer.short", "io.short"]
        #expect(offer("short", some).hasPrefix("; there are peer.short, io.short, name-1, "))
        let many = (1...20).map { "name-\($0)" } + ["peer.short", "io.short"]
        #expect(offer("short", many) == "; the nearest of 22 are peer.short and io.short; x lists all")
        #expect(offer("nosuch", many) == "; there are 22; x lists all")
    }

    @Test(arguments: [
        ("client-*", "client-1", true), ("client-*", "client", false), ("*", "", true), ("*", "x", true),
        ("a*b", "ab", true), ("a*b", "aXbXb", true), ("a*b", "aXbX", false), ("*1*", "a1b", true), ("a*a", "a", false),
        ("*-*-*", "a-b-c", true), ("*-*-*", "a-b", false), ("**x", "abx", true),
    ]) func patterns(_ pattern: String, _ name: String, _ fits: Bool) {
        #expect(HostPattern(pattern)?.matches(name) == fits)
    }

    @Test func noPattern() {
        #expect(HostPattern("client") == nil)
    }
}
