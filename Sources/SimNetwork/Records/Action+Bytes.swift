import PeerNetworking

// Actions in a record's bytes: the number of the form, which operands there are, and those in the form's order.
extension RecordWriter {
    mutating func write(_ action: Action) {
        let form = action.form
        let operands = action.operands
        var given: UInt64 = 0
        for (place, operand) in form.operands.enumerated() where operands[operand.name] != nil { given |= 1 << place }
        reserve(32)
        number(UInt64(form.number))
        number(given)
        for operand in form.operands { if let value = operands[operand.name] { write(value) } }
    }

    private mutating func write(_ value: OperandValue) {
        reserve(64)
        switch value {
        case .link(let link): tagged(.link, link.index)
        case .direction(let direction): tagged(.direction, Int32(direction.rawValue))
        case .bound(let bound): tagged(.bound, Int32(bound.rawValue))
        case .host(let host): tagged(.host, host.index)
        case .hosts(let hosts):
            choice(Tag.hosts)
            write(Partition(hosts, []))
        case .groups(let first, let second):
            choice(Tag.groups)
            write(Partition(first, second))
        case .pair(let from, let to):
            tagged(.pair, from.index)
            natural(to.index)
        case .peer(let process): tagged(.peer, process.index)
        case .service(let service):
            tagged(.service, service.host.index)
            natural(Int32(service.port.map { Int32($0) + 1 } ?? 0))
        case .connection(let connection):
            choice(Tag.connection)
            number(UInt64(connection.number))
        case .side(let side): tagged(.side, Int32(side.rawValue))
        case .number(let number):
            choice(Tag.number)
            signed(number)
        case .probability(let probability):
            choice(Tag.probability)
            write(probability)
        case .latency(let latency):
            choice(Tag.latency)
            write(latency)
        case .loss(let model):
            choice(Tag.loss)
            write(model)
        case .flag(let flag): tagged(.flag, flag ? 1 : 0)
        case .word(let word):
            choice(Tag.word)
            text(word)
        case .text(let text):
            choice(Tag.text)
            self.text(text)
        }
    }

    private mutating func tagged(_ tag: Tag, _ number: Int32) {
        choice(tag)
        natural(number)
    }
}

extension RecordReader {
    /// An action as it was written. The bytes never come from outside of the process.
    mutating func action() -> Action {
        let form = ActionForm.all[Int(number())]
        let given = number()
        var operands = Operands()
        for (place, operand) in form.operands.enumerated() where given >> UInt64(place) & 1 == 1 {
            operands[operand.name] = value()
        }
        do throws(OperandProblem) {
            return try form.make(operands)
        } catch {
            preconditionFailure("a record's \(form.name) cannot be read back: \(error.message)")
        }
    }

    private mutating func value() -> OperandValue {
        switch choice(Tag.self) {
        case .link: .link(LinkID(Int(small())))
        case .direction: .direction(choice())
        case .bound: .bound(choice())
        case .host: .host(host())
        case .hosts: .hosts(partition().first)
        case .groups: groups()
        case .pair: .pair(host(), host())
        case .peer: .peer(process())
        case .service: .service(service())
        case .connection: .connection(connection())
        case .side: .side(choice())
        case .number: .number(signed())
        case .probability: .probability(probability())
        case .latency: .latency(latency())
        case .loss: .loss(loss())
        case .flag: .flag(flag())
        case .word: .word(text())
        case .text: .text(text())
        }
    }

    private mutating func groups() -> OperandValue {
        let partition = partition()
        return .groups(partition.first, partition.second)
    }

    private mutating func service() -> ServiceScope {
        let host = host()
        let port = small()
        return ServiceScope(host, port: port == 0 ? nil : UInt16(clamping: port - 1))
    }
}

/// What kind of value follows.
private enum Tag: CaseIterable {
    case link, direction, bound, host, hosts, groups, pair, peer, service, connection, side, number, probability
    case latency, loss, flag, word, text
}
