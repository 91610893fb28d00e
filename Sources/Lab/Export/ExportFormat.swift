/// What a run can be written as, for other programs.
public enum ExportFormat: String, Hashable, Sendable, CaseIterable {
    /// Packets, for Wireshark and its kin.
    case pcapng
    /// A trace for Perfetto and chrome://tracing.
    case perfetto
    /// A picture: a space-time diagram, and the time–sequence graph of a connection.
    case svg
    /// A sequence diagram, for documents.
    case mermaid
    /// The records, an object a line.
    case jsonl
    /// A script for packetdrill and `peerlab drill`: the life of a connection.
    case pkt

    /// Makes what writes it.
    func writer(_ scope: ExportScope) -> any ExportWriter {
        switch self {
        case .pcapng: PcapngExport(scope)
        case .perfetto: PerfettoExport(scope)
        case .svg: SVGExport(scope)
        case .mermaid: MermaidExport(scope)
        case .jsonl: JSONLinesExport(scope)
        case .pkt: PacketdrillExport(scope)
        }
    }
}
