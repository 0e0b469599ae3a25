"""What `./go ready` makes of what it found: the fault, the fix, and the block to paste."""

import re
from pathlib import Path

import pytest
from support.old_pythons import assert_python_2_reads

from nbkata.setup.core.ready import (
    FAULTS,
    GIB,
    ITEMS,
    Finding,
    block_of,
    disk_finding,
    exit_code,
    fix_of,
    folder_finding,
    network_fault,
)
from nbkata.setup.core.system import system_name

SOURCE = Path(__file__).parents[2] / "src" / "nbkata"
FOR_ANY_PYTHON = (
    *("__init__.py", "setup/__init__.py", "setup/core/__init__.py", "setup/shell/__init__.py"),
    *("setup/core/ready.py", "setup/core/system.py", "setup/shell/ready.py"),
)


@pytest.mark.parametrize("name", FOR_ANY_PYTHON)
def test_it_is_written_in_words_that_python_2_knows(name: str) -> None:
    assert_python_2_reads(SOURCE / name)


PIPS_WORDS = {
    "(Caused by ProxyError('Cannot connect to proxy.', NewConnectionError('… refused')))": (
        "dead-proxy"
    ),
    "OSError('Tunnel connection failed: 407 Proxy Authentication Required')": "proxy-login",
    "NameResolutionError(Failed to resolve 'x' ([Errno -3] Temporary failure in name resolution)": (
        "no-network"
    ),
    "ReadTimeoutError(\"HTTPSConnectionPool(host='x', port=443): Read timed out.\")": "no-network",
    "SSLError(SSLCertVerificationError(1, 'CERTIFICATE_VERIFY_FAILED: self-signed certificate'))": (
        "certificate"
    ),
    "CERTIFICATE_VERIFY_FAILED: certificate has expired (_ssl.c:1006)": "wrong-clock",
    "CERTIFICATE_VERIFY_FAILED: certificate is not yet valid (_ssl.c:1006)": "wrong-clock",
    "Could not find a suitable TLS CA certificate bundle, invalid path: /gone.pem": "certificate",
    "ERROR: No matching distribution found for six==1.17": "not-in-index",
    "OSError: [Errno 28] No space left on device: '/tmp/pip-unpack'": "full-disk",
}


@pytest.mark.parametrize(("words", "fault"), PIPS_WORDS.items())
def test_pips_words_name_the_fault(words: str, fault: str) -> None:
    assert network_fault(words, 1, False) == fault


def test_a_proxy_that_is_not_needed_is_the_learners_to_turn_off() -> None:
    words = "ProxyError('Cannot connect to proxy.')"
    assert FAULTS[network_fault(words, 1, False)].status == "ASK"
    fault = network_fault(words, 1, True)
    assert FAULTS[fault].status == "FIX"
    assert fix_of(fault, "linux-x86_64").startswith("unset HTTPS_PROXY")
    assert network_fault(words, 0, False) == ""


def test_the_disk_needs_less_space_after_the_set_up() -> None:
    assert disk_finding(GIB, 0, False) == Finding("disk", "full-disk", "1.0 GB free")
    assert disk_finding(GIB, 8 * GIB, True) == Finding("disk", "", "1.0 GB free, 8.0 GB of memory")
    assert disk_finding(GIB // 10, 8 * GIB, True).fault == "full-disk"
    assert disk_finding(9 * GIB, GIB, False).fault == "little-memory"


@pytest.mark.parametrize(
    ("path", "system", "fault"),
    [
        ("/home/ada/a b é", "linux-x86_64", ""),
        ("/home/ada/a:b", "linux-x86_64", "odd-path"),
        ("/home/ada/a\nb", "macos-arm64", "odd-path"),
        ("C:\\Users\\ada\\nbkata", "windows-x86_64", ""),
        ("C:\\Users\\ada\\100%\\nbkata", "windows-x86_64", "odd-path"),
        ("\\\\server\\share\\nbkata", "windows-x86_64", "odd-path"),
        ("C:\\" + "a" * 120, "windows-x86_64", "long-path"),
        ("/home/" + "a" * 120, "linux-x86_64", ""),
        ("C:\\Users\\ada\\OneDrive - Firm\\nbkata", "windows-x86_64", "synced-folder"),
        ("/Users/ada/Library/Mobile Documents/nbkata", "macos-arm64", "synced-folder"),
    ],
)
def test_the_folders_path_is_judged_as_its_system_takes_it(
    path: str, system: str, fault: str
) -> None:
    assert folder_finding(path, system, True).fault == fault
    assert folder_finding(path, system, False).fault == "not-writable"


def _findings(**faults: str) -> list[Finding]:
    return [Finding(item, faults.get(item, ""), "") for item in ITEMS]


@pytest.mark.parametrize(
    ("faults", "code", "verdict"),
    [
        ({}, 0, "ready"),
        ({"git": "no-git"}, 1, "1 to fix"),
        ({"network": "dead-proxy"}, 2, "1 to ask"),
        (
            {"git": "no-git", "disk": "full-disk", "network": "dead-proxy"},
            2,
            "1 to ask, 2 to fix",
        ),
    ],
)
def test_the_exit_code_and_the_first_line_say_whose_turn_it_is(
    faults: dict[str, str], code: int, verdict: str
) -> None:
    findings = _findings(**faults)
    assert exit_code(findings) == code
    lines = block_of(findings, "linux-x86_64", "0a1b2c")
    assert lines[0] == f"nbkata ready #0a1b2c linux-x86_64: {verdict}"
    assert len(lines) == 8


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_a_sentence_and_a_fix_for_every_system(fault: str) -> None:
    known = FAULTS[fault]
    assert known.item in ITEMS and known.status in ("FIX", "ASK")
    assert not re.search(r"[.(]", known.sentence), "reading it back ends there"
    for system in ("linux-x86_64", "macos-arm64", "windows-x86_64", "freebsd-x86_64"):
        (line,) = block_of([Finding(known.item, fault, "7")], system, "0")[1:]
        assert f"{known.sentence} (7). {fix_of(fault, system)}" in line


def test_systems_are_called_the_same_whatever_they_call_themselves() -> None:
    assert system_name("linux2", "AMD64") == "linux-x86_64"
    assert system_name("win32", "AMD64") == "windows-x86_64"
    assert system_name("win32", "AMD64", 32) == "windows-x86_64-32bit"
    assert system_name("darwin", "arm64") == system_name("darwin", "aarch64") == "macos-arm64"
    assert system_name("freebsd14", "") == "freebsd14-unknown"
