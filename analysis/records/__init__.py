"""What was measured of every entry and is kept with it: certificates and baselines, by the entry's name."""
