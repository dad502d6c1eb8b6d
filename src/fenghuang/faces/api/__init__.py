"""The public API: every rule calculated and described, as spec/cli.md says."""
