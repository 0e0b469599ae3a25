"""The static part as pylint messages: one for each kind of impurity in a module declared pure."""

from typing import TYPE_CHECKING

from pylint.checkers import BaseChecker

from nbkata.common.core.refusal import Refusal
from nbkata.purity.core.findings import Cause, Sure, impure
from nbkata.dataflow.core.modules import module_from_source
from nbkata.purity.core.static import read_functions

if TYPE_CHECKING:
    from astroid import nodes

MESSAGES = {
    Cause.ARGUMENT: ("W9801", "impure-argument-edit"),
    Cause.GLOBAL: ("W9802", "impure-global-write"),
    Cause.READS_GLOBAL: ("W9803", "impure-global-read"),
    Cause.READS: ("W9804", "impure-read"),
    Cause.WRITES: ("W9805", "impure-write"),
    Cause.OUTPUT: ("W9806", "impure-output"),
    Cause.NETWORK: ("W9807", "impure-network"),
    Cause.PROCESS: ("W9808", "impure-process"),
    Cause.ENVIRONMENT: ("W9809", "impure-environment"),
    Cause.CLOCK: ("W9810", "impure-clock"),
    Cause.RANDOM: ("W9811", "impure-randomness"),
    Cause.DRAWS: ("W9812", "impure-drawing"),
    Cause.ASKS: ("W9813", "impure-question"),
    Cause.SETTINGS: ("W9814", "impure-setting"),
    Cause.IMPORT: ("W9815", "impure-import"),
}


class PurityChecker(BaseChecker):
    """Reads modules that ``pure-modules`` names; the shell may do what it wants."""

    name = "nbkata-purity"
    msgs = {
        number: ("%s (%s)", symbol, f"A function of the functional core is impure ({cause.value}).")
        for cause, (number, symbol) in MESSAGES.items()
    }
    options = (
        (
            "pure-modules",
            {
                "default": (),
                "type": "csv",
                "metavar": "<modules>",
                "help": "Modules and packages that must be pure: features,model or package.core.",
            },
        ),
    )

    def visit_module(self, node: "nodes.Module") -> None:
        """Read the whole module at once: functions call one another."""
        if not any(_lies_in(node.name, name) for name in self.linter.config.pure_modules):
            return
        with node.stream() as stream:
            source = stream.read().decode("utf-8-sig")
        module = module_from_source(source, node.name, node.file or node.name)
        if isinstance(module, Refusal):
            return
        for text in read_functions([module]):
            for finding in impure(text.name, text.findings):
                if finding.sure > Sure.POSSIBLE and finding.cause in MESSAGES:
                    _, symbol = MESSAGES[finding.cause]
                    arguments = (f"{text.name} {finding.message}", finding.fix)
                    self.add_message(symbol, node=node, line=finding.line, args=arguments)


def _lies_in(module: str, name: str) -> bool:
    return module == name or module.startswith(f"{name}.") or module.endswith(f".{name}")
