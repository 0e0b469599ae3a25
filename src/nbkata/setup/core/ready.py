"""What `./go ready` looks at, what may be wrong, and the block that a learner pastes into a mail.

Every Python from 2.7 on can read this file: no annotations and no f-strings here. Standard
library only.
"""

# pylint: disable=consider-using-f-string # 2.7 has none

from collections import namedtuple

from nbkata.setup.core.system import family_of

TITLE = "nbkata ready"
# One line each in the block, in this order.
ITEMS = ("python", "git", "disk", "network", "folder", "editor", "kit")
OK, FIX, ASK = "ok", "FIX", "ASK"
READY_TEXT = "ready"

# What may be wrong: the item, who can fix it, a sentence that is the same on every machine, and the
# fix, by the family of systems or "" for all others.
Fault = namedtuple("Fault", ["item", "status", "sentence", "fixes"])
# What was found of an item: the name of the fault, "" if there is none; and a figure or two.
Finding = namedtuple("Finding", ["item", "fault", "detail"])

GIB = 1 << 30
# The environment takes 0.9 GB, its downloads 0.3 GB, and notebooks write, too.
NEEDED_BYTES = 2 * GIB
NEEDED_WHEN_SET_UP_BYTES = GIB // 5
# A browser, an editor, JupyterLab, and a kernel with the notebook's models.
NEEDED_MEMORY_BYTES = 3 * GIB // 2
CLOCK_S = 300
# Windows takes 260 characters; the longest path in .venv has 165.
LONGEST_ON_WINDOWS = 90

_TABLE = """
no-python python FIX: no Python that suits is here
  Install Python 3.11 to 3.15, best 3.13, with your package manager
  windows: winget install Python.Python.3.13
  macos: Install Python 3.13 from python.org, or: brew install python@3.13
32-bits python FIX: this Python has 32 bits, and the packages need 64
  Install a Python with 64 bits
  windows: winget install Python.Python.3.13 --architecture x64
no-pip python FIX: this Python comes without pip or venv
  Install Python again, with pip, from python.org
  linux: sudo apt install python3-venv (or your package manager's name for it)
no-git git FIX: git is not here
  Install git from git-scm.com
  linux: sudo apt install git (or with your own package manager)
  macos: xcode-select --install
  windows: winget install --id Git.Git -e
full-disk disk FIX: too little space on this disk
  Free 2 GB, or move the folder
little-memory disk ASK: too little memory
  Ask for another machine, or for a dev container
dead-proxy network ASK: the proxy that is set here does not answer
  Ask which proxy to set in HTTPS_PROXY, or for the offline pack (./go --from DIR)
needless-proxy network FIX: the proxy that is set here does not answer, and the package index does without it
  unset HTTPS_PROXY HTTP_PROXY ALL_PROXY
  windows: Turn the proxy off in Settings
proxy-login network ASK: the proxy wants a login, or does not let this through
  Ask for its login, or for the offline pack (./go --from DIR)
certificate network ASK: the certificate of the package index is not trusted here
  Ask for the network's own certificate (PIP_CERT), or for the offline pack (./go --from DIR)
no-network network ASK: the package index does not answer
  Join another network and try again, or ask for the offline pack (./go --from DIR)
not-in-index network ASK: the package index that is set here lacks a package of the kit
  Ask which index to set in PIP_INDEX_URL, or for the offline pack (./go --from DIR)
wrong-clock network FIX: the clock of this machine is wrong
  Turn on automatic time in the settings
  linux: sudo timedatectl set-ntp true
  windows: w32tm /resync
not-writable folder FIX: nothing can be written in this folder
  Move it to a folder of your own
odd-path folder FIX: the path of this folder has a character that many programs cannot handle
  Rename it: letters, figures, spaces, - and _ are fine
long-path folder FIX: the path of this folder is too long for Windows
  Move it up, such as to C:\\nbkata
synced-folder folder FIX: a program synchronizes this folder with a cloud, and would spoil the environment
  Move it out of there
no-extension editor FIX: VS Code is here without its Python extension
  code --install-extension ms-python.python
unfinished kit FIX: the set-up is not finished
  ./go
  windows: .\\go
no-kernel kit ASK: no kernel starts, or it does not answer
  Send this block
no-cell kit ASK: the first cell of the notebook does not run
  Send this block
no-pytest kit ASK: pytest does not run
  Send this block
"""


def _faults():
    # type: () -> dict[str, Fault]
    faults = {}  # type: dict[str, Fault]
    name = ""
    for line in _TABLE.strip().splitlines():
        head, _, text = line.partition(": ")
        family = head.strip()
        if not line.startswith(" "):
            name, item, status = head.split()
            faults[name] = Fault(item, status, text, {})
        elif family in ("linux", "macos", "windows"):
            faults[name].fixes[family] = text
        else:
            faults[name].fixes[""] = line.strip()
    return faults


FAULTS = _faults()

# What pip writes (its words differ by version), in lower case; the first that fits counts.
_SIGNS = (
    ("full-disk", "no space left on device|not enough space on the disk"),
    ("wrong-clock", "certificate is not yet valid|certificate has expired"),
    ("certificate", "certificate_verify_failed|certificate verify failed|ca certificate bundle"),
    ("proxy-login", " 407 |tunnel connection failed: 40"),
    ("dead-proxy", "proxyerror|connect to proxy"),
    (
        "no-network",
        "newconnectionerror|connection broken|connection refused|connection reset|connection error"
        "|timed out|max retries|name resolution|name or service|nodename nor|getaddrinfo"
        "|unreachable|sslerror",
    ),
)


def network_fault(output, code, without_proxy):
    # type: (str, int, bool) -> str
    """What pip's words say about the network; ``without_proxy`` is whether it works without one."""
    if code == 0:
        return ""
    lowered = output.lower()
    for fault, signs in _SIGNS:
        if any(sign in lowered for sign in signs.split("|")):
            return "needless-proxy" if fault == "dead-proxy" and without_proxy else fault
    return "not-in-index"


def disk_finding(free, memory, is_set_up):
    # type: (int, int, bool) -> Finding
    """Judge the bytes that are free, and those of memory; 0 if they are not known."""
    detail = "%s free" % _gib(free)
    if free < (NEEDED_WHEN_SET_UP_BYTES if is_set_up else NEEDED_BYTES):
        return Finding("disk", "full-disk", detail)
    if memory:
        detail += ", %s of memory" % _gib(memory)
        if memory < NEEDED_MEMORY_BYTES:
            return Finding("disk", "little-memory", detail)
    return Finding("disk", "", detail)


def folder_finding(path, system, is_writable):
    # type: (str, str, bool) -> Finding
    """Judge the path that the kit is in; nothing of it is printed, for it may hold a name."""
    windows = family_of(system) == "windows"
    detail = "%d characters" % len(path)
    odd = "%!&^;" if windows else '"`$:\\'
    lowered = path.lower().replace("\\", "/")
    if not is_writable:
        return Finding("folder", "not-writable", "")
    if any(sign in odd or sign < " " for sign in path) or path.startswith("\\\\"):
        return Finding("folder", "odd-path", "")
    if windows and len(path) > LONGEST_ON_WINDOWS:
        return Finding("folder", "long-path", detail)
    if any(cloud in lowered for cloud in _CLOUDS):
        return Finding("folder", "synced-folder", "")
    return Finding("folder", "", detail)


_CLOUDS = (
    "/onedrive", "/dropbox", "/icloud", "/mobile documents/", "/google drive", "/cloudstorage/",
)  # fmt: skip


def exit_code(findings):
    # type: (list[Finding]) -> int
    """0 ready, 1 the learner can fix it, 2 the organizer must help."""
    statuses = [FAULTS[finding.fault].status for finding in findings if finding.fault]
    return 2 if ASK in statuses else 1 if FIX in statuses else 0


def block_of(findings, system, tag):
    # type: (list[Finding], str, str) -> list[str]
    """The lines to paste. ``tag`` is by chance, so that two blocks differ without a name."""
    statuses = [FAULTS[finding.fault].status for finding in findings if finding.fault]
    counts = ["%d to %s" % (statuses.count(it), it.lower()) for it in (ASK, FIX) if it in statuses]
    head = "%s #%s %s: %s" % (TITLE, tag, system, ", ".join(counts) or READY_TEXT)
    return [head] + [_line(finding, system) for finding in findings]


def _line(finding, system):
    # type: (Finding, str) -> str
    if not finding.fault:
        return "%-8s %-4s %s" % (finding.item, OK, finding.detail)
    fault = FAULTS[finding.fault]
    detail = " (%s)" % finding.detail if finding.detail else ""
    text = "%s%s. %s" % (fault.sentence, detail, fix_of(finding.fault, system))
    return "%-8s %-4s %s" % (finding.item, fault.status, text)


def fix_of(fault, system):
    # type: (str, str) -> str
    """What to do about a fault on a system."""
    fixes = FAULTS[fault].fixes
    return str(fixes.get(family_of(system), fixes[""]))


def _gib(count):
    # type: (int) -> str
    return "%.1f GB" % (count / float(GIB))
