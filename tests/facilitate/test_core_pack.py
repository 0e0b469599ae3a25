"""Which wheels an offline pack needs, and what pip says about them."""

import re

import pytest
from support.builders import ROOT

from nbkata.common.core.refusal import Refusal
from nbkata.facilitate.core.pack import (
    PYTHONS,
    SYSTEMS,
    USUAL_PYTHONS,
    download_command,
    missing_in,
    read_me,
    requirements_for,
    wanted_targets,
    wheels_in,
)
from nbkata.setup.core.pack import Target
from nbkata.setup.core.system import FAMILIES, PROCESSORS

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def packages(system: str, python: str) -> set[str]:
    return set(requirements_for(LOCK, system, python))


def test_the_marker_is_answered_for_the_learners_machine_and_not_for_this_one():
    assert "pywinpty" in packages("windows-x86_64", "3.12")
    assert "pywinpty" not in packages("linux-x86_64", "3.12")
    assert "appnope" in packages("macos-arm64", "3.12") - packages("windows-x86_64", "3.12")
    assert "pexpect" in packages("macos-x86_64", "3.12") - packages("windows-x86_64", "3.12")
    assert "overrides" in packages("linux-arm64", "3.11") - packages("linux-arm64", "3.12")


@pytest.mark.parametrize("python", PYTHONS)
def test_of_a_package_with_two_versions_the_one_for_this_python_is_asked_for(python: str):
    asked = requirements_for(LOCK, "linux-x86_64", python)["numpy"]
    expected = re.search(
        rf"^numpy==(\S+) ; python_full_version {'<' if python == '3.11' else '>='} '3.12'",
        LOCK,
        re.MULTILINE,
    )
    assert expected and asked.startswith(f"numpy=={expected[1]} \\\n    --hash=sha256:")


def test_each_request_has_all_hashes_of_the_lock_and_no_marker():
    asked = requirements_for(LOCK, "linux-x86_64", "3.13")
    assert len(asked) > 150
    for name, text in asked.items():
        assert ";" not in text.split("\\")[0] and "--hash=sha256:" in text
        assert set(re.findall(r"sha256:\w{64}", text)) <= set(
            re.findall(r"sha256:\w{64}", LOCK)
        ), name
    pandas = re.search(r"^pandas==.*?(?=^\w)", LOCK, re.MULTILINE | re.DOTALL)
    assert pandas and asked["pandas"].count("sha256:") == pandas[0].count("sha256:") > 20


def test_a_lock_of_nothing_asks_for_nothing():
    assert requirements_for("", "linux-x86_64", "3.13") == {}
    assert requirements_for("# a comment\n", "linux-x86_64", "3.13") == {}


def test_without_a_choice_all_systems_and_the_proven_pythons_are_packed():
    targets = wanted_targets((), ())
    assert isinstance(targets, tuple)
    assert len(targets) == len(SYSTEMS) * len(USUAL_PYTHONS) == len(set(targets))
    (one,) = wanted_targets(("linux-x86_64", "linux-x86_64"), ("3.14",))
    assert one == Target("linux-x86_64", "3.14")


@pytest.mark.parametrize(
    ("systems", "pythons", "where", "name"),
    [(("linux",), (), "--system", "linux"), ((), ("3.10", "3.12"), "--python", "3.10")],
)
def test_what_the_kit_does_not_run_on_is_refused_by_name(
    systems: tuple[str, ...], pythons: tuple[str, ...], where: str, name: str
):
    refusal = wanted_targets(systems, pythons)
    assert isinstance(refusal, Refusal)
    assert (refusal.what, refusal.where) == (f"the kit is not promised for {name}.", where)
    assert refusal.next_step.startswith("Use some of ")


def test_systems_and_pythons_are_called_as_go_calls_them(monkeypatch: pytest.MonkeyPatch):
    import sys  # pylint: disable=import-outside-toplevel

    monkeypatch.setattr(sys, "path", list(sys.path))  # as a script it puts the kit first
    from nbkata.setup.shell import bootstrap  # pylint: disable=import-outside-toplevel

    proven = {bootstrap.as_text(version) for version in bootstrap.PROVEN}
    hoped_for = {bootstrap.as_text(version) for version in bootstrap.HOPED_FOR}
    assert set(USUAL_PYTHONS) == proven and set(PYTHONS) == proven | hoped_for
    for name in SYSTEMS:
        family, processor = name.split("-")
        assert family in FAMILIES.values() and processor in PROCESSORS.values()


def test_pip_is_asked_for_wheels_of_the_target_alone():
    command = download_command("python", Target("windows-x86_64", "3.13"), "r.txt", "a b")
    text = " ".join(command)
    assert "--only-binary=:all: --require-hashes --python-version 3.13" in text
    assert "--platform win_amd64 --dest a b" in text and "--abi cp313 " in text
    mac = download_command("python", Target("macos-arm64", "3.13"), "r.txt", "a")
    assert {"macosx_13_0_arm64", "macosx_11_0_arm64", "macosx_10_9_universal2"} <= set(mac)


SAID = """
Collecting six==1.17.0
  Using cached six-1.17.0-py2.py3-none-any.whl (11 kB)
Saved ./a b/numpy-2.5.5-cp312-cp312-win_amd64.whl
Saved c:\\a b\\black-26-py3-none-any.whl
  File was already downloaded /a b/six-1.17.0-py2.py3-none-any.whl
Successfully downloaded six
"""


def test_the_wheels_of_a_target_are_those_that_pip_says_it_has_now():
    assert wheels_in(SAID) == (
        "black-26-py3-none-any.whl",
        "numpy-2.5.5-cp312-cp312-win_amd64.whl",
        "six-1.17.0-py2.py3-none-any.whl",
    )


def test_a_package_without_a_wheel_is_named_only_if_it_was_asked_for():
    said = "ERROR: No matching distribution found for argon2-cffi-bindings==25.1.0\n"
    assert missing_in(said, ["numpy", "argon2-cffi-bindings"]) == "argon2-cffi-bindings"
    assert missing_in(said, ["numpy"]) == "" == missing_in("ERROR: timed out", ["numpy"])


def test_the_readme_of_a_pack_says_what_it_takes_and_what_to_type():
    text = read_me([Target("linux-x86_64", "3.12"), Target("linux-x86_64", "3.13")])
    assert "git and one of Python 3.12, 3.13, on one of:\n  linux-x86_64\n\n" in text
    assert "git clone nbkata.bundle nbkata\n" in text and "./go --from .." in text
