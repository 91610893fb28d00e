/// A terminal in memory for tests: inputs are queued beforehand, and the last frame can be looked at.
package final class InMemoryTerminal: TerminalDevice {
    /// The extent of the screen.
    package private(set) var size: Size
    /// What the screen can show.
    package let capabilities: Capabilities

    /// What was shown last.
    package private(set) var frame: Frame?
    /// Where the cursor was shown last.
    package private(set) var cursor: Position?
    /// How many frames were shown.
    package private(set) var frameCount = 0
    /// How many cells changed with the last frame.
    package private(set) var changedCells = 0
    /// How many cells changed with all frames together.
    package private(set) var totalChangedCells = 0
    /// How many times the process would have been stopped.
    package private(set) var suspendCount = 0
    /// Whether the terminal was given back.
    package private(set) var isClosed = false

    private var inputs: [Input]
    private var nextIndex = 0
    private var isStale = true

    /// Makes a terminal of a size with inputs waiting.
    package init(size: Size, capabilities: Capabilities = Capabilities(), inputs: [Input] = []) {
        self.size = size
        self.capabilities = capabilities
        self.inputs = inputs
    }

    /// Whether all inputs have been read.
    package var isIdle: Bool { nextIndex == inputs.count }

    /// Adds inputs after those that wait.
    package func enqueue(_ more: [Input]) {
        inputs += more
    }

    /// Adds a key for every character of a text.
    package func type(_ text: String) {
        inputs += text.map(Input.key)
    }

    /// Changes the size once the inputs that wait have been read.
    package func resize(to size: Size) {
        inputs.append(.resize(size))
    }

    /// Shows a frame, and the cursor at a position or nowhere.
    package func show(_ frame: Frame, cursor: Position?) {
        guard !isClosed else { return }
        changedCells = FrameDiff(from: isStale ? nil : self.frame, to: frame).changedCells
        totalChangedCells += changedCells
        frameCount += 1
        isStale = false
        self.frame = frame
        self.cursor = cursor
    }

    /// The next of the queued inputs; never waits.
    package func nextInput(timeoutMilliseconds: Int) -> Input? {
        guard !isClosed, !isIdle else { return nil }
        defer { nextIndex += 1 }
        if case .resize(let size) = inputs[nextIndex] { self.size = size }
        return inputs[nextIndex]
    }

    /// Draws everything anew at the next frame.
    package func redraw() {
        isStale = true
    }

    /// Counts; the process goes on.
    package func suspend() {
        suspendCount += 1
        redraw()
    }

    /// Gives the terminal back for good.
    package func close() {
        isClosed = true
    }
}
