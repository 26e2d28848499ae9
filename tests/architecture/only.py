"""A contract for import-linter: what a package may import beside itself, and nothing more.

A list of what is forbidden silently accepts what nobody thought of, and a misspelt name.
"""

import sys
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OnlyContract(Contract):
    """`importer` and all below it import themselves, the standard library and `allowed`."""

    type_name = "only"

    importer = fields.StringField()
    allowed = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        importer: Any = self.importer
        allowed: Any = self.allowed
        if importer not in graph.modules:
            raise ValueError(f"there is no package {importer}")
        permitted = {importer, *allowed}
        found = []
        for module in {importer} | graph.find_descendants(importer):
            for imported in graph.find_modules_directly_imported_by(module):
                if not _within(imported, permitted):
                    found += graph.get_import_details(importer=module, imported=imported)
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for one in check.metadata["found"]:
            output.print_error(
                f"{one['importer']} imports {one['imported']} (l. {one['line_number']})", bold=False
            )


def _within(module: str, permitted: set[str]) -> bool:
    if module.partition(".")[0] in sys.stdlib_module_names:
        return True
    return any(module == one or module.startswith(f"{one}.") for one in permitted)
