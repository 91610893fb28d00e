package import Foundation

/// A file that is read, or standard input: line by line or whole, never more of it than its bounds.
package final class InputFile {
    /// What a file is read for, and how much of it.
    package struct Bounds: Hashable, Sendable {
        /// What it is, as in `a script`.
        package var kind: String
        /// Bytes, at most.
        package var bytes: Int
        /// Bytes of a line without its line feed, at most.
        package var line: Int
        /// Bytes of the first line, at most.
        package var firstLine: Int
        /// Bytes of memory that a byte may become.
        var memory: Int

        /// A script: 4 MiB, and 64 KiB a line.
        package static let script = Bounds(
            kind: "a script", bytes: 4 << 20, line: 64 << 10, firstLine: 64 << 10, memory: 32)
        /// A recording: 256 MiB, and a mebibyte a line; its header holds a lab, every byte of it perhaps escaped.
        package static let recording = Bounds(
            kind: "a recording", bytes: 256 << 20, line: 1 << 20, firstLine: 6 * LabFile.mostBytes + (1 << 20),
            memory: 8)
        /// A report of this program: 64 MiB of JSON.
        package static let report = Bounds(
            kind: "a report", bytes: 64 << 20, line: 64 << 20, firstLine: 64 << 20, memory: 8)
        /// A lab: a mebibyte of YAML.
        static let lab = Bounds(
            kind: "a lab file", bytes: LabFile.mostBytes, line: LabFile.mostBytes, firstLine: LabFile.mostBytes,
            memory: mostOfLab)

        /// A byte of YAML may be a value with its place.
        private static let mostOfLab = 100

        func text(of bytes: Int) -> String { Scale.size.text(Int64(bytes)) }
    }

    /// A line.
    struct Line {
        var text: Data
        /// Its number, from 1.
        var number: Int
        /// Whether a line feed ends it.
        var isEnded: Bool
    }

    private let path: String
    private let bounds: Bounds
    private let descriptor: Int32
    /// Memory that there was before.
    private let room = ProcessRoom.limitedMemory
    /// What the program needs beside it, at least.
    private static let leastRoom = 16 << 20
    private var buffer = Data()
    private var isAtEnd = false
    private var taken = 0
    private var count = 0
    /// How much of the buffer has no line feed in it.
    private var searched = 0

    /// Opens a file, or standard input for `-`.
    ///
    /// - Throws: ``LabDiagnostic`` that says why it cannot be read.
    package init(_ path: String, _ bounds: Bounds) throws(LabDiagnostic) {
        (self.path, self.bounds) = (path, bounds)
        if path == "-" {
            descriptor = 0
            return
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            let isMissing = errno == ENOENT || errno == ENOTDIR
            throw LabDiagnostic(file: path, message: isMissing ? "there is no such file" : "the file cannot be opened")
        }
        if status.st_mode & S_IFMT == S_IFDIR {
            throw LabDiagnostic(file: path, message: "it is a directory, not \(bounds.kind)")
        }
        if status.st_mode & S_IFMT == S_IFREG, status.st_size > bounds.bytes {
            throw LabDiagnostic(file: path, message: Self.tooLarge(bounds))
        }
        if status.st_mode & S_IFMT == S_IFREG { try Self.checkRoom(room, for: Int(status.st_size), of: path, bounds) }
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LabDiagnostic(file: path, message: "the file cannot be opened") }
    }

    deinit { if descriptor > 0 { close(descriptor) } }

    /// The whole file, or what is left of it.
    ///
    /// - Throws: ``LabDiagnostic`` where it is larger than its bound, or cannot be read.
    package func whole() throws(LabDiagnostic) -> Data {
        while !isAtEnd { try fill() }
        defer { buffer = Data() }
        return buffer
    }

    /// The whole file, none of its lines longer than its bound.
    ///
    /// - Throws: ``LabDiagnostic`` as ``line()`` does.
    package func lines() throws(LabDiagnostic) -> Data {
        var all = Data()
        while let line = try line() {
            all.append(line.text)
            if line.isEnded { all.append(0x0A) }
        }
        return all
    }

    /// The next line; nil behind the last.
    ///
    /// - Throws: ``LabDiagnostic`` where it is longer than its bound, or the file larger than its own, or it cannot be read.
    func line() throws(LabDiagnostic) -> Line? {
        let most = count == 0 ? bounds.firstLine : bounds.line
        while true {
            if let end = lineFeed() {
                let text = Data(buffer[..<end])
                buffer = buffer[(end + 1)...]
                return try line(text, most, isEnded: true)
            }
            searched = buffer.count
            guard searched <= most else { throw tooLong(count + 1, most) }
            if isAtEnd {
                guard !buffer.isEmpty else { return nil }
                defer { buffer = Data() }
                return try line(buffer, most, isEnded: false)
            }
            try fill()
        }
    }

    /// Where the next line feed stands in the buffer.
    private func lineFeed() -> Data.Index? {
        buffer.withUnsafeBytes { bytes -> Int? in
            guard searched < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + searched, 0x0A, bytes.count - searched)
            else { return nil }
            return base.distance(to: found)
        }.map { buffer.startIndex + $0 }
    }

    private func line(_ text: Data, _ most: Int, isEnded: Bool) throws(LabDiagnostic) -> Line {
        searched = 0
        count += 1
        guard text.count <= most else { throw tooLong(count, most) }
        return Line(text: text, number: count, isEnded: isEnded)
    }

    /// Reads on.
    private func fill() throws(LabDiagnostic) {
        let size = 1 << 16
        var chunk = [UInt8](repeating: 0, count: size)
        let got = read(descriptor, &chunk, size)
        if got < 0, errno == EINTR { return }
        guard got >= 0 else {
            throw LabDiagnostic(file: path, message: "the file cannot be read: \(String(cString: strerror(errno)))")
        }
        if got == 0 {
            isAtEnd = true
            return
        }
        taken += got
        guard taken <= bounds.bytes else { throw LabDiagnostic(file: path, message: Self.tooLarge(bounds)) }
        try Self.checkRoom(room, for: taken, of: path, bounds)
        // What was taken from its beginning is let go.
        if buffer.startIndex > 0 { buffer = Data(buffer) }
        buffer.append(contentsOf: chunk[..<got])
    }

    /// Whether the limits of this process leave it the memory for so many bytes of the file.
    private static func checkRoom(
        _ room: Int, for size: Int, of path: String, _ bounds: Bounds
    ) throws(LabDiagnostic) {
        guard room < .max else { return }
        let needed = size * bounds.memory + leastRoom
        guard needed > room else { return }
        throw LabDiagnostic(
            file: path,
            message:
                "reading it may take \(needed >> 20) MiB of memory, and this process may take \(room >> 20) MiB (ulimit -v)"
        )
    }

    private static func tooLarge(_ bounds: Bounds) -> String {
        "the file is larger than \(bounds.text(of: bounds.bytes)), the most that \(bounds.kind) may have"
    }

    private func tooLong(_ line: Int, _ most: Int) -> LabDiagnostic {
        LabDiagnostic(
            file: path, line: line,
            message: "the line is longer than \(bounds.text(of: most)), the most that \(bounds.kind) may have here")
    }
}
