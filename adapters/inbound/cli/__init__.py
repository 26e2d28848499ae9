"""The command line: `fieldpost serve`, `account create`, `simulate` and the rest."""
