"""What a sandbox lets a command see is the same in each engine's words."""

import pytest

from nbkata.child.core.confined import Confined, by_bubblewrap, by_container, marked

HERE = Confined(
    ("python", "a.py"),
    "/tmp/own",
    {"LANG": "C"},
    {"/usr": "/usr", "/tmp/fonts": "/cache/a,b"},
    ("/tmp/own",),
    ("/kit/solutions",),
    memory_gb=2,
)


def _after(words: list[str], option: str) -> list[str]:
    return [value for word, value in zip(words, words[1:], strict=False) if word == option]


def test_bubblewrap_gets_what_is_seen_and_written_and_no_more():
    words = by_bubblewrap(HERE)
    assert _after(words, "--ro-bind-try") == ["/usr", "/cache/a,b"]
    assert _after(words, "--bind") == ["/tmp/own"]
    assert _after(words, "--tmpfs") == ["/tmp", "/dev/shm", "/kit/solutions"]
    assert _after(words, "--setenv") == ["LANG"] and "--clearenv" in words
    assert words[-2:] == ["python", "a.py"] and "--unshare-all" in words


@pytest.mark.parametrize("engine", [["podman", "--runtime", "runc"], ["docker"]])
def test_a_container_gets_the_same_and_no_rights(engine: list[str]):
    words = by_container(engine, HERE, "7:8", "/tmp/own/line", ("python", "first.py"), "a1")
    assert _after(words, "--mount") == [
        "type=bind,source=/usr,target=/usr,bind-nonrecursive=true,readonly",
        'type=bind,"source=/cache/a,b",target=/tmp/fonts,bind-nonrecursive=true,readonly',
        "type=bind,source=/tmp/own,target=/tmp/own,bind-nonrecursive=true",
    ]
    in_memory = _after(words, "--tmpfs")
    assert [one.partition(":")[0] for one in in_memory] == ["/tmp", "/kit/solutions"]
    assert all(("notmpcopyup" in one) is (engine[0] == "podman") for one in in_memory)
    assert _after(words, "--env") == ["LANG=C"]
    label = _after(words, "--label")[0]
    assert marked("a1")[-2:] == ("--filter", f"label={label}")
    asked = {"--network": "none", "--cap-drop": "ALL", "--security-opt": "no-new-privileges"}
    asked |= {
        "--user": "7:8",
        "--pids-limit": "256",
        "--memory": str(2 * 1024**3),
        "--pull": "never",
    }
    assert {option: _after(words, option)[0] for option in asked} == asked
    assert "--read-only" in words and "--rm" in words
    assert words[words.index("nbkata-empty") + 1 :][:3] == ["python", "first.py", "/tmp/own/line"]
    assert words[-2:] == ["python", "a.py"]
