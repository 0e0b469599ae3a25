"""What an offline pack says about itself, and when it does not fit."""

import pytest

from nbkata.common.core.refusal import Refusal
from nbkata.setup.core.installer_settings import offline_environment
from nbkata.setup.core.pack import (
    ASK,
    BOOTSTRAP,
    Manifest,
    Target,
    damaged_refusal,
    manifest_from,
    sums_from,
    sums_text,
    target_for,
)

LINUX = Target("linux-x86_64", "3.12", ("a-1-py3-none-any.whl",))
SHORT = Target("windows-x86_64", "3.13", (), ("numpy", "scipy"))
MANIFEST = Manifest("c0ffee", "10cc", (LINUX, SHORT))


def test_a_manifest_is_read_back_as_it_was_written() -> None:
    assert manifest_from(MANIFEST.as_text()) == MANIFEST


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"targets": 7}', '{"targets": [{"system": 1}]}', MANIFEST.as_text()[:99]],
)
def test_another_file_is_no_manifest(text: str) -> None:
    assert manifest_from(text) is None


def test_sums_are_read_back_as_they_were_written() -> None:
    sums = {"nbkata.bundle": "0" * 64, "wheels/a b-1.whl": "f" * 64}
    assert sums_from(sums_text(sums)) == sums


@pytest.mark.parametrize(
    "path", ["../secret", "wheels/../../secret", "/etc/passwd", "C:\\secret", "wheels\\..\\a", ""]
)
def test_a_sum_of_a_file_outside_the_pack_makes_it_unreadable(path: str) -> None:
    assert sums_from(f"{'0' * 64}  {path}\n") is None


def test_the_pack_fits_the_machine_that_it_has_all_wheels_for() -> None:
    assert target_for(MANIFEST, "10cc", "linux-x86_64", "3.12", "P") == LINUX


@pytest.mark.parametrize(
    ("lock", "system", "python", "what", "next_step"),
    [
        (
            *("other", "linux-x86_64", "3.12", "was made for another version of the kit"),
            "Clone its own: git clone nbkata.bundle",
        ),
        (
            *("10cc", "linux-arm64", "3.12"),
            "no wheels for Python 3.12 on linux-arm64; it has Python 3.12 on linux-x86_64, Python",
            ASK,
        ),
        (
            *("10cc", "linux-x86_64", "3.11", "no wheels for Python 3.11 on linux-x86_64"),
            f"If Python 3.12 is here, run: python3.12 {BOOTSTRAP} --from P",
        ),
        (
            *("10cc", "windows-x86_64", "3.13"),
            *("no wheel of numpy, scipy for Python 3.13 on windows", ASK),
        ),
    ],
)
def test_a_pack_that_does_not_fit_says_why_and_what_it_has(
    lock: str, system: str, python: str, what: str, next_step: str
) -> None:
    refusal = target_for(MANIFEST, lock, system, python, "P")
    assert isinstance(refusal, Refusal)
    assert what in refusal.what
    assert (refusal.where, refusal.next_step) == ("P", next_step)


def test_damaged_files_are_named_but_not_all_of_many() -> None:
    assert (
        damaged_refusal(["a"], "P").what
        == "1 file is damaged or missing: a. Nothing was installed."
    )
    many = damaged_refusal(list("abcde"), "P").what
    assert many.startswith("5 files are damaged or missing: a, b, c, …. ")


def test_from_a_pack_no_setting_of_anybodys_reaches_the_installers() -> None:
    outside = {
        **{"PATH": "/bin", "PIP_INDEX_URL": "https://a", "UV_DEFAULT_INDEX": "https://b"},
        **{"PIP_FIND_LINKS": "https://c", "PIP_TARGET": "/d", "PYTHONPATH": "/e"},
    }
    assert offline_environment(outside, "null", "uv.toml") == {
        **{"PATH": "/bin", "PIP_CONFIG_FILE": "null", "UV_CONFIG_FILE": "uv.toml"},
        **{"UV_OFFLINE": "1", "NO_COLOR": "1"},
    }
