"""The law to look at and to try out: every rule as a calculator, open to all."""
