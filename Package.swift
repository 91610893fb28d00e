// swift-tools-version: 6.2
import PackageDescription

let collections = "swift-collections"
let nio = "swift-nio"

let package = Package(
    name: "PeerLab",
    products: [
        .library(name: "PeerNetworking", targets: ["PeerNetworking"]),
        .library(name: "PeerNetworkingMocks", targets: ["PeerNetworkingMocks"]),
        .library(name: "PeerObservation", targets: ["PeerObservation"]),
        .library(name: "Workloads", targets: ["Workloads"]),
        .library(name: "SimNetwork", targets: ["SimNetwork"]),
        .library(name: "SocketNetwork", targets: ["SocketNetwork"]),
        .library(name: "Lab", targets: ["Lab"]),
        .library(name: "PeerLab", targets: ["PeerLab"]),
        .executable(name: "peerlab", targets: ["peerlab"]),
        .executable(name: "peerlab-bench", targets: ["peerlab-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", exact: "1.7.3"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        // The processor's CRC-32C.
        .target(name: "CCRC32C"),
        // The processor's hint of what is looked at next.
        .target(name: "CPrefetch"),
        // What a process says when a bug ends it, and how the code says that something is one.
        .target(name: "CTrap"),
        .target(name: "Bug", dependencies: ["CTrap"]),
        // The contract, and the peers written against it.
        .target(
            name: "PeerNetworking",
            dependencies: [
                "Bug", "CCRC32C",
                .product(name: "NIOCore", package: nio),
                .product(name: "DequeModule", package: collections),
                .product(name: "OrderedCollections", package: collections),
            ]),
        // The contract without a network, for tests of code that is written against it.
        .target(
            name: "PeerNetworkingMocks",
            dependencies: [
                "Bug", "PeerNetworking",
                .product(name: "NIOCore", package: nio),
                .product(name: "DequeModule", package: collections),
            ]),
        // One end of a TCP connection: a value, no world.
        .target(
            name: "TCP",
            dependencies: [
                "Bug", .product(name: "NIOCore", package: nio), .product(name: "DequeModule", package: collections),
            ]),
        // Scripts in packetdrill's language, against that or the kernel.
        .target(name: "Drill", dependencies: ["TCP", .product(name: "NIOCore", package: nio)]),
        // The kernel's TCP in network namespaces, and the C shim for them and for TUN devices.
        .target(name: "CLinux"),
        .target(
            name: "LinuxNetwork",
            dependencies: ["CLinux", "Drill", "TCP", .product(name: "NIOCore", package: nio)]),
        // The deterministic world.
        .target(
            name: "SimNetwork",
            dependencies: [
                "Bug", "CPrefetch", "PeerNetworking", "TCP",
                .product(name: "NIOCore", package: nio),
                .product(name: "DequeModule", package: collections),
                .product(name: "HeapModule", package: collections),
                .product(name: "OrderedCollections", package: collections),
            ]),
        // The same contract on real sockets.
        .target(
            name: "SocketNetwork",
            dependencies: [
                "Bug", "PeerNetworking",
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOConcurrencyHelpers", package: nio),
                .product(name: "DequeModule", package: collections),
            ]),
        // Metrics, logs and spans of peers, for any backend; and metrics as OpenMetrics text.
        .target(
            name: "PeerObservation",
            dependencies: [
                "PeerNetworking",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]),
        // The applications that a lab runs.
        .target(
            name: "Workloads",
            dependencies: [
                "Bug", "PeerNetworking", .product(name: "NIOCore", package: nio),
                .product(name: "DequeModule", package: collections),
                .product(name: "OrderedCollections", package: collections),
            ]),
        // Lab files, sessions, timelines, recordings.
        .target(
            name: "Lab",
            dependencies: [
                "Bug", "CTrap", "Drill", "LinuxNetwork", "PeerNetworking", "PeerObservation", "SimNetwork",
                "SocketNetwork", "TCP",
                "Workloads",
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "NIOConcurrencyHelpers", package: nio),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]),
        // Cells, glyphs, styles and layout: pure.
        .target(name: "Screen", dependencies: ["Bug"]),
        // What the screen shows of a lab, and what its keys do: pure.
        .target(name: "LabViews", dependencies: ["Screen", "Lab", "Drill", "SimNetwork", "TCP", "PeerNetworking"]),
        // The C shim over ncursesw, which make finds or installs (libncursesw5-dev).
        .target(name: "CNcurses", dependencies: ["CTrap"], linkerSettings: [.linkedLibrary("ncursesw")]),
        .target(name: "Terminal", dependencies: ["Screen", "CNcurses", "CTrap"]),
        // The commands.
        .target(
            name: "Program",
            dependencies: [
                "Bug", "CTrap", "Drill", "Lab", "LabViews", "LinuxNetwork", "Screen", "SimNetwork", "TCP", "Terminal",
                "Workloads",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        // All of it for a program of one's own, with workloads of one's own.
        .target(
            name: "PeerLab",
            dependencies: ["PeerNetworking", "Program", "Workloads", .product(name: "NIOCore", package: nio)]),
        .executableTarget(name: "peerlab", dependencies: ["PeerLab"]),
        .executableTarget(
            name: "peerlab-bench",
            dependencies: [
                "PeerNetworking", "SimNetwork", "SocketNetwork", "TCP", "Workloads", "Lab", "LabViews", "Screen",
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            resources: [.embedInCode("simpy_round_trips.py"), .embedInCode("key_to_frame.py")]),
        .testTarget(name: "TCPTests", dependencies: ["TCP", .product(name: "NIOCore", package: nio)]),
        .testTarget(
            name: "DrillTests", dependencies: ["Drill", "LinuxNetwork"], exclude: ["Drill", "mutants.txt"]),
        .testTarget(name: "ScreenTests", dependencies: ["Screen"]),
        .testTarget(name: "TerminalTests", dependencies: ["Screen", "Terminal", "CNcurses"]),
        .testTarget(
            name: "SimNetworkTests",
            dependencies: ["SimNetwork", "TCP", "PeerNetworking", .product(name: "NIOCore", package: nio)]),
        .testTarget(
            name: "SocketNetworkTests",
            dependencies: [
                "SocketNetwork", "PeerNetworking", .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio), .product(name: "NIOConcurrencyHelpers", package: nio),
            ]),
        .testTarget(
            name: "LabTests",
            dependencies: [
                "Lab", "LinuxNetwork", "SimNetwork", "TCP", "PeerNetworking", "Workloads", "LabViews", "Screen",
                .product(name: "NIOCore", package: nio),
            ]),
        .testTarget(
            name: "LabViewsTests",
            dependencies: ["Drill", "LabViews", "Lab", "Screen", "SimNetwork", "TCP", "PeerNetworking", "Workloads"],
            exclude: ["Goldens"]),
        .testTarget(
            name: "PeerNetworkingTests",
            dependencies: ["PeerNetworking", "PeerNetworkingMocks", .product(name: "NIOCore", package: nio)]),
        .testTarget(
            name: "PeerObservationTests",
            dependencies: [
                "PeerObservation", "PeerNetworking", "PeerNetworkingMocks",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
            ]),
        // What both providers must do alike.
        .testTarget(
            name: "ConformanceTests",
            dependencies: [
                "Lab", "LinuxNetwork", "PeerNetworking", "SimNetwork", "SocketNetwork", "TCP", "Workloads",
                .product(name: "NIOCore", package: nio),
                .product(name: "NIOPosix", package: nio),
            ]),
        .testTarget(name: "LintTests"),
        // The built program: its command line, its exit codes, and the screen under tmux.
        .testTarget(
            name: "ProgramTests", dependencies: ["peerlab", "peerlab-bench", "misbehaving-peerlab"],
            exclude: ["Export/check_packets.py", "Export/check_records.py", "Export/check_picture.py"]),
        // peerlab with workloads that trap and never end.
        .executableTarget(
            name: "misbehaving-peerlab",
            dependencies: ["Bug", "PeerLab"],
            path: "Tests/MisbehavingProgram"),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.name != "CNcurses" && target.name != "CTrap" && target.name != "CLinux" {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            // Without it nonisolated async functions leave the simulation's executor in debug builds.
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .treatAllWarnings(as: .error),
        ]
}
