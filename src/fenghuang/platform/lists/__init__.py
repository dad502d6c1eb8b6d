"""What every list can do: be exported, show fewer columns, be saved with its filter."""
