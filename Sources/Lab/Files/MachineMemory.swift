import Foundation

/// Memory that the machine, and the control group that this process is in, have left.
enum MachineMemory {
    /// Bytes that programs can still take without others being moved out (`MemAvailable` of `proc_meminfo(5)`); `Int.max`
    /// where that is not known.
    static var free: Int {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else { return .max }
        return free(meminfo: text)
    }

    static func free(meminfo: String) -> Int {
        for line in meminfo.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
            let kibibytes = line.split(separator: " ").compactMap { Int($0) }.first
            return kibibytes.map { $0 << 10 } ?? .max
        }
        return .max
    }

    /// Bytes that the machine has, or that the control group of this process and those around it may take, where that is less.
    static var whole: Int {
        let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        return groups.compactMap { number(in: $0 + "/memory.max") }.reduce(machine) { min($0, $1) }
    }

    /// Bytes that the limits of the control group and of those around it leave (`memory.max`, version 2); `Int.max` where
    /// there is none.
    static var leftOfGroup: Int { left(of: groups) }

    /// The folders of the control group of this process and of those around it, the innermost first; none where that is not
    /// known.
    private static var groups: [String] {
        guard let text = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8) else { return [] }
        return groups(cgroup: text, under: "/sys/fs/cgroup")
    }

    /// - Parameters:
    ///   - cgroup: `/proc/self/cgroup`.
    ///   - root: where the groups are mounted.
    static func groups(cgroup: String, under root: String) -> [String] {
        guard let entry = cgroup.split(separator: "\n").first(where: { $0.hasPrefix("0::/") }) else { return [] }
        let parts = entry.dropFirst("0::".count).split(separator: "/").map { String($0) }
        return (0...parts.count).reversed().map { ([root] + parts.prefix($0)).joined(separator: "/") }
    }

    static func left(of groups: [String]) -> Int {
        groups.reduce(Int.max) { left, group in
            guard let most = number(in: group + "/memory.max"), let used = number(in: group + "/memory.current") else {
                return left
            }
            // What files fill without being in use is given back first.
            return min(left, max(0, most - used + idleFileBytes(group)))
        }
    }

    private static func idleFileBytes(_ group: String) -> Int {
        guard let text = try? String(contentsOfFile: group + "/memory.stat", encoding: .utf8) else { return 0 }
        let line = text.split(separator: "\n").first { $0.hasPrefix("inactive_file ") }
        return line.flatMap { Int($0.dropFirst("inactive_file ".count)) } ?? 0
    }

    /// Nil for `max`, which is no limit.
    private static func number(in path: String) -> Int? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return Int(text.prefix { $0 != "\n" })
    }
}
