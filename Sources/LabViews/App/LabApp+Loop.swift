import Lab
package import Screen

extension LabApp {
    /// Work goes on for so long at most before inputs are looked at and the picture is drawn.
    private static let share: Int64 = 8_000_000

    /// Runs the screen on a device until the user or the system ends it; the device stays open.
    ///
    /// - Parameters:
    ///   - device: the screen and keyboard.
    ///   - clock: real time in nanoseconds from any fixed point, never going back.
    /// - Returns: why it ended.
    @discardableResult
    package func run(on device: any TerminalDevice, clock: @escaping () -> Int64) -> QuitReason {
        size = device.size
        // Real sockets run by themselves from the start; what is beside them keeps step.
        if !session.traits.isStepped || second != nil { view.isRunning = true }
        var last = clock()
        // When inputs were looked at last.
        var looked = last
        isTimeUp = { clock() - looked >= Self.share }
        for session in [session, second].compactMap(\.self) {
            session.ask(pauses: isTimeUp, isAbandoned: device.takeInterrupt)
        }
        defer {
            isTimeUp = { false }
            for session in [session, second].compactMap(\.self) {
                session.ask(pauses: { false }, isAbandoned: { false })
            }
        }
        var isStale = true
        var held: Input?
        while true {
            if let wantsQuit {
                session.finishRecording()
                return wantsQuit
            }
            if wantsSuspend {
                wantsSuspend = false
                device.suspend()
                device.redraw()
                isStale = true
                last = clock()
            }
            let begin = clock()
            looked = begin
            let before = (view, snapshot.event, now)
            var isBusy = tick(elapsedNanoseconds: begin - last)
            last = begin
            while isBusy, clock() - begin < Self.share { isBusy = work() }
            if isStale || second != nil || before.0 != view || before.1 != snapshot.event
                || before.2 != now
            {
                device.show(frame(size: device.size, capabilities: device.capabilities), cursor: cursor)
                isStale = false
            }
            // A busy run only looks whether there is a key; a paused simulation waits for one.
            let timeout = isBusy ? 0 : isTooSmall ? -1 : isRunning || isSeeking ? 16 : second != nil ? 50 : -1
            let input = held ?? device.nextInput(timeoutMilliseconds: timeout)
            held = nil
            looked = clock()
            // What passes while the run stands still is not made up for.
            if !isRunning || isTooSmall { last = clock() }
            guard let input else { continue }
            if handle(input) { isStale = true }
            // A line that is typed faster than it is drawn, as one that is put in key by key, waits for no picture.
            let typing = clock()
            while view.prompt != nil, held == nil, clock() - typing < Self.share,
                let next = device.nextInput(timeoutMilliseconds: 0)
            {
                if case .key = next { isStale = handle(next) || isStale } else { held = next }
            }
        }
    }
}
