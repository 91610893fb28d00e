public import TCP

extension TCPOptions {
    /// Linux's defaults with `TCP_NODELAY` set and buffers of 64 KiB that do not grow, as the sockets of this contract have it on
    /// a real network.
    public static var sendingAtOnce: TCPOptions {
        var options = TCPOptions()
        options.noDelay = true
        options.isSendBufferFixed = true
        options.isReceiveBufferFixed = true
        return options
    }
}
