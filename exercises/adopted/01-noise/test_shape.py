"""Step 01: the code computes; it does not show."""

from nbkata.core.smells.find import smells_in_script
from nbkata.core.smells.symbols import Smell

NOISE = {Smell.PRINT_NOISE, Smell.DISPLAY_NOISE, Smell.PLOT_NOISE}


def test_nothing_is_only_shown(workspace):
    said = []
    for path in sorted((workspace / "src").rglob("*.py")):
        text = path.read_text(encoding="utf-8-sig")
        for finding in smells_in_script(text, path.name, NOISE).findings:
            said.append(f"src/{path.name}, line {finding.line}: {finding.message}")
    more = f"\nAnd {len(said) - 3} more: nbkata smells src" if len(said) > 3 else ""
    assert not said, "\n".join(said[:3]) + more
