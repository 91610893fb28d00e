import Testing

@testable import SimNetwork

/// The catalogue of faults: records know its forms by numbers.
@Suite struct CatalogueTests {
    @Test func everyNumberIsOneForms() {
        let forms = ActionForm.all
        #expect(forms.map(\.number).sorted() == Array(forms.indices))
        for form in forms { #expect(Catalogue.form(UInt64(form.number))?.text == form.text) }
    }

    @Test func numbersStayWhatTheyWere() {
        #expect(ActionForm.named("cut").map(\.number) == [0])
        #expect(ActionForm.named("restore").map(\.number) == [10])
        #expect(ActionForm.named("drop").map(\.number).sorted() == [38, 39, 49])
        #expect(ActionForm.named("heal-all").map(\.number) == [44])
        #expect(ActionForm.named("deliver").map(\.number) == [45, 48])
        #expect(ActionForm.named("copy").map(\.number) == [46])
        #expect(ActionForm.named("damage").map(\.number) == [47])
        #expect(ActionForm.named("reseed").map(\.number) == [56])
    }
}
