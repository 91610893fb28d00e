import Lab
import Screen
import SimNetwork

/// The line at the top: which run this is, whether it goes on, and where it stands.
struct Header {
    let scene: Scene

    func draw(on canvas: inout Canvas) {
        let columns = canvas.bounds.columns
        let snapshot = scene.snapshot
        let right = place(canvas)
        let width = right.reduce(0) { $0 + $1.width }
        canvas.put(right, at: Position(row: 0, column: max(0, columns - width - 1)))
        let name = Span(" \(snapshot.lab.name)", .title)
        var more = [Span("  \(snapshot.provider.rawValue)", .dim), Span("  seed \(snapshot.seed)")]
        // Where there are several it says most which one this is.
        more.insert(Span("  \(snapshot.timeline)", .info), at: snapshot.timelines.all.count > 1 ? 0 : 2)
        more += past(snapshot.log)
        let room = max(0, columns - width - 3)
        var spans = [name]
        for span in more where spans.reduce(0, { $0 + $1.width }) + span.width <= room { spans.append(span) }
        canvas.put(spans, at: Position(row: 0, column: 0), width: room)
    }

    /// How much the past takes, where not all of it is in memory.
    private func past(_ use: LogUse) -> [Span] {
        if use.isDiskFull {
            return [Span("  log \(NumberText.memory(use.memory + use.disk)), no room on disk", .warning)]
        }
        guard use.disk > 0 else { return [] }
        return [
            Span("  log \(NumberText.memory(use.memory + use.disk)), \(NumberText.memory(use.disk)) on disk", .dim)
        ]
    }

    /// The state of the run, the time, the event and the digest.
    private func place(_ canvas: Canvas) -> [Span] {
        let snapshot = scene.snapshot
        var spans = [state(canvas)]
        spans.append(Span("   t \(TimeText.clock(scene.now)) s", .title))
        spans.append(Span("   \(ThingNames.event(snapshot.event))"))
        if !snapshot.isLive { spans.append(Span("/\(snapshot.records.count)", .dim)) }
        if let digest = snapshot.digest, canvas.bounds.columns >= 100 {
            spans.append(Span("   \(digest)", .accent1))
        }
        return spans
    }

    private func state(_ canvas: Canvas) -> Span {
        let (view, snapshot) = (scene.view, scene.snapshot)
        let glyphs = canvas.glyphs
        if snapshot.failure != nil { return Span("\(glyphs.cross) failed", .danger) }
        if view.isRunning {
            return Span("\(glyphs.rightArrow) running \(view.speed.description(ascii: glyphs.isASCII))", .good)
        }
        if snapshot.isOver { return Span("\(glyphs.filledBullet) over", .info) }
        if !snapshot.isLive { return Span("\(glyphs.leftArrow)\(glyphs.leftArrow) past", .warning) }
        return Span("\(glyphs.paused)\(glyphs.paused) paused", .warning)
    }
}
