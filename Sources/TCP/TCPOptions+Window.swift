extension TCPOptions {
    /// The scale that a buffer wants: the least by which all of it can be told (`tcp_select_initial_window`).
    package var wantedScale: UInt8 {
        // A buffer that is fixed grows no more.
        let greatest = isReceiveBufferFixed ? receiveBuffer : max(receiveBuffer, greatestReceiveBuffer)
        var scale: UInt8 = 0
        while greatest >> Int32(scale) > 65_535, scale < 14 { scale += 1 }
        return scale
    }
}
