/// Everything that code under simulation may take from outside: network, time, tasks, randomness, buggify, and an
/// observer to tell what happens.
public struct Providers: Sendable {
    /// Connections and listeners.
    public var network: any NetworkProvider
    /// Clock and timers.
    public var time: any TimeProvider
    /// Tasks and their executor.
    public var tasks: any TaskProvider
    /// Random draws.
    public var random: any RandomProvider
    /// Deliberate misbehaviour; off in production.
    public var buggify: Buggify
    /// Hears what peers do.
    public var observer: any PeerObserver
    /// Keeps the connections of peers; nil where nobody asks for them.
    public var registry: ConnectionRegistry?

    /// Bundles providers; they belong to one process of one host.
    public init(
        network: any NetworkProvider, time: any TimeProvider, tasks: any TaskProvider, random: any RandomProvider,
        buggify: Buggify = .off, observer: any PeerObserver = SilentObserver(),
        registry: ConnectionRegistry? = nil
    ) {
        self.network = network
        self.time = time
        self.tasks = tasks
        self.random = random
        self.buggify = buggify
        self.observer = observer
        self.registry = registry
    }
}
