import Testing

/// Breaks each rule of `make lint` once, and sees the lint fail.
@Suite("The lint", .serialized)
struct LintTests {
    /// An import that a module must not have.
    struct Wall: CustomTestStringConvertible, Sendable {
        var module: String
        var forbidden: String
        var testDescription: String { "\(module) must not import \(forbidden)" }

        init(_ module: String, _ forbidden: String) {
            self.module = module
            self.forbidden = forbidden
        }
    }

    static let walls = [
        Wall("PeerNetworking", "SimNetwork"), Wall("PeerNetworking", "SocketNetwork"),
        Wall("PeerNetworking", "Foundation"),
        Wall("PeerNetworkingMocks", "SimNetwork"), Wall("PeerNetworkingMocks", "Foundation"),
        Wall("TCP", "PeerNetworking"), Wall("TCP", "SimNetwork"), Wall("TCP", "Foundation"),
        Wall("Drill", "SimNetwork"), Wall("Drill", "LinuxNetwork"), Wall("Drill", "Foundation"),
        Wall("LinuxNetwork", "SimNetwork"), Wall("LinuxNetwork", "Lab"), Wall("CLinux", "Screen"),
        Wall("SimNetwork", "SocketNetwork"), Wall("SimNetwork", "NIOPosix"), Wall("SimNetwork", "Lab"),
        Wall("SocketNetwork", "SimNetwork"), Wall("SocketNetwork", "Foundation"),
        Wall("PeerObservation", "SimNetwork"), Wall("PeerObservation", "Foundation"),
        Wall("Workloads", "SimNetwork"), Wall("Workloads", "SocketNetwork"), Wall("Workloads", "Glibc"),
        Wall("Lab", "Screen"), Wall("Lab", "LabViews"), Wall("Lab", "ArgumentParser"),
        Wall("Screen", "Lab"), Wall("Screen", "Foundation"), Wall("Screen", "CNcurses"),
        Wall("LabViews", "Terminal"), Wall("LabViews", "CNcurses"), Wall("LabViews", "SocketNetwork"),
        Wall("CNcurses", "Screen"), Wall("CCRC32C", "Screen"), Wall("CPrefetch", "Screen"), Wall("CTrap", "Screen"),
        Wall("Bug", "Glibc"), Wall("PeerLab", "Lab"), Wall("Program", "CNcurses"), Wall("Program", "NIOPosix"),
        Wall("Terminal", "Lab"), Wall("Terminal", "LabViews"),
        Wall("peerlab", "Lab"),
        Wall("peerlab-bench", "Terminal"), Wall("peerlab-bench", "Yams"),
    ]

    @Test func passesASoundTree() async throws {
        try await LintTree.with { tree in
            let modules = try LintTree.allowedImports().count
            let outcome = try await tree.lint()
            #expect(outcome.output == "lint: \(modules) files checked, 0 findings\n")
            #expect(outcome.status == 0)
        }
    }

    @Test func everyModuleHasAWall() throws {
        let modules = try LintTree.allowedImports().map(\.module)
        #expect(Set(Self.walls.map(\.module)) == Set(modules))
    }

    @Test(arguments: walls)
    func refusesAnImport(_ wall: Wall) async throws {
        let path = "Sources/\(wall.module)/Parts/Broken.swift"
        try await expectFindings(
            "\n\nimport \(wall.forbidden)\n", at: path,
            contain: "\(path):3: error: \(wall.module) must not import \(wall.forbidden) (.tools/imports.txt)\n")
    }

    @Test(arguments: [
        "public import Lab", "package import Lab", "internal import Lab", "@testable import Lab",
        "@_exported import Lab", "@preconcurrency public import Lab", "import struct Lab.LabSession",
        "import Lab.Parts",
        "public struct A {}; import Lab", "/* a reason */ import Lab",
        "import /* a reason */ Lab", "import\nLab",
    ])
    func seesAnImportInAnySpelling(_ line: String) async throws {
        try await expectFindings(
            line, at: "Sources/Screen/Broken.swift", contain: "Broken.swift:1: error: Screen must not import Lab ")
    }

    @Test(arguments: [
        "// import Lab", "/* a /* nested */ import Lab */", "let a = \"import Lab\"",
        "let a = \"\"\"\n    import Lab\n    \"\"\"",
        "let a = #\"\" import Lab \"#", "func important(_ imports: Int) {}", "#if canImport(Lab)\n#endif",
    ])
    func seesNoImportInCommentsAndStrings(_ text: String) async throws {
        try await expectFindings(text, at: "Sources/Screen/Sound.swift", contain: nil)
    }

    @Test func refusesAModuleWithoutALine() async throws {
        try await expectFindings(
            "struct Stray {}\n", at: "Sources/Stray/Stray.swift",
            contain: "error: module Stray has no line in .tools/imports.txt\n")
    }

    /// Code that no module below Lab may have, and how the lint names it.
    static let refused = [
        ("Task { }", "Task {"), ("Task<Void, Never> { }", "Task<Void, Never> {"), ("f(task: Task { })", "Task {"),
        ("Task(priority: .high) { }", "Task("), ("Task(executorPreference: e) { }", "Task("),
        ("Task.init { }", "Task.init"), ("Task.detached { }", "Task.detached"),
        ("Task.immediate { }", "Task.immediate"),
        ("try await Task.sleep(for: .seconds(1))", "Task.sleep"), ("await Task.yield()", "Task.yield"),
        ("await Task<Never, Never>.yield()", "Task<Never, Never>.yield"),
        ("Date()", "Date("), ("Date.now", "Date.now"), ("ContinuousClock.now", "ContinuousClock"),
        ("SuspendingClock()", "SuspendingClock"), ("clock_gettime(CLOCK_MONOTONIC, &t)", "clock_gettime("),
        ("var g = SystemRandomNumberGenerator()", "SystemRandomNumberGenerator"),
        ("arc4random()", "arc4random("),
        ("Int.random(in: 0 ..< 3)", ".random(in:"), ("Bool.random()", ".random()"), ("a.shuffle()", ".shuffle("),
        ("a.shuffled()", ".shuffled("), ("a.randomElement()", ".randomElement("), ("Hasher()", "Hasher"),
        ("a.hashValue", ".hashValue"), ("try! a()", "try!"),
        ("import Foundation", "import Foundation"),
        ("pow(2, 3)", "pow("), ("exp(1)", "exp("), ("Glibc.log(2)", "Glibc.log("), ("sin(0)", "sin("),
        ("cos(0)", "cos("),
        ("tasks.start(\"a\") { await self.b() }", "tasks.start( ) { await self"),
        ("tasks.start(c) { [c] in await c() }", "tasks.start(c) { ["),
        ("DispatchQueue.main", "DispatchQueue"), ("Thread.current", "Thread"), ("\"\\(a + \"\\(Date())\")\"", "Date("),
    ]

    @Test(arguments: refused)
    func refusesANameBelowLab(_ code: String, _ name: String) async throws {
        try await expectFindings(
            code, at: "Sources/SimNetwork/Broken.swift",
            contain: "Sources/SimNetwork/Broken.swift:1: error: `\(name)` is refused in SimNetwork: ")
    }

    @Test(arguments: [
        "PeerNetworking", "PeerNetworkingMocks", "PeerObservation", "SimNetwork", "Workloads", "SocketNetwork",
    ])
    func refusesNamesInEveryModuleBelowLab(_ module: String) async throws {
        try await expectFindings(
            "Task { }", at: "Sources/\(module)/Broken.swift", contain: "error: `Task {` is refused in \(module): ")
    }

    @Test(arguments: [
        "func start() -> Task<Void, Never> { a }", "var a: Task<Void, Never> { b }", "extension Task { }",
        "group.addTask { }", "try await clock.sleep(for: b)", "observer.log(1)", "a.exp(2)", "(a * b).squareRoot()",
        "// Task { }", "let a = \"Date()\"", "let a = #\"\\(Date())\"#", "random.next(below: 2)", "try a()",
        "tasks.start(a) { await b.c() }",
    ])
    func passesWhatOnlyLooksAlike(_ code: String) async throws {
        try await expectFindings(code, at: "Sources/SimNetwork/Sound.swift", contain: nil)
    }

    @Test func passesThoseNamesInLab() async throws {
        try await expectFindings("import Foundation\nlet a = Date()\n", at: "Sources/Lab/Sound.swift", contain: nil)
    }

    @Test(arguments: [
        "var a: [String: Int]; for (key, value) in a { }", "var a = [String: Int](); for key in a.keys where b { }",
        "private(set) var a: Set<Int> = []; for x in self.a { }", "let a: [Pair<B, C>: [D]]; a.values.map { $0 }",
        "let a = Set([1]); a.forEach { }", "let a: Dictionary<B, C>; a.first", "func f(a: inout [B: C]) { Array(a) }",
    ])
    func refusesIterationInHashOrder(_ code: String) async throws {
        try await expectFindings(
            code, at: "Sources/Workloads/Broken.swift",
            contain: "error: iteration over the Dictionary or Set `a` in Workloads: ")
    }

    @Test(arguments: [
        "var a: [Int]; for x in a { }", "var a: OrderedDictionary<B, C>; for x in a { }",
        "var a: OrderedSet<B>; a.map { $0 }",
        "var a: [B: C]; for x in a.keys.sorted() { }", "var a: [B: [C]]; for x in a[b]! { }",
        "var a: [B: C]; a.values.contains(c)",
        "let a = b ? [c] : [d]; for x in a { }", "var a: [B: C]; for x in ab { }",
    ])
    func passesIterationInAKnownOrder(_ code: String) async throws {
        try await expectFindings(code, at: "Sources/Workloads/Sound.swift", contain: nil)
    }

    @Test func refusesUncheckedSendable() async throws {
        try await expectFindings(
            "final class Box: @unchecked Sendable {}", at: "Sources/Lab/Box.swift",
            contain:
                "Sources/Lab/Box.swift:1: error: `@unchecked Sendable` outside the files of .tools/lint-allow.txt\n"
        )
    }

    @Test(arguments: ["precondition(a)", "preconditionFailure(a)", "assert(a)", "assertionFailure(a)", "fatalError(a)"])
    func refusesATrapWithoutAText(_ code: String) async throws {
        for module in ["SimNetwork", "Screen", "Program"] {
            try await expectFindings(
                code, at: "Sources/\(module)/Broken.swift", contain: "says nothing in builds with optimisation")
        }
        try await expectFindings("Text.\(code)", at: "Sources/Screen/Broken.swift", contain: nil)
    }

    @Test(
        arguments: ["SimNetwork", "Lab"],
        [
            ("switch a { case .b: 1\ndefault: 2 }", "stands for cases of an enum"),
            ("switch a { case (.b, .c): 1\ndefault: 2 }", "stands for cases of an enum"),
            ("switch a { case let .b(c): switch c { case 1: 1; default: 2 }\ndefault: 2 }", "stands for cases"),
            ("switch a { case b: 1\ndefault: preconditionFailure(c) }", "fails on what another switch let pass"),
            ("switch a { case b: 1\ndefault: bug(c) }", "fails on what another switch let pass"),
        ])
    func refusesASwitchThatSwallowsCases(_ module: String, _ switched: (code: String, message: String)) async throws {
        let path = "Sources/\(module)/Broken.swift"
        try await expectFindings(
            switched.code, at: path, contain: "\(path):2: error: `default:` in \(module) \(switched.message)")
    }

    @Test(arguments: [
        ("Sources/Lab/Sound.swift", "switch a { case \"b\": 1\ndefault: 2 }"),
        ("Sources/Lab/Sound.swift", "switch a { case 1...3: .b\ndefault: .c }"),
        ("Sources/Lab/Sound.swift", "switch a { case .b: switch c { case 1: 1\ndefault: 2 } case .c: 3 }"),
        ("Sources/Lab/Sound.swift", "a[b, default: 0] += 1"),
        ("Sources/Screen/Sound.swift", "switch a { case .b: 1\ndefault: 2 }"),
    ])
    func passesADefaultThatNoCaseHides(_ path: String, _ code: String) async throws {
        try await expectFindings(code, at: path, contain: nil)
    }

    /// How the files of a circle may use each other: each declares a type, and names that of the next.
    static let circles: [(declares: String, names: String)] = [
        ("struct A# {}", "let a: A#"), ("public final class A# {}", "extension A# {}"),
        ("package protocol A# {}", "struct B#: A# {}"), ("indirect enum A# { case a }", "[A#]()"),
        ("typealias A# = Int", "func f(_ a: A#?) {}"), ("@MainActor struct A# {}", "\"\\(A#.self)\""),
        ("extension Sound {\n    struct A# {}\n}", "let a: Sound.A#"),
        ("extension Sound {\n    package enum A# {}\n}", "extension Sound { var a: A# { b } }"),
        ("extension Set.Index {\n    struct A# {}\n}", "let a = Index.A#()"),
        ("struct A# {}", "let a: Lab.A#"),
    ]

    /// Writes files `F0` to `F…` of a folder, each of which names what the next one declares, and the last what the first
    /// does.
    private func write(_ count: Int, _ declares: String, _ names: String, in folder: String, of tree: LintTree) throws {
        for number in 0..<count {
            let (own, other) = ("\(number)", "\((number + 1) % count)")
            try tree.write(
                "\(folder)/F\(number).swift",
                declares.replacing("#", with: own) + "\n" + names.replacing("#", with: other) + "\n")
        }
    }

    @Test(arguments: circles)
    func refusesACircleOfMoreThanSixFiles(_ circle: (declares: String, names: String)) async throws {
        try await LintTree.with { tree in
            try write(7, circle.declares, circle.names, in: "Sources/Lab/Parts", of: tree)
            let outcome = try await tree.lint()
            let names = (0..<7).map { "Parts/F\($0).swift" }.joined(separator: ", ")
            #expect(
                outcome.output.contains(
                    "Sources/Lab/Parts/F0.swift:1: error: 7 files of Lab use each other in a circle, and 6 may: \(names)\n"
                ))
            #expect(outcome.output.hasSuffix(", 1 findings\n"))
        }
    }

    @Test func passesCirclesThatAreSmallOrNone() async throws {
        try await LintTree.with { tree in
            let modules = try LintTree.allowedImports().map(\.module)
            try write(6, "struct A# {}", "let a: A#", in: "Sources/Lab/Small", of: tree)
            let others = [
                ("private struct A# {}", "let a: A#"), ("struct A# {}", "// A#"), ("struct A# {}", "let a = \"A#\""),
                ("struct A# {}", "let a: B.A#"), ("struct B { struct A# {} }", "let a: A#"),
                ("struct A# {}\nlet a: A#", ""),
                ("extension Sound {\n    typealias A# = Int\n}", "let a: Sound.A#"),
            ]
            for (module, (declares, names)) in zip(modules.filter { $0 != "Lab" }, others) {
                try write(7, declares, names, in: "Sources/\(module)", of: tree)
            }
            try write(7, "struct A# {}", "let a: A#", in: "Tests/LabTests", of: tree)
            let outcome = try await tree.lint()
            #expect(outcome.output.hasSuffix(", 0 findings\n"), "\(outcome.output)")
        }
    }

    @Test(arguments: ["Sources/Lab/A.swift", "Tests/LabTests/A.swift", "labs/a.yaml"])
    func refusesMarksForLater(_ path: String) async throws {
        let mark = "FIX" + "ME"
        try await expectFindings("\n# \(mark): later", at: path, contain: "\(path):2: error: \(mark): ")
    }

    @Test func letsPassWhatTheAllowListNames() async throws {
        try await LintTree.with { tree in
            let path = "Sources/SimNetwork/Tasks.swift"
            try tree.write(
                ".tools/lint-allow.txt",
                """
                # A comment.
                \(path): Task(executorPreference:: starts the others
                \(path): @unchecked Sendable: audited

                """)
            let allowed = "final class Tasks: @unchecked Sendable {}\nTask(\n    executorPreference: e) { }\n"
            try tree.write(path, allowed)
            #expect(try await tree.lint().status == 0)

            try tree.write(path, allowed + "Task(priority: .high) { }\n")
            let outcome = try await tree.lint()
            #expect(outcome.output.contains("\(path):4: error: `Task(` is refused"))
            #expect(outcome.output.hasSuffix(", 1 findings\n"))
        }
    }

    @Test(arguments: [
        ("Sources/Lab/Sound.swift: Task(: once needed", "lets nothing pass"),
        ("Sources/Lab/Sound.swift: Task(", "expected"),
    ])
    func refusesAnIdleLineOfTheAllowList(_ line: String, _ message: String) async throws {
        try await expectFindings(
            line, at: ".tools/lint-allow.txt", contain: ".tools/lint-allow.txt:1: error: \(message)")
    }

    @Test func printsEveryFinding() async throws {
        try await LintTree.with { tree in
            try tree.write("Sources/Screen/A.swift", "import Lab\nimport Foundation\n")
            try tree.write("Sources/Workloads/B.swift", "Task { }\n")
            let outcome = try await tree.lint()
            #expect(outcome.output.hasSuffix(", 3 findings\n"))
            #expect(outcome.status == 1)
        }
    }

    /// Adds a file to a sound tree, and expects the lint to say `finding` and fail, or to pass when that is nil.
    private func expectFindings(
        _ text: String, at path: String, contain finding: String?, _ location: SourceLocation = #_sourceLocation
    ) async throws {
        try await LintTree.with { tree in
            try tree.write(path, text)
            let outcome = try await tree.lint()
            if let finding {
                #expect(outcome.output.contains(finding), sourceLocation: location)
                #expect(outcome.status == 1, sourceLocation: location)
            } else {
                #expect(outcome.output.hasSuffix(", 0 findings\n"), sourceLocation: location)
                #expect(outcome.status == 0, sourceLocation: location)
            }
        }
    }
}
