"""Mappings, and what they were tried on, as people and programs see them."""

from typing import Any

from application.queries.try_mapping import Tried
from domain.mapping import DocumentMapping
from domain.times import to_rfc3339


def mapping_view(mapping: DocumentMapping) -> dict[str, Any]:
    return {
        "id": mapping.id,
        "name": mapping.name,
        "source": mapping.source,
        "enabled": mapping.enabled,
        "definition": mapping.definition,
        "version": mapping.version,
        "created_at": to_rfc3339(mapping.created_at_ms),
    }


def tried_view(tried: Tried) -> dict[str, Any]:
    return {
        "time": to_rfc3339(tried.document.time_ms),
        "source": tried.document.source or None,
        "outcome": _outcome(tried),
        "observations": list(tried.observations),
        "count": tried.count,
        "errors": [
            {"field": fault.field, "reason": fault.reason, "element": fault.element}
            for fault in tried.faults
        ],
    }


def _outcome(tried: Tried) -> str:
    if tried.faults:
        return "failed"
    if not tried.understood:
        return "not_mapped"
    return "mapped" if tried.count else "ignored"
