"""The native table of kinds and the domain's declarations say the same."""

import fieldpost_native as native

from domain.fields import specs_of
from domain.observations import OBSERVATION_CLASSES


def test_the_native_schema_is_the_domains() -> None:
    declared = [
        (
            kind.value,
            [
                (
                    spec.name,
                    spec.type.value,
                    spec.required,
                    spec.low,
                    spec.high,
                    spec.resolution,
                    spec.max_length,
                    spec.choices,
                )
                for spec in specs_of(cls)
            ],
        )
        for kind, cls in OBSERVATION_CLASSES.items()
    ]
    assert native.schema() == declared
