import Foundation

/// What the figures were measured on: without it they say little.
struct Machine: Encodable {
    let processor: String
    let cores: Int
    let memoryBytes: UInt64
    let swift: String
    /// `debug` or `release`.
    let build: String

    static let this = Machine(
        processor: processorModel, cores: ProcessInfo.processInfo.activeProcessorCount,
        memoryBytes: ProcessInfo.processInfo.physicalMemory, swift: swiftVersion, build: buildConfiguration)

    private static var processorModel: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
    }

    /// The toolchain's own words where it is at hand; the language version that compiled this where it is not.
    private static var swiftVersion: String {
        if let output = try? Child.output(of: ["swift", "--version"]),
            let line = output.split(separator: "\n").first(where: { $0.contains("Swift version") })
        {
            return line.trimmingCharacters(in: .whitespaces)
        }
        #if compiler(>=6.4)
            return "Swift 6.4 or later"
        #else
            return "Swift 6.3 or earlier"
        #endif
    }

    private static var buildConfiguration: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }
}
