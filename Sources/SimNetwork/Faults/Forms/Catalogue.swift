extension ActionForm {
    /// The forms of all that can be done to a network, a line for each type: what is not here cannot be written.
    ///
    /// Records, and so digests, know a form by its place: a new one comes last, or the engine's version rises.
    static let catalogue: [[ActionForm]] = [
        // Links
        Settings.Cut.forms,
        [Settings.LinkLatency.form],
        [Settings.SlowWay.form],
        [Settings.Bandwidth.form],
        [Settings.MTU.form],
        [Settings.Loss.form],
        [Settings.Duplicate.form],
        [Settings.Reorder.form],
        [Settings.Corrupt.form],
        [Settings.restore],
        Settings.Clog.forms,
        Settings.Parting.forms,
        [Deeds.Swizzle.form],
        [Settings.Unreachable.form],
        // Connecting
        [Settings.Refuse.form],
        [Settings.ConnectHang.form],
        [Settings.BacklogFull.form],
        [Settings.NameError.form],
        // Connections
        [Settings.Close.form],
        [Deeds.Reset.form],
        [Deeds.HalfClose.form],
        [Deeds.HalfOpen.form],
        [Settings.ShortRead.form],
        [Settings.ShortWrite.form],
        [Settings.SlowReader.form],
        // Processes and hosts
        [Deeds.Exit.form],
        [Deeds.Kill.form],
        [Deeds.Pause.form],
        [Deeds.Resume.form],
        [Deeds.Restart.form],
        [Deeds.PowerLoss.form],
        [Deeds.PowerOn.form],
        [Settings.ClockSkew.form],
        [Settings.LateTimers.form],
        [Settings.Exhaust.form],
        // Segments
        [Deeds.Drop.form],
        [Settings.MomentDrop.form],
        [Deeds.Delay.form],
        // Draws
        Settings.Override.forms,
        [Deeds.HealAll.form],
    ]
}
