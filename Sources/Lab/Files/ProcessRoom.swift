import Foundation

/// What the machine and the limits of this process leave it: of memory `ulimit -v` and `-d`, its control group and what is
/// free; of open files `ulimit -n`.
///
/// What is asked for beyond them ends a process without a word, deep in a library. So whoever needs much looks here first.
enum ProcessRoom {
    /// Memory that may still be taken, and what bounds it.
    struct Memory {
        /// `Int.max` where nothing bounds it, or nothing can be found out.
        var bytes: Int
        /// The end of a sentence.
        var words: String
    }

    /// What may still be taken of what is scarcest.
    static var memory: Memory {
        let bounds = [
            Memory(bytes: limitedMemory, words: "may be taken by this process (ulimit -v)"),
            Memory(bytes: MachineMemory.leftOfGroup, words: "are left in the control group of this process"),
            Memory(bytes: MachineMemory.free, words: "are left on this machine"),
        ]
        return bounds.min { $0.bytes < $1.bytes } ?? bounds[0]
    }

    /// Bytes of memory that `ulimit` leaves; `Int.max` where it sets no limit.
    static var limitedMemory: Int {
        // Pages: all, resident, shared, code, 0, data with stack.
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return .max }
        let pages = text.split(separator: " ").compactMap { Int($0) }
        guard pages.count >= 6 else { return .max }
        let size = Int(sysconf(Int32(_SC_PAGESIZE)))
        let limits = [(RLIMIT_AS, pages[0]), (RLIMIT_DATA, pages[5])]
        return limits.map { resource, used in
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0, limit.rlim_cur < UInt64(Int.max)
            else { return .max }
            return max(0, Int(limit.rlim_cur) - used * size)
        }.min() ?? .max
    }

    /// Lets the process open as many files as it may: programs are given less at first, for old ones' sake.
    static func raiseDescriptors() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < limit.rlim_max
        else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// How many files may still be opened, counted up to a number.
    static func descriptors(upTo wanted: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
        var free = 0
        var descriptor: Int32 = 0
        while free < wanted, UInt64(descriptor) < limit.rlim_cur {
            if fcntl(descriptor, F_GETFD) < 0 { free += 1 }
            descriptor += 1
        }
        return free
    }
}

/// File descriptors that are held so that something that cannot do without has them later.
final class DescriptorReserve {
    private var held: [OpenFile] = []

    /// Holds so many, as far as there are any.
    init(_ count: Int) {
        for _ in 0..<count {
            guard let file = try? OpenFile.opening("/dev/null", O_RDONLY) else { break }
            held.append(file)
        }
    }

    /// Lets them go.
    func release() { held = [] }
}
