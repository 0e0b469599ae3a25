"""How a system is called in packs and in what `./go ready` prints. Every Python from 2.7 on can read this."""

FAMILIES = {"win32": "windows", "darwin": "macos", "linux": "linux", "linux2": "linux"}  # 2.7's
PROCESSORS = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}


def system_name(platform, machine, bits=64):
    # type: (str, str, int) -> str
    """Such as `linux-x86_64`, from `sys.platform` and `platform.machine()`."""
    processor = PROCESSORS.get(machine.lower(), machine.lower() or "unknown")
    if bits == 32:  # of Python: it decides which packages fit
        processor += "-32bit"
    return "-".join((FAMILIES.get(platform, platform), processor))


def family_of(system):
    # type: (str) -> str
    """The part of a system's name that says how to install something there."""
    return system.split("-", 1)[0]
