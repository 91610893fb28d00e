import PeerNetworking

// Actions in a record's bytes.
extension RecordWriter {
    mutating func write(_ action: Action) {
        reserve(192)
        switch action {
        case .cut(let link, let direction): act(0, link, direction)
        case .heal(let link, let direction): act(1, link, direction)
        case .shape(let link, let direction, let shape):
            act(2, link, direction)
            write(shape)
        case .unshape(let link, let direction, let kind):
            act(3, link, direction)
            choice(kind)
        case .clog(let scope): act(4, scope)
        case .unclog(let scope): act(5, scope)
        case .partition(let plan):
            byte(6)
            write(plan)
        case .unpartition(let partition):
            byte(7)
            flag(partition != nil)
            if let partition { write(partition) }
        case .swizzle(let hosts, let span):
            byte(8)
            natural(span)
            write(Partition(hosts, []))
        case .slowPair(let from, let to, let extra):
            byte(9)
            natural(from.index)
            natural(to.index)
            natural(extra)
        case .unreachable(let scope, let answer):
            act(10, scope)
            optional(answer)
        case .refuse(let scope, let probability):
            act(11, scope)
            write(probability)
        case .connectHang(let scope, let probability):
            act(12, scope)
            write(probability)
        case .backlogFull(let scope, let isFull):
            act(13, scope)
            flag(isFull)
        case .nameError(let host, let failure, let probability):
            byte(14)
            natural(host.index)
            write(failure)
            write(probability)
        case .close(let scope, let close):
            act(15, scope)
            flag(close != nil)
            guard let close else { return }
            write(close.probability)
            choice(close.learns)
            choice(close.manner)
            flag(close.onNextUse)
        case .reset(let scope): act(16, scope)
        case .halfClose(let scope): act(17, scope)
        case .halfOpen(let scope): act(18, scope)
        case .shortRead(let scope, let short):
            act(19, scope)
            write(short)
        case .shortWrite(let scope, let short):
            act(20, scope)
            write(short)
        case .slowReader(let scope, let rate):
            act(21, scope)
            natural(rate)
        case .exit(let process): act(22, process)
        case .kill(let process): act(23, process)
        case .restart(let process): act(24, process)
        case .pause(let process): act(25, process)
        case .resume(let process): act(26, process)
        case .powerLoss(let host): act(27, host)
        case .powerOn(let host): act(28, host)
        case .clockSkew(let host, let offset, let drift):
            act(29, host)
            signed(offset)
            signed(drift)
        case .slowTimers(let host, let probability, let most):
            act(30, host)
            write(probability)
            natural(most)
        case .exhaust(let host, let resource, let limit):
            act(31, host)
            choice(resource)
            signed(limit ?? -1)
        case .drop(let connection, let side, let ordinal): act(32, connection, side, ordinal)
        case .delay(let connection, let side, let ordinal, let extra):
            act(33, connection, side, ordinal)
            natural(extra)
        case .dropDuring(let moment, let link, let direction, let probability):
            act(34, link, direction)
            choice(moment)
            write(probability)
        case .override(let override):
            byte(35)
            write(override)
        case .unoverride(let override):
            byte(36)
            write(override)
        case .healAll: byte(37)
        }
    }

    private mutating func act(_ tag: UInt8, _ link: LinkID, _ direction: LinkDirection?) {
        byte(tag)
        natural(link.index)
        optional(direction)
    }

    private mutating func act(_ tag: UInt8, _ process: ProcessID) {
        byte(tag)
        natural(process.index)
    }

    private mutating func act(_ tag: UInt8, _ host: HostID) {
        byte(tag)
        natural(host.index)
    }

    private mutating func act(_ tag: UInt8, _ connection: ConnectionID, _ side: Side, _ ordinal: Int64) {
        byte(tag)
        number(UInt64(connection.number))
        choice(side)
        natural(ordinal)
    }

    private mutating func act(_ tag: UInt8, _ scope: TrafficScope) {
        byte(tag)
        switch scope {
        case .link(let link, let direction): act(0, link, direction)
        case .host(let host, let bound):
            act(1, host)
            optional(bound)
        }
    }

    private mutating func act(_ tag: UInt8, _ scope: ServiceScope) {
        act(tag, scope.host)
        natural(Int32(scope.port.map { Int($0) + 1 } ?? 0))
    }

    private mutating func act(_ tag: UInt8, _ scope: IOScope) {
        byte(tag)
        switch scope {
        case .process(let process): act(0, process)
        case .host(let host): act(1, host)
        case .connection(let connection): act(2, connection, .client, 0)
        }
    }

    private mutating func act(_ tag: UInt8, _ scope: ConnectionScope) {
        byte(tag)
        switch scope {
        case .connection(let connection, let side):
            act(0, connection, .client, 0)
            optional(side)
        case .process(let process): act(1, process)
        }
    }

    private mutating func optional<Choice: CaseIterable>(_ choice: Choice?) {
        flag(choice != nil)
        if let choice { self.choice(choice) }
    }

    private mutating func write(_ short: ShortIO?) {
        natural(short?.largest ?? 0)
        if let short { write(short.probability) }
    }

    private mutating func write(_ failure: NameFailure?) {
        switch failure {
        case nil: byte(0)
        case .notFound?: byte(1)
        case .temporary?: byte(2)
        case .slow(let delay)?:
            byte(3)
            natural(delay)
        }
    }

    private mutating func write(_ plan: PartitionPlan) {
        switch plan {
        case .groups(let partition):
            byte(0)
            write(partition)
        case .random(let oneWay):
            byte(1)
            flag(oneWay)
        case .uniformSize(let oneWay):
            byte(2)
            flag(oneWay)
        case .isolateOne(let oneWay):
            byte(3)
            flag(oneWay)
        }
    }

    private mutating func write(_ override: DrawOverride) {
        text(override.site)
        flag(override.subject != nil)
        if let subject = override.subject { text(subject) }
        reserve(32)
        number(override.number ?? 0)
        flag(override.fires)
    }
}

extension RecordReader {
    mutating func action() -> Action {
        switch byte() {
        case 0: return .cut(link(), optional())
        case 1: return .heal(link(), optional())
        case 2: return .shape(link(), optional(), shape())
        case 3: return .unshape(link(), optional(), choice())
        case 4: return .clog(traffic())
        case 5: return .unclog(traffic())
        case 6: return .partition(plan())
        case 7: return .unpartition(flag() ? partition() : nil)
        case 8:
            let span = natural()
            return .swizzle(partition().first, over: span)
        case 9: return .slowPair(from: host(), to: host(), extra: natural())
        case 10: return .unreachable(traffic(), optional())
        case 11: return .refuse(service(), probability())
        case 12: return .connectHang(service(), probability())
        case 13: return .backlogFull(service(), flag())
        case 14: return .nameError(host(), failure(), probability())
        case 15:
            let scope = io()
            guard flag() else { return .close(scope, nil) }
            return .close(
                scope, RandomClose(probability(), learns: choice(), manner: choice(), onNextUse: flag()))
        case 16: return .reset(connections())
        case 17: return .halfClose(connections())
        case 18: return .halfOpen(connections())
        case 19: return .shortRead(io(), short())
        case 20: return .shortWrite(io(), short())
        case 21: return .slowReader(io(), bytesPerSecond: natural())
        case 22: return .exit(process())
        case 23: return .kill(process())
        case 24: return .restart(process())
        case 25: return .pause(process())
        case 26: return .resume(process())
        case 27: return .powerLoss(host())
        case 28: return .powerOn(host())
        case 29: return .clockSkew(host(), offset: signed(), drift: signed())
        case 30: return .slowTimers(host(), probability(), most: natural())
        case 31:
            let (host, resource, limit) = (host(), choice(HostLimits.Resource.self), signed())
            return .exhaust(host, resource, limit < 0 ? nil : limit)
        case 32: return .drop(connection(), from: choice(), ordinal: natural())
        case 33: return .delay(connection(), from: choice(), ordinal: natural(), by: natural())
        case 34:
            let (link, direction) = (link(), optional(LinkDirection.self))
            return .dropDuring(choice(), link, direction, probability())
        case 35: return .override(override())
        case 36: return .unoverride(override())
        case 37: return .healAll
        case let unknown: preconditionFailure("a record's action has tag \(unknown)")
        }
    }

    private mutating func link() -> LinkID { LinkID(Int(small())) }

    private mutating func optional<Choice: CaseIterable>(_ type: Choice.Type = Choice.self) -> Choice? {
        flag() ? choice() : nil
    }

    private mutating func traffic() -> TrafficScope {
        byte() == 0 ? .link(link(), optional()) : .host(host(), optional())
    }

    private mutating func service() -> ServiceScope {
        let host = host()
        let port = small()
        return ServiceScope(host, port: port == 0 ? nil : UInt16(port - 1))
    }

    private mutating func anyConnection() -> ConnectionID {
        let id = connection()
        _ = (choice(Side.self), natural())
        return id
    }

    private mutating func io() -> IOScope {
        switch byte() {
        case 0: return .process(process())
        case 1: return .host(host())
        case 2: return .connection(anyConnection())
        case let kind: preconditionFailure("a record's scope is of kind \(kind)")
        }
    }

    private mutating func connections() -> ConnectionScope {
        if byte() == 0 {
            let id = anyConnection()
            return .connection(id, optional())
        }
        return .process(process())
    }

    private mutating func short() -> ShortIO? {
        let largest = small()
        return largest == 0 ? nil : ShortIO(largest: largest, probability: probability())
    }

    private mutating func failure() -> NameFailure? {
        switch byte() {
        case 0: return nil
        case 1: return .notFound
        case 2: return .temporary
        case 3: return .slow(natural())
        case let kind: preconditionFailure("a record's failure is of kind \(kind)")
        }
    }

    private mutating func plan() -> PartitionPlan {
        switch byte() {
        case 0: return .groups(partition())
        case 1: return .random(oneWay: flag())
        case 2: return .uniformSize(oneWay: flag())
        case 3: return .isolateOne(oneWay: flag())
        case let kind: preconditionFailure("a record's plan is of kind \(kind)")
        }
    }

    private mutating func override() -> DrawOverride {
        let site = text()
        let subject = flag() ? text() : nil
        let number = number()
        return DrawOverride(site: site, subject: subject, number: number == 0 ? nil : number, fires: flag())
    }
}
