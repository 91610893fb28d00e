/// Pieces of a picture in SVG.
enum SVGText {
    /// How a character is taken: of a fixed width, in pixels.
    static let letter = 7.3

    /// Text as XML has it.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    /// Text cut to a width in pixels.
    static func fitted(_ text: String, _ width: Double) -> String {
        let most = max(1, Int(width / letter))
        return text.count <= most ? text : text.prefix(most - 1) + "…"
    }

    /// A number of pixels.
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
    }

    static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
        "<line class=\"\(style)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\"/>\n"
    }

    static func text(_ x: Double, _ y: Double, _ text: String, _ style: String) -> String {
        "<text class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\">\(escaped(text))</text>\n"
    }

    static func path(_ points: [(x: Double, y: Double)], _ style: String) -> String {
        guard !points.isEmpty else { return "" }
        let places = points.map { "\(number($0.x)) \(number($0.y))" }.joined(separator: " L")
        return "<path class=\"\(style)\" d=\"M\(places)\"/>\n"
    }

    /// The beginning of a picture, with its looks in light, dark and print.
    static func head(width: Double, height: Double, title: String) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(height))" viewBox="0 0 \(number(width)) \(number(height))" role="img">
        <title>\(escaped(title))</title>
        <style>
        svg { --ink: #1f2328; --dim: #59636e; --faint: #d1d9e0; --paper: #ffffff; --data: #0550ae; --again: #8a4600; --bad: #b3261e; --window: #116329; }
        @media (prefers-color-scheme: dark) { svg { --ink: #e6edf3; --dim: #9198a1; --faint: #3d444d; --paper: #0d1117; --data: #79c0ff; --again: #e3b341; --bad: #ff7b72; --window: #7ee787; } }
        @media print { svg { --ink: #000000; --dim: #333333; --faint: #bbbbbb; --paper: #ffffff; --data: #000000; --again: #000000; --bad: #000000; --window: #333333; } }
        text { font: 12px ui-monospace, monospace; fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
        .paper { fill: var(--paper); } .head { font-weight: bold; } .middle { text-anchor: middle; } .end { text-anchor: end; }
        .time { fill: var(--dim); text-anchor: end; } .bad { fill: var(--bad); } .fault { fill: var(--bad); font-weight: bold; }
        line, path { fill: none; stroke-width: 1.2; } .life, .grid { stroke: var(--faint); } .axis { stroke: var(--dim); }
        .sent { stroke: var(--data); } .again { stroke: var(--again); stroke-dasharray: 6 3; } .lost { stroke: var(--bad); stroke-dasharray: 2 3; }
        .cross { stroke: var(--bad); stroke-width: 2; } .acked { stroke: var(--window); } .edge { stroke: var(--dim); stroke-dasharray: 1 3; }
        .markSent { stroke: var(--data); stroke-width: 2; } .markAgain { stroke: var(--again); stroke-width: 4; } .markLost { stroke: var(--bad); stroke-width: 4; } .markSelected { stroke: var(--window); stroke-width: 3; }
        </style>
        <rect class="paper" x="0" y="0" width="\(number(width))" height="\(number(height))"/>

        """
    }
}
