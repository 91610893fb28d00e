/// What a piece of text means to a reader; a screen, a report and a picture each give it their own looks.
package enum TextRole: UInt8, Hashable, Sendable, CaseIterable {
    /// Nothing in particular.
    case plain
    /// It may be overlooked: units, separators, bookkeeping.
    case dim
    /// A time or an event's name.
    case time
    /// A host, a process, a peer or a link.
    case host
    /// A state that is as it should be.
    case good
    /// A state that deserves a look.
    case warning
    /// A state that is broken.
    case danger
    /// A segment or a message that is lost.
    case loss
    /// Something done on purpose: a fault, an intervention, a fired buggify site.
    case fault
    /// A remark.
    case note
}
