"""Pictures of the catalogue for docs: each indicator on shipped bars, each pattern where it really occurs."""
