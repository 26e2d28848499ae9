"""What agents call: ours under `/agent/v1`, those that people already have beside it."""
