import Lab
import PeerNetworking
import Screen
import SimNetwork

extension TopologyPane {
    func drawPair(on canvas: inout Canvas) {
        let link = topology.links[0]
        let rows = canvas.bounds.rows
        let columns = canvas.bounds.columns
        let top = rows >= 6 ? 1 : 0
        let side = sideWidth(columns)
        drawHost(link.first, at: Position(row: top, column: 0), width: side, on: &canvas)
        drawHost(link.second, at: Position(row: top, column: columns - side), width: side, on: &canvas)
        let lane = min(4 + DisplayWidth.of(topology.hosts[Int(link.first.index)].name), side + 1)..<(columns - side)
        drawLink(LinkID(0), row: top, columns: lane, on: &canvas)
        canvas.put(
            // Between the hosts' own notes, which are drawn over all of their columns.
            note(of: LinkID(0), canvas.glyphs), at: Position(row: top + 1, column: side),
            width: max(0, columns - 2 * side), alignment: .centre)
        if isSelected(.link(LinkID(0))) {
            canvas.restyle(Rect(row: top, column: lane.lowerBound, rows: 2, columns: lane.count)) {
                Style(.selection, $0.emphasis)
            }
            canvas.put(canvas.glyphs.rightArrow, at: Position(row: top + 1, column: lane.lowerBound), .selection)
        }
        for (host, column) in [(link.first, 0), (link.second, columns - side)] {
            // Where it is narrow the note begins below the bullet, so that the link's own does not touch it.
            let indent = side < 10 ? 1 : 3
            canvas.put(
                hostNote(host, width: side - indent), at: Position(row: top + 1, column: column + indent),
                scene.snapshot.world.hosts[Int(host.index)].isOn ? .dim : .danger, width: side - indent)
            let processes = scene.names.processes(on: host)
            let room = max(0, rows - top - 2)
            let shown = processes.count > room ? max(0, room - 1) : processes.count
            for (index, process) in processes.prefix(shown).enumerated() {
                drawProcess(
                    process, at: Position(row: top + 2 + index, column: column), width: side, on: &canvas)
            }
            if shown < processes.count, room > 0 {
                canvas.put(
                    "\(canvas.glyphs.downArrow) \(processes.count - shown) more",
                    at: Position(row: top + 2 + shown, column: column + 1), .dim, width: side - 1)
            }
        }
    }

    /// The columns for each of two hosts: for the names and the states of processes, as long as the link between them keeps a
    /// dozen; for the names alone it keeps eight.
    private func sideWidth(_ columns: Int) -> Int {
        var (names, all) = (9, 10)
        for (index, host) in topology.hosts.enumerated() {
            names = max(names, DisplayWidth.of(host.name) + 3)
            all = max(all, DisplayWidth.of(host.name) + 4)
            for process in scene.names.processes(on: HostID(index)) {
                names = max(names, DisplayWidth.of(scene.names.name(process)) + 3)
                all = max(all, DisplayWidth.of(scene.names.name(process)) + 13)
            }
        }
        return max(min(all, (columns - 12) / 2), min(names, (columns - 8) / 2))
    }
}
