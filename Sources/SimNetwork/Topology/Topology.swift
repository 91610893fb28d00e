public import TCP

/// The hosts of a simulated network and the links that join them.
public struct Topology: Hashable, Sendable {
    /// A host: a name, and the limits of its kernel.
    public struct Host: Hashable, Sendable {
        /// The host's name, unique in the topology.
        public var name: String
        /// The kernel's TCP parameters there.
        public var tcp: TCPOptions
        /// What its kernel has of what can run out.
        public var limits = HostLimits()
        /// It passes on what is not for it. Other hosts do not.
        public var isRouter = false

        /// Makes a host.
        public init(name: String, tcp: TCPOptions = .sendingAtOnce) {
            self.name = name
            self.tcp = tcp
        }
    }

    /// A link between two hosts, each direction with its own properties.
    public struct Link: Hashable, Sendable {
        /// The host named first.
        public var first: HostID
        /// The host named second.
        public var second: HostID
        /// From the first host to the second.
        public var forward: LinkProperties
        /// From the second host to the first.
        public var backward: LinkProperties

        /// Makes a link with the same properties both ways.
        public init(_ first: HostID, _ second: HostID, _ properties: LinkProperties = LinkProperties()) {
            self.first = first
            self.second = second
            forward = properties
            backward = properties
        }
    }

    /// The hosts; their positions are their ``HostID``s.
    public var hosts: [Host]
    /// The links; their positions are their ``LinkID``s. Where no path of links and routers leads, there is no route.
    public var links: [Link]

    /// Makes a topology.
    public init(hosts: [Host] = [], links: [Link] = []) {
        self.hosts = hosts
        self.links = links
    }

    /// Adds a host and returns its number.
    public mutating func addHost(_ name: String, tcp: TCPOptions = .sendingAtOnce) -> HostID {
        hosts.append(Host(name: name, tcp: tcp))
        return HostID(hosts.count - 1)
    }

    /// Adds a router, which passes on what comes over one of its links and is for a host behind another.
    public mutating func addRouter(_ name: String) -> HostID {
        let router = addHost(name)
        hosts[Int(router.index)].isRouter = true
        return router
    }

    /// Joins two hosts and returns the link's number.
    @discardableResult
    public mutating func connect(
        _ first: HostID, _ second: HostID, _ properties: LinkProperties = LinkProperties()
    ) -> LinkID {
        links.append(Link(first, second, properties))
        return LinkID(links.count - 1)
    }

    /// `first-second`: the stable name of a link.
    public func name(of link: LinkID) -> String {
        let link = links[Int(link.index)]
        return "\(hosts[Int(link.first.index)].name)-\(hosts[Int(link.second.index)].name)"
    }

    /// `from→to`: the stable name of a link's direction, which keys its draws.
    public func name(of link: LinkID, _ direction: LinkDirection) -> String {
        let link = links[Int(link.index)]
        let first = hosts[Int(link.first.index)].name
        let second = hosts[Int(link.second.index)].name
        return direction == .forward ? "\(first)→\(second)" : "\(second)→\(first)"
    }
}
