"""People, units and rights."""
