"""The local system: everything that production runs, on one machine, without root and without containers."""
