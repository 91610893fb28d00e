/// What something is before anything was done to it.
@usableFromInline
package protocol Blank {
    init()
}

/// Members that most of what has them never needs, and which take a word until one is set: blank until then.
///
/// They lie in a place of their own, and are a value all the same: who changes a copy changes nothing of what was copied.
@usableFromInline
package struct Rare<Members: Blank> {
    @usableFromInline
    final class Place {
        @exclusivity(unchecked) @usableFromInline var members: Members

        @inlinable
        init(_ members: Members) { self.members = members }
    }

    @usableFromInline
    var place: Place?

    @inlinable
    package init() {}

    /// Whether none was set.
    @inlinable @inline(__always)
    package var isBlank: Bool { place == nil }

    /// All of them; nil where none was set, and to forget them.
    @inlinable @inline(__always)
    package var members: Members? {
        get { place?.members }
        set {
            guard let newValue else { return place = nil }
            change { $0 = newValue }
        }
    }

    /// One of them.
    @inlinable @inline(__always)
    package subscript<Value: Equatable>(member: WritableKeyPath<Members, Value>) -> Value {
        get { if let place { place.members[keyPath: member] } else { Members()[keyPath: member] } }
        set {
            if place == nil, newValue == Members()[keyPath: member] { return }
            change { $0[keyPath: member] = newValue }
        }
    }

    /// Asks them something; nil where none was set.
    @inlinable @inline(__always)
    package func ask<Answer>(_ question: (borrowing Members) -> Answer) -> Answer? {
        if let place { question(place.members) } else { nil }
    }

    /// Changes them where they are.
    @inlinable @inline(__always)
    package mutating func change<Result>(_ change: (inout Members) -> Result) -> Result {
        if place == nil {
            place = Place(Members())
        } else if !isKnownUniquelyReferenced(&place) {
            place = Place(place.unsafelyUnwrapped.members)
        }
        return change(&place.unsafelyUnwrapped.members)
    }
}
