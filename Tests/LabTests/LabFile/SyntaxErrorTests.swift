import Testing

@testable import Lab

@Suite struct SyntaxErrorTests {
    @Test(arguments: cases) func isReported(_ fault: FaultyLab) {
        #expect(diagnostics(of: fault.text) == fault.errors.map { "x:" + $0 })
    }

    static let cases: [FaultyLab] = [
        FaultyLab(
            .nothing,
            "",
            [
                "1:1: the file is empty; a lab needs at least \'lab\' and \'hosts\'"
            ]),
        FaultyLab(
            .nothing,
            "# only\n",
            [
                "1:1: the file is empty; a lab needs at least \'lab\' and \'hosts\'"
            ]),
        FaultyLab(
            .nothing,
            "- a\n",
            [
                "1:1: a lab file must be a mapping with lab, title, seed, duration, hosts, links, peers, "
                    + "programs, faults, buggify, chaos, schedule, invariants, expect and story, not a list"
            ]),
        FaultyLab(
            .nothing,
            "just text\n",
            [
                "1:1: a lab file must be a mapping with lab, title, seed, duration, hosts, links, peers, "
                    + "programs, faults, buggify, chaos, schedule, invariants, expect and story, not a single value"
            ]),
        FaultyLab(
            .nothing,
            "lab: a\n",
            [
                "1:1: a lab file needs \'hosts\'"
            ]),
        FaultyLab(
            .nothing,
            "lab: a\n"
                + "hosts: [a\n"
                + "seed: 1\n",
            [
                "3:5: not YAML: did not find expected \',\' or \']\' while parsing a flow sequence from "
                    + "line 2, column 8"
            ]),
        FaultyLab(
            .nothing,
            "lab: a\n"
                + "\tb: c\n",
            [
                "2:1: not YAML: found a tab character that violates indentation while scanning a plain "
                    + "scalar from line 1, column 6"
            ]),
        FaultyLab(
            .nothing,
            "lab: \"a\n"
                + "hosts",
            [
                "2:6: not YAML: found unexpected end of stream while scanning a quoted scalar from line "
                    + "1, column 6"
            ]),
        FaultyLab(
            .nothing,
            "lab: a\n"
                + "---\n"
                + "lab: b\n",
            [
                "2:1: a lab file is one YAML document; another begins here"
            ]),
        FaultyLab(
            .nothing,
            "lab: &x a\n"
                + "hosts: *x\n",
            [
                "2:8: aliases (\'*x\') are refused; write the value out"
            ]),
        FaultyLab(
            .nothing,
            "lab: &x a\n"
                + "hosts: [a]\n",
            [
                "1:6: anchors (\'&x\') are refused; write the value out"
            ]),
        FaultyLab(
            .nothing,
            "lab: *x\n"
                + "hosts: [a]\n",
            [
                "1:6: aliases are refused; quote a text that begins with \'*\'"
            ]),
        FaultyLab(
            .nothing,
            "lab: !!str a\n"
                + "seed: !!int abc\n"
                + "duration: !!str 5s\n"
                + "title: !!float \"x\"\n"
                + "hosts: !!set {a: {}}\n"
                + "links: !mine []\n",
            [
                "1:6: tags (\'!!str\') are refused; write the value alone",
                "2:7: tags (\'!!int\') are refused; write the value alone",
                "2:7: seed \'abc\' is not a number from 0 to 18446744073709551615, decimal or 0x…",
                "3:11: tags (\'!!str\') are refused; write the value alone",
                "4:8: tags (\'!!float\') are refused; write the value alone",
                "5:8: tags (\'!!set\') are refused; write the value alone",
                "6:8: tags (\'!mine\') are refused; write the value alone",
            ]),
        FaultyLab(
            .nothing,
            "lab: a\u{01}b\n",
            [
                "1:7: not YAML: control characters are not allowed (U+1)"
            ]),
        FaultyLab(
            .nothing,
            "lab: a\n"
                + "? [x, y]\n"
                + ": 1\n"
                + "hosts: [a]\n",
            [
                "2:3: a key must be a word, not a list"
            ]),
        FaultyLab(
            .nothing,
            "lab: a\n"
                + "hosts: [[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
            [
                "2:23: lists and mappings are nested more than 16 deep"
            ]),
        FaultyLab(
            .nothing,
            "﻿lab: a\n"
                + "hosts: [a, a]\n",
            [
                "2:12: duplicate host \'a\'"
            ]),
        FaultyLab(
            .nothing,
            "lab: é\r\n"
                + "hosts: [a,\r\n"
                + " a]\r\n",
            [
                "1:6: the lab\'s name \'é\' must be 1…64 of a-z, 0-9 and \'-\'",
                "3:2: duplicate host \'a\'",
            ]),
    ]
}
