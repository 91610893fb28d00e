import PeerNetworking
import SimNetwork
import Workloads

extension LabFileReader {
    /// Peers of a lab, at most.
    static let mostPeers = 100_000

    /// `peers:`: a list of who runs what, where.
    ///
    /// - Parameter topologyIsWhole: whether nothing is wrong with hosts and links.
    mutating func readPeers(_ value: SourceValue, topologyIsWhole: Bool) {
        guard let list = items(value, "peers") else {
            names.peersAreKnown = false
            return
        }
        let before = reported
        var listeners: [Endpoint: Listener] = [:]
        var callers: [Caller] = []
        for peer in list { readPeer(peer, listeners: &listeners, callers: &callers) }
        // Of peers that cannot be read nobody knows where they listen; what is wrong elsewhere hides no warning.
        if names.peersAreKnown, names.hostsAreKnown, names.linksAreKnown, reported == before {
            warnOfMisfits(callers, listeners, topologyIsWhole: topologyIsWhole)
        }
    }

    /// Who listens at an endpoint.
    private struct Listener {
        var peer: String
        var workload: WorkloadDefinition
    }

    /// Who connects, and where the file says so.
    private struct Caller {
        var workload: WorkloadDefinition
        var hosts: [HostID]
        var remote: Endpoint
        var place: Place
    }

    /// A peer whose other side is not there, or is none that it can talk to, is allowed: so a lab may show what comes of it.
    private mutating func warnOfMisfits(
        _ callers: [Caller], _ listeners: [Endpoint: Listener], topologyIsWhole: Bool
    ) {
        var routes = Routes(topology)
        // In the order of their names: a dictionary has none.
        let offers = listeners.sorted { $0.value.peer < $1.value.peer }
        for caller in callers {
            let suitable = caller.workload.otherSides
            guard let listener = listeners[caller.remote] else {
                let other = offers.first { suitable.contains($0.value.workload.name) }
                let hint = other.map { "; \(quoted($0.value.peer)) listens on \($0.key)" } ?? ""
                warn(caller.place, "no peer listens on \(caller.remote): no attempt to connect can succeed\(hint)")
                continue
            }
            if !suitable.contains(listener.workload.name) {
                warn(
                    caller.place,
                    "\(quoted(listener.peer)) listens there and runs \(listener.workload.name), which is no other side for "
                        + "\(caller.workload.name); one that runs \(listing(suitable, "or")) is")
            }
            // A router or a link that cannot be read may have been the way.
            if topologyIsWhole, let target = names.hosts[caller.remote.host],
                let cutOff = caller.hosts.first(where: { routes.path(from: $0, to: target) == nil })
            {
                let name = topology.hosts[Int(cutOff.index)].name
                warn(
                    caller.place,
                    "no link leads from \(quoted(name)) to \(quoted(caller.remote.host)): no attempt to connect can succeed"
                )
            }
        }
    }

    private mutating func readPeer(
        _ value: SourceValue, listeners: inout [Endpoint: Listener], callers: inout [Caller]
    ) {
        let keys = ["name", "on", "listen", "connect", "run", "config"]
        let before = reported
        guard let fields = fields(value, "a peer", keys: keys) else {
            names.peersAreKnown = false
            return
        }
        let listen = fields["listen"].flatMap { value in
            self.text(value, "listen", "a port").flatMap { self.port($0, at: value.place) }
        }
        let connect = fields["connect"].flatMap { endpoint($0) }
        let workload = readWorkload(fields)
        if let workload { checkRole(of: workload, fields) }
        let given = fields["config"].map { readConfig($0) }
        let config = (given ?? nil) ?? PeerConfig()
        // A configuration that cannot be read may have room for more.
        let isKnown = fields.has("config") ? (given ?? nil) != nil : true
        if let workload, isKnown { checkSize(of: workload, config, fields) }
        guard let named = require(fields, "name", of: "a peer"), let name = text(named, "name", "a name") else {
            names.peersAreKnown = false
            return
        }
        if let flaw = LabNames.flaw(of: name) {
            names.peersAreKnown = false
            return report(named.place, "the peer's name \(quoted(name)) \(flaw)")
        }
        guard let places = homes(fields, of: name) else { return }
        if let workload, let connect, !places.isEmpty {
            callers.append(
                Caller(
                    workload: workload, hosts: places.compactMap(\.1), remote: connect,
                    place: fields.place(of: "connect")))
        }
        let unread = WorkloadDefinition(UnreadWorkload())
        for (name, host) in places {
            guard declarePeer(name, at: named.place) else { continue }
            if reported != before { names.unreadPeers.insert(ProcessID(peers.count)) }
            if let listen, let host {
                let endpoint = Endpoint(host: topology.hosts[Int(host.index)].name, port: listen)
                if listeners[endpoint] == nil {
                    listeners[endpoint] = Listener(peer: name, workload: workload ?? unread)
                } else {
                    report(fields.place(of: "listen"), "a peer listens on \(endpoint) already")
                }
            }
            // Where something was reported the definition is never handed out; this one only holds the peer's number.
            peers.append(
                PeerDefinition(
                    name: name, host: host ?? HostID(0), listen: listen, connect: connect,
                    workload: workload ?? unread, config: config))
            self.places.peers.append(value.place)
        }
    }

    mutating func declarePeer(_ name: String, at place: Place) -> Bool {
        guard names.peers[name] == nil else {
            report(place, "duplicate peer \(quoted(name))")
            return false
        }
        names.peers[name] = ProcessID(peers.count)
        names.peerNames.append(name)
        return true
    }

    /// The peers that an entry stands for, each with its host: nil where the host is not known, and reported.
    private mutating func homes(_ fields: SourceFields, of name: String) -> [(name: String, host: HostID?)]? {
        guard let value = fields["on"] else {
            if fields.has("on") { return [(name, nil)] }
            report(fields.place, "peer \(quoted(name)) needs 'on': the host that it runs on")
            return [(name, nil)]
        }
        guard let text = text(value, "on", "a host's name") else { return [(name, nil)] }
        guard HostPattern(text) != nil else { return [(name, host(text, at: value.place))] }
        guard let hosts = hosts(matching: text, at: value.place) else {
            names.peersAreKnown = false
            return nil
        }
        guard peers.count + hosts.count <= Self.mostPeers else {
            names.peersAreKnown = false
            report(value.place, "a lab has at most \(Self.mostPeers) peers")
            return nil
        }
        return hosts.enumerated().map { ("\(name)-\($0 + 1)", $1) }
    }

    /// `connect: "server:4500"`: a host of the lab and a port.
    private mutating func endpoint(_ value: SourceValue) -> Endpoint? {
        guard let text = text(value, "connect", "a host and a port, as in \"server:4500\"") else { return nil }
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex else {
            report(value.place, "'connect' must be a host and a port, as in \"server:4500\", not \(quoted(text))")
            return nil
        }
        let name = String(text[..<colon])
        let host = host(name, at: value.place)
        guard let port = port(String(text[text.index(after: colon)...]), at: value.place), host != nil else {
            return nil
        }
        return Endpoint(host: name, port: port)
    }

    /// A workload either listens or connects, and the entry must say on which port or where to.
    private mutating func checkRole(of workload: WorkloadDefinition, _ fields: SourceFields) {
        let (wanted, unwanted, example) =
            switch workload.role {
            case .listens: ("listen", "connect", "4500")
            case .connects: ("connect", "listen", "\"server:4500\"")
            }
        if let value = fields.values[unwanted] {
            report(value.place, "\(workload.name) \(workload.role.rawValue) and has no '\(unwanted)'")
        } else if !fields.has(wanted) {
            let place = fields.place(of: "run")
            if workloads[workload.name].count > 1 {
                report(
                    place,
                    "\(workload.name) listens or connects; add 'listen: 4500', or 'connect: \"server:4500\"'")
            } else {
                report(place, "\(workload.name) \(workload.role.rawValue); add '\(wanted): \(example)'")
            }
        }
    }

    /// Its messages must fit the peer's frames.
    private mutating func checkSize(of workload: WorkloadDefinition, _ config: PeerConfig, _ fields: SourceFields) {
        guard let size = workload.workload.largestMessage, size > config.maximumPayload else { return }
        let most = Scale.size.text(Int64(config.maximumPayload))
        report(fields.place(of: "run"), "its messages of \(size) B are larger than its maximum-payload, \(most)")
    }
}
