/// How an action is written: its name, and what follows it.
///
/// One table for lab files, commands, scripts and recordings. In a lab file the value of the name is the first operand,
/// and the others are keys beside it; on a line the operands that must be there follow in their order, and the others as
/// `key=value`.
struct ActionForm: Sendable {
    /// Something that an action is given.
    struct Operand: Sendable {
        var name: String
        /// What stands for it in help.
        var metavariable: String
        var isOptional = false
        /// Keys that may be written in its place, each of which says what kind of thing is meant.
        var kinds: [TargetKind] = []

        init(_ name: String, _ metavariable: String) {
            self.name = name
            self.metavariable = metavariable
        }

        /// It may be left out.
        var optional: Operand {
            var operand = self
            operand.isOptional = true
            return operand
        }
    }

    var name: String
    /// A shorter name, for hands.
    var alias: String?
    var operands: [Operand]
    /// What it does, in a sentence.
    var help: String

    init(_ name: String, alias: String? = nil, _ operands: [Operand], _ help: String) {
        self.name = name
        self.alias = alias
        self.operands = operands
        self.help = help
    }

    /// All keys that an entry of this form may have.
    var keys: [String] { operands.flatMap { [$0.name] + $0.kinds.map(\.rawValue) } }

    /// The operands that are written without their names, in their order: those that must be there, then what may be left
    /// out where there is but one such, or where it comes first.
    var byPlace: [Operand] {
        let optional = operands.filter(\.isOptional)
        let isClear = optional.count == 1 || operands.first?.isOptional == true
        return operands.filter { !$0.isOptional } + (isClear ? Array(optional.prefix(1)) : [])
    }

    /// All keys of all forms.
    static let allKeys = Set(all.flatMap(\.keys))

    /// The form as help shows it: `cut LINK [FROM->TO]`.
    var text: String { text(named: name) }

    func text(named name: String) -> String { arguments.isEmpty ? name : "\(name) \(arguments)" }

    /// What follows the name.
    var arguments: String {
        let places = Set(byPlace.map(\.name))
        return operands.map { operand in
            let text = places.contains(operand.name) ? operand.metavariable : "\(operand.name)=\(operand.metavariable)"
            return operand.isOptional ? "[\(text)]" : text
        }.joined(separator: " ")
    }

    /// The forms of a name or alias: one, or the two of `drop`.
    static func named(_ name: String) -> [ActionForm] { all.filter { $0.name == name || $0.alias == name } }

    /// The names, each once.
    static let names: [String] = all.reduce(into: []) { names, form in
        if names.last != form.name { names.append(form.name) }
    }
}

/// What kind of thing an action may be done to.
enum TargetKind: String, Sendable, CaseIterable {
    case peer, host, link, connection

    var metavariable: String { rawValue.uppercased() }
}

extension ActionForm.Operand {
    static let link = Self("link", "LINK")
    static let direction = Self("direction", "FROM->TO").optional
    static let host = Self("host", "HOST")
    static let peer = Self("peer", "PEER")
    static let connection = Self("connection", "CONNECTION")
    static let side = Self("side", "SIDE")
    static let segment = Self("segment", "SEGMENT")
    static let service = Self("service", "HOST[:PORT]")
    static let probability = Self("probability", "P")
    static let by = Self("by", "DURATION")
    static let site = Self("site", "SITE")
    static let subject = Self("subject", "NAME").optional
    static let draw = Self("draw", "N").optional

    /// A thing of one of some kinds.
    static func of(_ kinds: TargetKind...) -> Self {
        var operand = Self("of", kinds.map(\.metavariable).joined(separator: "|"))
        operand.kinds = kinds
        return operand
    }
}

extension ActionForm {
    /// Every action, in the order of the catalogue.
    static let all: [ActionForm] = links + connecting + connections + processes + segments + draws

    private static let links = [
        ActionForm(
            "cut", [.link, .direction],
            "Cut a link, or one direction of it: what is on it is lost, and what is sent over it."),
        ActionForm(
            "heal", [.link, .direction],
            "Heal a link, or one direction of it."),
        ActionForm(
            "latency", [.link, Operand("to", "LATENCY"), .direction],
            "Change how long segments take: `5ms`, or a distribution as `uniform(1ms,5ms)`."),
        ActionForm(
            "slow-pair", [Operand("pair", "FROM->TO"), .by],
            "Lengthen the way from one host to another; `0s` lifts it."),
        ActionForm(
            "bandwidth", [.link, Operand("rate", "RATE"), Operand("queue", "SIZE").optional, .direction],
            "Let a link carry so many bytes a second, with a queue before it; `0B/s` is without limit."),
        ActionForm(
            "mtu", [.link, Operand("bytes", "SIZE"), .direction],
            "Let a link take packets up to a size; larger ones are lost, and their sender is told."),
        ActionForm(
            "loss", [.link, .probability, .direction],
            "Lose segments with a probability, or in bursts: `burst(p,r)`."),
        ActionForm(
            "duplicate", [.link, .probability, .direction],
            "Deliver segments twice with a probability."),
        ActionForm(
            "reorder", [.link, .probability, .by, .direction],
            "Hold segments up with a probability, so that others overtake them."),
        ActionForm(
            "corrupt", [.link, Operand("caught", "P").optional, Operand("uncaught", "P").optional, .direction],
            "Damage segments: `caught` by the checksum and dropped, or `uncaught` with a bit of the payload flipped."),
        ActionForm(
            "restore", [.link, Operand("property", "PROPERTY"), .direction],
            "Give a property of a link back the value that it has in the lab."),
        ActionForm(
            "clog", [.of(.link, .host), .direction],
            "Hold back what a link or host carries; it arrives, in order, when it is released."),
        ActionForm(
            "unclog", [.of(.link, .host), .direction],
            "Release what a clog holds back."),
        ActionForm(
            "partition", [Operand("groups", "HOSTS|HOSTS"), Operand("one-way", "true").optional],
            "Part the hosts in two groups that do not hear each other: `a,b|c`, one group against all others, or `random`, `uniform-size`, `isolate-one`."
        ),
        ActionForm(
            "unpartition", [Operand("groups", "HOSTS|HOSTS").optional, Operand("one-way", "true").optional],
            "End a partition, or all."),
        ActionForm(
            "swizzle", [Operand("hosts", "HOSTS"), Operand("over", "DURATION")],
            "Clog hosts one after the other within a time, and release them in another order."),
        ActionForm(
            "unreachable", [.of(.link, .host), Operand("answer", "host|network|off").optional, .direction],
            "Have a host or link answered for as unreachable."),
    ]

    private static let connecting = [
        ActionForm(
            "refuse", [.service, .probability.optional],
            "Refuse connections to a host or port with a probability; `0` lifts it."),
        ActionForm(
            "connect-hang", [.service, .probability.optional],
            "Ignore the SYNs of connections with a probability; `0` lifts it."),
        ActionForm(
            "backlog-full", [.service, Operand("full", "true|false").optional],
            "Let a listener's backlog be full."),
        ActionForm(
            "name-error",
            [
                .host, Operand("failure", "not-found|temporary|slow|off").optional,
                Operand("delay", "DURATION").optional, .probability.optional,
            ],
            "Let a host's name fail to resolve, or be slow; `failure=off` lifts it."),
    ]

    private static let connections = [
        ActionForm(
            "close",
            [
                .of(.peer, .host, .connection), .probability.optional, Operand("learns", "this|other|both").optional,
                Operand("manner", "reset|end").optional, Operand("use", "this|next").optional,
            ],
            "Close connections under reads and writes with a probability; `probability=0` lifts it."),
        ActionForm(
            "reset", [.of(.connection, .peer)],
            "Reset both ends of a connection, or of all of a peer's."),
        ActionForm(
            "half-close", [.of(.connection, .peer), .side.optional],
            "End what an end sends, as if its application had shut down its writing half."),
        ActionForm(
            "half-open", [.of(.connection, .peer), .side.optional],
            "Take an end away without a word: the other believes in the connection."),
        ActionForm(
            "short-read", [.of(.peer, .host, .connection), Operand("largest", "SIZE"), .probability.optional],
            "Let reads give few bytes; `0B` lifts it."),
        ActionForm(
            "short-write", [.of(.peer, .host, .connection), Operand("largest", "SIZE"), .probability.optional],
            "Let writes take few bytes; `0B` lifts it."),
        ActionForm(
            "slow-reader", [.of(.peer, .host, .connection), Operand("rate", "RATE")],
            "Hold reads to a rate; `0B/s` lifts the limit."),
    ]

    private static let processes = [
        ActionForm(
            "process-exit", alias: "exit", [.peer],
            "Let a peer's process end by itself."),
        ActionForm(
            "process-kill", alias: "kill", [.peer],
            "Kill a peer's process: its kernel closes its sockets."),
        ActionForm(
            "pause", [.peer],
            "Stop a peer's process; its kernel goes on acknowledging."),
        ActionForm(
            "resume", [.peer],
            "Let a paused process go on."),
        ActionForm(
            "restart", [.peer],
            "Start a peer's process again, killing it first if it runs."),
        ActionForm(
            "power-loss", [.host],
            "Take a host's power: its processes and sockets are gone without a word."),
        ActionForm(
            "power-on", [.host],
            "Give a host its power back, and start its processes."),
        ActionForm(
            "clock-skew", [.host, Operand("offset", "DURATION").optional, Operand("drift", "DURATION").optional],
            "Set a host's clock off, and let it gain or lose time every second; zeros lift it."),
        ActionForm(
            "slow-timers", [.host, Operand("most", "DURATION"), .probability.optional],
            "Let a host's timers go off late, by so much at most; `0s` lifts it."),
        ActionForm(
            "exhaust",
            [
                .host, Operand("sockets", "N|usual").optional, Operand("memory", "SIZE|usual").optional,
                Operand("ports", "N|usual").optional,
            ],
            "Limit one of a host's sockets, buffer memory and ports; `usual` lifts it."),
    ]

    private static let dropping =
        "Drop a segment that is on the wire, by default the one selected among what comes next; or those of a protocol moment (`syn`, `syn-ack`, `handshake`, `first-data`, `fin`) that cross a link."

    private static let segments = [
        ActionForm(
            "drop", [.connection, .side, .segment],
            dropping),
        ActionForm(
            "drop", [.link, Operand("during", "MOMENT"), .probability.optional, .direction],
            dropping),
        ActionForm(
            "delay", [.connection, .side, .segment, .by],
            "Put off the arrival of a segment that is on the wire: by default the selected one, by 200ms."),
    ]

    private static let draws = [
        ActionForm(
            "force", [.site, .subject, .draw],
            "Make a site fire: always, for a subject, or at one draw."),
        ActionForm(
            "veto", [.site, .subject, .draw],
            "Keep a site from firing: always, for a subject, or at one draw."),
        ActionForm(
            "unforce", [.site, .subject, .draw],
            "Take a force or a veto back."),
        ActionForm(
            "heal-all", [],
            "Heal everything, and end buggify and chaos."),
    ]
}
