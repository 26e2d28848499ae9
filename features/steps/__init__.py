"""What the sentences of the features do. Steps are synchronous and know the driver's vocabulary
only; `world` is what a scenario has set up so far, `wording` reads times, places and kinds.
"""

MODULES = tuple(
    f"{__name__}.{name}"
    for name in (
        "accounts",
        "alerts",
        "backtests",
        "carrying",
        "days",
        "delivering",
        "documents",
        "enrolment",
        "intake_log",
        "keeping",
        "movements",
        "notifications",
        "own_apps",
        "people",
        "platform",
        "policy",
        "refusals",
        "requests",
        "rules",
        "telling",
        "templates",
    )
)
"""The modules that hold steps."""
