import PeerNetworking

// Actions in a record's bytes: the number of the form, which operands there are, and those in the form's order.
extension RecordWriter {
    mutating func write(_ action: Action) { append(action.bytes) }

    /// What records say of an action of a form.
    static func bytes(of operands: Operands, by form: ActionForm) -> [UInt8] {
        var writer = RecordWriter()
        defer { writer.free() }
        writer.write(operands, by: form)
        return Array(writer.bytes)
    }

    private mutating func write(_ operands: Operands, by form: ActionForm) {
        var given: UInt64 = 0
        operands.forEach(of: form.operandNames) { place, _ in given |= 1 << UInt64(place) }
        reserve(32)
        number(UInt64(form.number))
        number(given)
        operands.forEach(of: form.operandNames) { _, value in write(value) }
    }

    private mutating func write(_ value: borrowing OperandValue) {
        reserve(64)
        switch value {
        case .link(let link): tagged(.link, link.index)
        case .direction(let direction): tagged(.direction, Int32(direction.rawValue))
        case .bound(let bound): tagged(.bound, Int32(bound.rawValue))
        case .host(let host): tagged(.host, host.index)
        case .hosts(let hosts):
            choice(OperandTag.hosts)
            write(Partition(hosts, []))
        case .groups(let first, let second):
            choice(OperandTag.groups)
            write(Partition(first, second))
        case .pair(let from, let to):
            tagged(.pair, from.index)
            natural(to.index)
        case .peer(let process): tagged(.peer, process.index)
        case .service(let service):
            tagged(.service, service.host.index)
            natural(Int32(service.port.map { Int32($0) + 1 } ?? 0))
        case .connection(let connection):
            choice(OperandTag.connection)
            number(UInt64(connection.number))
        case .side(let side): tagged(.side, Int32(side.rawValue))
        case .number(let number):
            choice(OperandTag.number)
            signed(number)
        case .probability(let probability):
            choice(OperandTag.probability)
            write(probability)
        case .latency(let latency):
            choice(OperandTag.latency)
            write(latency)
        case .loss(let model):
            choice(OperandTag.loss)
            write(model)
        case .flag(let flag): tagged(.flag, flag ? 1 : 0)
        case .word(let word):
            choice(OperandTag.word)
            text(word)
        case .text(let text):
            choice(OperandTag.text)
            self.text(text)
        }
    }

    private mutating func tagged(_ tag: OperandTag, _ number: Int32) {
        choice(tag)
        natural(number)
    }
}

/// What kind of value follows in the bytes of an action.
enum OperandTag: CaseIterable {
    case link, direction, bound, host, hosts, groups, pair, peer, service, connection, side, number, probability
    case latency, loss, flag, word, text
}
