"""What the platform does, in the words of its people: Gherkin, glossary, steps and drivers.

`pytest features --driver application|http` runs every scenario through one way in. Steps know
only the vocabulary of `drivers.base`; a scenario that needs more than every driver has carries
the tag of an ability. Nothing may import from here.
"""

import pytest

pytest.register_assert_rewrite("features.steps")
