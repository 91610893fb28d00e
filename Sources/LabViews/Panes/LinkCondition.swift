import Lab
import SimNetwork

/// What is the matter with a link at the cursor: of its own, and because of what is done to its hosts.
struct LinkCondition {
    /// Which directions something holds of.
    enum Extent {
        case none, forward, backward, both

        init(_ holds: (LinkDirection) -> Bool) {
            switch (holds(.forward), holds(.backward)) {
            case (true, true): self = .both
            case (true, false): self = .forward
            case (false, true): self = .backward
            case (false, false): self = .none
            }
        }
    }

    let cut: Extent
    let clogged: Extent
    /// A partition stands between its two hosts.
    let parted: Extent
    /// The share of segments lost in the worse direction, 0…1.
    let loss: Double
    /// What else a direction does to segments: duplicates, reorders, damages.
    let disturbs: [LinkShape.Kind]
    /// It takes longer than the lab has it, or a slow pair crosses it.
    let isSlow: Bool
    /// Bytes that wait before its line, in both directions together.
    let queued: Int64
    /// It is answered for as unreachable.
    let isUnreachable: Bool

    init(_ id: LinkID, _ snapshot: Snapshot, at time: Int64) {
        let link = snapshot.lab.topology.links[Int(id.index)]
        let world = snapshot.world
        let state = world.links[Int(id.index)]
        func ends(_ direction: LinkDirection) -> (from: HostID, to: HostID) {
            direction == .forward ? (link.first, link.second) : (link.second, link.first)
        }
        let now = [
            state.properties(link.forward, .forward), state.properties(link.backward, .backward),
        ]
        cut = Extent { state.isCut($0) }
        clogged = Extent { world.isClogged(id, $0, between: (link.first, link.second)) }
        parted = Extent { direction in
            let (from, to) = ends(direction)
            return world.partitions.contains { $0.blocks(from, to) }
        }
        loss = now.map(\.loss.mean).max() ?? 0
        disturbs = [LinkShape.Kind.duplicate, .reorder, .corrupt].filter { kind in
            now.contains { $0.shape(kind) != LinkProperties().shape(kind) }
        }
        let changed = state.shapes.contains { entry in
            let usual = entry.direction == .forward ? link.forward : link.backward
            return entry.shape.kind == .latency && entry.shape != usual.shape(.latency)
        }
        let hasSlowPair = LinkDirection.allCases.contains { direction in
            let (from, to) = ends(direction)
            return world.standing.actions.contains {
                $0.family == .slowPair && $0.operands["pair"] == .pair(from, to)
            }
        }
        isSlow = changed || hasSlowPair
        isUnreachable = world.standing.actions.contains {
            $0.family == .unreachable && $0.operands["of"] == .link(id)
        }
        queued = LinkDirection.allCases.reduce(0) { $0 + state.queued($1, at: time) }
    }

    /// Nothing passes in either direction.
    var isSilent: Bool { cut.isBoth || parted.isBoth }
    /// Something is the matter with it.
    var isNotable: Bool {
        !cut.isNone || !clogged.isNone || !parted.isNone || loss > 0 || !disturbs.isEmpty || isSlow || queued > 0
            || isUnreachable
    }
}

extension LinkCondition.Extent {
    var isNone: Bool { if case .none = self { true } else { false } }
    var isBoth: Bool { if case .both = self { true } else { false } }
}
