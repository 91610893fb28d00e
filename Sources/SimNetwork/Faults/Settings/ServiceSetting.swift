/// Something that befalls those who want to connect to a listener, with the state of it that a host keeps.
protocol ServiceSetting: Setting, OneForm, Acting where Target == Host {
    var service: ServiceScope { get }
    /// Changes what the host keeps of it.
    func change(_ fault: inout ServiceFault)
}

extension ServiceSetting {
    func target(in world: World) throws(ActionError) -> Host { try world.host(service.host) }

    func act(on host: Host, in world: World) {
        var fault = host.services.first { $0.port == service.port } ?? ServiceFault(port: service.port)
        change(&fault)
        host.services.removeAll { $0.port == service.port }
        if !fault.isNeutral { host.services.append(fault) }
    }
}
