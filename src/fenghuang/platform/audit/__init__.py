"""The event log. `from fenghuang.platform.audit.log import record, verify`."""
