import TCP

// What a listener's faults do to those who want to connect to it.
extension World {
    private func decideFate(of connection: Connection, refuse: Probability, hang: Probability) {
        guard connection.fate == nil else { return }
        if strikes(.connectRefuse, refuse, for: .connection(connection.id), key: connection.key, of: connection) {
            connection.fate = .refused
        } else if strikes(.connectHang, hang, for: .connection(connection.id), key: connection.key, of: connection) {
            connection.fate = .ignored
        }
    }

    /// Decides what becomes of an attempt to connect to a host, where that is not decided yet.
    ///
    /// - Returns: what is done to those who want to connect to that port.
    @discardableResult
    func decideFate(of connection: Connection, at host: Host) -> [ServiceFault] {
        let faults = host.services.filter { $0.port == nil || $0.port == connection.serverPort }
        if faults.isEmpty { decideFate(of: connection, refuse: .never, hang: .never) }
        for fault in faults { decideFate(of: connection, refuse: fault.refuse, hang: fault.hang) }
        if connection.fate == nil, faults.contains(where: { $0.refuse != .never || $0.hang != .never }) {
            connection.fate = .spared
        }
        return faults
    }

    /// What a listener's faults do to a SYN.
    ///
    /// - Returns: whether the SYN goes no further.
    func refusesConnection(_ packet: InFlight, at host: Host, on connection: Connection) -> Bool {
        // A connection is decided for once, and its repeated SYNs fare as the first did.
        let faults = decideFate(of: connection, at: host)
        if connection.server == nil, faults.contains(where: \.isFull) {
            lose(packet, .backlogFull, on: connection)
            return true
        }
        switch connection.fate {
        case .refused:
            emit(.arrived(packet.number))
            emit(.struck(.refuse, host.id))
            transmit(packet.segment.resetInAnswer, on: connection, from: packet.from.other)
            return true
        case .ignored:
            lose(packet, .ignored, on: connection)
            return true
        case .spared, nil:
            return false
        }
    }
}
