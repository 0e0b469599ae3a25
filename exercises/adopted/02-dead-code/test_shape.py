"""Step 02: all that is there is needed."""

from nbkata.core.smells.find import smells_in_script
from nbkata.core.smells.symbols import Smell

DEAD = {Smell.DEAD_CODE, Smell.COMMENTED_OUT_CODE, Smell.UNUSED_IMPORT}


def test_nothing_is_dead(workspace):
    said = []
    for path in sorted((workspace / "src").rglob("*.py")):
        text = path.read_text(encoding="utf-8-sig")
        for finding in smells_in_script(text, path.name, DEAD).findings:
            said.append(f"src/{path.name}, line {finding.line}: {finding.message}")
    more = f"\nAnd {len(said) - 3} more: nbkata smells src" if len(said) > 3 else ""
    assert not said, "\n".join(said[:3]) + more
