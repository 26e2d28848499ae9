"""The steps, each named by its revision. They are only added to: see docs/decisions/012."""
