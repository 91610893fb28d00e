import Lab
import Screen
import SimNetwork
import TCP

extension TopologyPane {
    /// Draws a link from left to right with what is on it, in step with virtual time.
    func drawLink(_ id: LinkID, row: Int, columns: Range<Int>, on canvas: inout Canvas) {
        guard columns.count >= 3 else { return }
        let condition = LinkCondition(id, scene.snapshot, at: scene.now)
        let glyphs = canvas.glyphs
        let isDisturbed = condition.loss > 0 || condition.isSlow || !condition.disturbs.isEmpty
        let line = condition.isSilent ? glyphs.rule : isDisturbed ? glyphs.slowLink : glyphs.link
        canvas.fill(Rect(row: row, column: columns.lowerBound, rows: 1, columns: columns.count), with: line, .dim)
        for moving in traffic.onLink[id] ?? [] {
            let done = moving.thousandths(at: scene.now) * (columns.count - 1) / 1_000
            let isForward = moving.segment.direction == .forward
            let column = isForward ? columns.lowerBound + done : columns.upperBound - 1 - done
            canvas.put(
                isForward ? glyphs.rightArrow : glyphs.leftArrow, at: Position(row: row, column: column),
                style(of: moving.segment))
        }
        // What stops one direction is drawn at the end that it silences.
        func put(_ glyph: Character, _ extent: LinkCondition.Extent) {
            let column: Int
            switch extent {
            case .none: return
            case .both: column = columns.lowerBound + columns.count / 2
            case .forward: column = columns.lowerBound + 1
            case .backward: column = columns.upperBound - 2
            }
            canvas.put(glyph, at: Position(row: row, column: column), .danger)
        }
        put(glyphs.paused, condition.clogged)
        put(glyphs.cross, condition.parted)
        put(glyphs.cross, condition.cut)
    }

    private func style(of segment: SegmentSummary) -> Style {
        if segment.flags.contains(.rst) { return .danger }
        if segment.flags.contains(.syn) || segment.flags.contains(.fin) { return .accent2 }
        return segment.length > 0 ? Style.accent1.bold : .accent3
    }

    /// What is to be said of a link: what stops it, what is on it, what it does to segments.
    func note(of id: LinkID, _ glyphs: GlyphSet) -> [Span] {
        let condition = LinkCondition(id, scene.snapshot, at: scene.now)
        var spans: [Span] = []
        func say(_ word: String, _ extent: LinkCondition.Extent) {
            switch extent {
            case .none: break
            case .both: spans.append(Span(word, .danger))
            case .forward: spans.append(Span("\(word) \(glyphs.rightArrow)", .danger))
            case .backward: spans.append(Span("\(word) \(glyphs.leftArrow)", .danger))
            }
        }
        say("\(glyphs.cross) cut", condition.cut)
        say("\(glyphs.cross) parted", condition.parted)
        say("clogged", condition.clogged)
        if condition.isUnreachable { spans.append(Span("unreachable", .danger)) }
        let count = traffic.onLink[id]?.count ?? 0
        if count > 0 { spans.append(Span("\(count) in flight", .accent1)) }
        if condition.queued > 0 { spans.append(Span("\(NumberText.bytes(condition.queued)) queued", .warning)) }
        if condition.isSlow { spans.append(Span("slow", .warning)) }
        if condition.loss > 0 { spans.append(Span("lossy \(percent(condition.loss))", .warning)) }
        for kind in condition.disturbs { spans.append(Span("\(kind.rawValue)s", .warning)) }
        return Array(spans.map { [$0] }.joined(separator: [Span(" ")]))
    }

    /// A share of segments; below one in a hundred it is not said to be none.
    private func percent(_ share: Double) -> String {
        share < 0.01 ? "<1 %" : "\(Int((share * 100).rounded())) %"
    }

    // MARK: Many hosts

    /// Many hosts: a line of counts, a matrix with a glyph a host, then what deserves a look, or what is selected.
    func drawFolded(on canvas: inout Canvas) {
        let world = scene.snapshot.world
        let (rows, columns) = (canvas.bounds.rows, canvas.bounds.columns)
        let down = world.hosts.count { !$0.isOn }
        let cut = world.links.count(where: \.isCut)
        let clogged = world.links.indices.count(where: isClogged)
        var counts = [Span(" \(world.hosts.count - down) on", .good)]
        if down > 0 { counts.append(Span("  \(canvas.glyphs.cross) \(down) down", .danger)) }
        counts.append(Span("  \(NumberText.count(world.links.count, "link"))", .dim))
        if cut > 0 { counts.append(Span("  \(canvas.glyphs.cross) \(cut) cut", .danger)) }
        if clogged > 0 { counts.append(Span("  \(clogged) clogged", .danger)) }
        counts.append(Span("  \(world.segments.count) in flight", .accent1))
        canvas.put(counts, at: Position(row: 0, column: 0), width: columns)
        let width = max(1, columns - 2)
        let matrixRows = min(max(1, (rows - 1) / 2), (world.hosts.count + width - 1) / width)
        let fits = matrixRows * width >= world.hosts.count
        for index in 0..<min(world.hosts.count, matrixRows * width - (fits ? 0 : 1)) {
            let isOn = world.hosts[index].isOn
            let isSelected = isSelected(.host(HostID(index)))
            canvas.put(
                isOn ? canvas.glyphs.filledBullet : canvas.glyphs.cross,
                at: Position(row: 1 + index / width, column: 1 + index % width),
                isSelected ? Style(.selection, .reverse) : isOn ? .good : .danger)
        }
        if !fits { canvas.put(canvas.glyphs.ellipsis, at: Position(row: matrixRows, column: width), .dim) }
        let first = 1 + matrixRows
        canvas.within(Rect(row: first, column: 0, rows: rows - first, columns: columns)) { drawNotable(on: &$0) }
    }

    /// Of which links a direction holds back what it carries. There may be 100,000: their hosts are asked where one of those is
    /// clogged.
    private var isClogged: (Int) -> Bool {
        let (world, links) = (scene.snapshot.world, scene.snapshot.lab.topology.links)
        guard world.hosts.contains(where: \.isClogged) else {
            return { world.links[$0].forwardClogged || world.links[$0].backwardClogged }
        }
        return { index in
            let ends = (links[index].first, links[index].second)
            return LinkDirection.allCases.contains { world.isClogged(LinkID(index), $0, between: ends) }
        }
    }

    private func drawNotable(on canvas: inout Canvas) {
        let world = scene.snapshot.world
        var items: [Item] = []
        if isFocused {
            let all = Self.items(in: scene.snapshot)
            let window = ListWindow(
                count: all.count, selected: Self.index(in: all, scene.view), rows: canvas.bounds.rows)
            items = Array(all[window.range])
        } else {
            let limit = canvas.bounds.rows
            items += world.hosts.indices.lazy.filter { !world.hosts[$0].isOn }.prefix(limit).map { .host(HostID($0)) }
            let isClogged = isClogged
            items += world.links.indices.lazy.filter { world.links[$0].isCut || isClogged($0) }.prefix(limit).map {
                .link(LinkID($0))
            }
            items += world.links.indices.lazy.map { LinkID($0) }.filter {
                traffic.onLink[$0] != nil && !items.contains(.link($0))
            }
            .prefix(limit).map { .link($0) }
        }
        for (row, item) in items.prefix(canvas.bounds.rows).enumerated() {
            switch item {
            case .link(let link): drawLinkRow(link, row: row, on: &canvas)
            case .host(let host):
                let isOn = world.hosts[Int(host.index)].isOn
                let glyph = isOn ? canvas.glyphs.filledBullet : canvas.glyphs.cross
                canvas.put(
                    [
                        Span(" \(glyph) ", isOn ? .good : .danger), Span(scene.names.name(host)),
                        Span("  \(hostNote(host))", isOn ? .dim : .danger),
                    ], at: Position(row: row, column: 0), width: canvas.bounds.columns)
                if isSelected(item) { canvas.select(row: row) }
            case .process, .connection, .peer, .event, .upcoming, .site, .family, .expectation, .violation, .storyLine:
                break
            }
        }
    }
}

extension LinkState {
    /// A direction of it carries nothing.
    fileprivate var isCut: Bool { forwardCut || backwardCut }
}
