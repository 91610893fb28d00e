import Foundation
public import Workloads

/// Where labs are found by name: `./labs`, the directories of `$PEERLAB_PATH`, and the installed ones, in this order.
public struct LabLibrary: Hashable, Sendable {
    /// A lab that a name finds.
    public struct Entry: Hashable, Sendable {
        /// The file's name without `.yaml`: what the command line takes.
        public var name: String
        /// The lab's title; empty for none, and for a file that cannot be read.
        public var title: String
        /// The file.
        public var path: String
        /// What is wrong with the file; nil for a lab that opens.
        public var problems: LabDiagnostics?
    }

    /// The directories, the first before the others; those that do not exist are passed over.
    public var directories: [String]

    /// A library of these directories.
    public init(directories: [String]) { self.directories = directories }

    /// The library of a process: `./labs`, `$PEERLAB_PATH` (directories with colons between them), and the labs that
    /// came with the executable: `../share/peerlab/labs` beside it, or `labs` beside the `Package.swift` it was built from.
    ///
    /// - Parameters:
    ///   - environment: the variables that count; nil for the process's own.
    ///   - executable: the path of the executable; nil for the running one.
    public static func standard(
        environment: [String: String]? = nil, executable: String? = nil
    ) -> LabLibrary {
        var directories = ["labs"]
        let environment = environment ?? ProcessInfo.processInfo.environment
        directories += (environment["PEERLAB_PATH"] ?? "").split(separator: ":").map(String.init)
        if let executable = executable ?? Bundle.main.executablePath {
            directories += installed(with: URL(fileURLWithPath: executable).resolvingSymlinksInPath())
        }
        return LabLibrary(directories: directories)
    }

    private static func installed(with executable: URL) -> [String] {
        var directory = executable.deletingLastPathComponent()
        var found = [directory.deletingLastPathComponent().appendingPathComponent("share/peerlab/labs").path]
        while directory.path != "/" {
            if FileManager.default.fileExists(atPath: directory.appendingPathComponent("Package.swift").path) {
                found.append(directory.appendingPathComponent("labs").path)
                break
            }
            directory = directory.deletingLastPathComponent()
        }
        return found
    }

    /// All labs, by name; of two of one name the first directory's.
    ///
    /// - Parameter workloads: those that they may name.
    public func list(workloads: WorkloadRegistry = .shipped) -> [Entry] {
        files().map { file in
            do throws(LabDiagnostics) {
                let lab = try LabFile.load(path: file.path, workloads: workloads)
                return Entry(name: file.name, title: lab.title, path: file.path)
            } catch {
                return Entry(name: file.name, title: "", path: file.path, problems: error)
            }
        }
    }

    private func files() -> [(name: String, path: String)] {
        var paths: [String: String] = [:]
        for directory in directories {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            for file in names where file.hasSuffix(".yaml") && file.count > 5 {
                let name = String(file.dropLast(5))
                if paths[name] == nil { paths[name] = directory + "/" + file }
            }
        }
        return paths.map { (name: $0.key, path: $0.value) }.sorted { $0.name < $1.name }
    }

    /// The file of a lab.
    ///
    /// - Parameter reference: a path (what has a `/`, or ends in `.yaml` or `.yml`), `-` for standard input, a name, or the
    ///   path of a file where no lab has that name.
    /// - Throws: ``LabDiagnostic`` for a name that no directory has, with the nearest one that some has.
    public func path(of reference: String) throws(LabDiagnostic) -> String {
        let isPath = reference.contains("/") || reference.hasSuffix(".yaml") || reference.hasSuffix(".yml")
        if reference == "-" || isPath { return reference }
        let files = files()
        if let file = files.first(where: { $0.name == reference }) { return file.path }
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: reference, isDirectory: &isDirectory), !isDirectory.boolValue {
            return reference
        }
        let names = files.map(\.name)
        let offer =
            names.isEmpty
            ? "; no labs are installed" : Suggestion.offer(for: reference, among: names, all: "peerlab labs lists all")
        throw LabDiagnostic(file: reference, message: "there is no lab \(quoted(reference))\(offer)")
    }

    /// Whether a word stands for a lab, or is nearly the name of one.
    package func mayMean(_ word: String) -> Bool {
        if (try? path(of: word)) != nil { return true }
        return Suggestion.nearest(to: word, among: files().map(\.name)) != nil
    }

    /// Reads the lab of a path or name.
    ///
    /// - Parameter workloads: those that it may name.
    /// - Throws: ``LabDiagnostics`` when there is none, and for all that is wrong with its file.
    public func load(
        _ reference: String, workloads: WorkloadRegistry = .shipped
    ) throws(LabDiagnostics) -> LabDefinition {
        let path: String
        do throws(LabDiagnostic) {
            path = try self.path(of: reference)
        } catch {
            throw LabDiagnostics([error])
        }
        return try LabFile.load(path: path, workloads: workloads)
    }
}
