"""What of a person's pip and uv settings reaches the set-up: the way to packages, and no more."""

import tomllib

import pytest

from nbkata.setup.core.installer_settings import (
    clean_environment,
    installer_environment,
    pip_list_environment,
    pip_settings,
    uv_files,
    uv_settings,
)

LEFT_OUT = (
    "require-hashes constraint target user prefix root dry-run no-deps require-virtualenv python "
    "no-binary only-binary report quiet requirement editable no-compile upgrade pre log isolated "
    "build-constraint ignore-installed force-reinstall no-build-isolation"
).split()
KEPT = {
    "index-url": "https://mirror.example/simple",
    "extra-index-url": "https://one.example/\nhttps://two.example/",
    "find-links": "/opt/wheels",
    "trusted-host": "mirror.example",
    "proxy": "http://proxy.example:3128",
    "cert": "/etc/ssl/company.pem",
    "client-cert": "/home/ada/it's mine.pem",
    "timeout": "60",
    "retries": "9",
}


def _variable(tool: str, setting: str) -> str:
    return f"{tool}_{setting.upper().replace('-', '_')}"


def test_pips_files_say_where_packages_are_and_nothing_else() -> None:
    lines = [f"global.{key}={value!r}" for key, value in KEPT.items()]
    lines += [f"{section}.{key}='1'" for key in LEFT_OUT for section in ("global", "install")]
    listed = "\n".join(["Welcome to the cluster.", *lines, ":env:.index-url='from a variable'"])
    assert pip_settings(listed) == KEPT


def test_what_pips_files_say_of_install_wins() -> None:
    listed = "global.timeout='1'\ninstall.timeout='2'\nlist.timeout='3'\n"
    assert pip_settings(listed) == {"timeout": "2"}


def test_pip_sees_no_file_but_what_is_kept_of_them() -> None:
    environment = installer_environment({"PATH": "/bin"}, KEPT, "/dev/null", "/kit/uv.toml")
    kept = {_variable("PIP", key): value for key, value in KEPT.items()}
    assert environment == {
        **{"PATH": "/bin", "NO_COLOR": "1", "PIP_CONFIG_FILE": "/dev/null"},
        **{"UV_CONFIG_FILE": "/kit/uv.toml"},
        **kept,
    }


@pytest.mark.parametrize("tool", ["PIP", "UV"])
def test_variables_lead_nowhere_else(tool: str) -> None:
    outside = {_variable(tool, key): "1" for key in LEFT_OUT}
    environment = installer_environment(outside, {}, "/dev/null", "/kit/uv.toml")
    assert set(environment) == {"PIP_CONFIG_FILE", "UV_CONFIG_FILE", "NO_COLOR"}


@pytest.mark.parametrize(
    "variable",
    [
        *("HTTPS_PROXY", "SSL_CERT_FILE", "PIP_DEFAULT_TIMEOUT", "PIP_NO_INDEX", "PIP_CACHE_DIR"),
        *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_COMPANY_PASSWORD", "UV_INSECURE_HOST"),
        *("UV_NATIVE_TLS", "UV_OFFLINE", "UV_CACHE_DIR", "UV_HTTP_TIMEOUT", "UV_FIND_LINKS"),
        *(_variable("PIP", key) for key in KEPT),
    ],
)
def test_mirrors_proxies_certificates_and_caches_pass_and_win_over_files(variable: str) -> None:
    outside = {variable: "mine"}
    assert installer_environment(outside, KEPT, "/dev/null", "/uv.toml")[variable] == "mine"


def test_what_go_starts_later_keeps_a_persons_pip_settings() -> None:
    outside = {"PIP_TARGET": "/tmp", "PYTHONPATH": "/opt/ros", "PATH": "/bin"}
    assert clean_environment(outside) == {"PIP_TARGET": "/tmp", "PATH": "/bin"}


def test_pip_is_asked_aloud_for_its_files_alone() -> None:
    outside = {"PIP_CONFIG_FILE": "/etc/company.conf", "PIP_TARGET": "/tmp", "PATH": "/bin"}
    assert pip_list_environment(outside) == {
        **{"PIP_CONFIG_FILE": "/etc/company.conf", "PATH": "/bin"},
        **{"PIP_QUIET": "0", "PIP_VERBOSE": "0"},
    }


def test_uvs_files_become_one_of_what_is_kept() -> None:
    system = tomllib.loads(
        'required-version = "==0.1"\nnative-tls = true\nexclude-newer = "2020-01-01"\n'
        '[[index]]\nname = "company"\nurl = "https://mirror.example/é"\ndefault = true\n'
        '[pip]\ntarget = "/tmp"\nno-deps = true\nextra-index-url = ["https://one.example"]\n'
    )
    person = tomllib.loads(
        'native-tls = false\n[[index]]\nurl = "https://mine.example"\n[pip]\nsystem = true\n'
    )
    assert tomllib.loads(uv_settings([system, person])) == {
        "native-tls": False,
        "extra-index-url": ["https://one.example"],
        "index": [
            {"url": "https://mine.example"},
            {"name": "company", "url": "https://mirror.example/é", "default": True},
        ],
    }


def test_uvs_files_are_those_that_uv_reads() -> None:
    assert uv_files({}, False, "/home/ada")[-2:] == (
        "/etc/xdg/uv/uv.toml",
        "/home/ada/.config/uv/uv.toml",
    )
    company = {"PROGRAMDATA": r"C:\ProgramData", "APPDATA": r"C:\Users\ada\AppData"}
    assert uv_files(company, True, r"C:\Users\ada") == (
        r"C:\ProgramData/uv/uv.toml",
        r"C:\Users\ada\AppData/uv/uv.toml",
    )
    assert uv_files({"UV_CONFIG_FILE": "/etc/company.toml"}, False, "/home/ada") == (
        "/etc/company.toml",
    )
    assert uv_files({"UV_NO_CONFIG": "1"}, False, "/home/ada") == ()
