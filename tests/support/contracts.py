"""A contract that import-linter does not bring."""

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class StandardLibrary(Contract):
    """A package, and all of the kit that it imports, needs the standard library alone."""

    type_name = "standard_library"

    package = fields.ModuleField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at everything that the package reaches."""
        package = self.package.name  # pylint: disable=no-member # the field was parsed to a module
        ours = package.partition(".")[0]
        reached = graph.find_upstream_modules(package, as_package=True)
        needed = {name.partition(".")[0] for name in reached} - {ours} - sys.stdlib_module_names
        return ContractCheck(kept=not needed, metadata={"needed": sorted(needed)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name what is needed beside it."""
        output.print_error(f"It needs {', '.join(check.metadata['needed'])}.")
