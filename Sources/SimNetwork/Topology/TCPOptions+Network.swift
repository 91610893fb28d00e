public import TCP

extension TCPOptions {
    /// Linux's defaults with `TCP_NODELAY` set, as the sockets of this contract have it on a real network.
    public static var sendingAtOnce: TCPOptions {
        var options = TCPOptions()
        options.noDelay = true
        return options
    }
}
