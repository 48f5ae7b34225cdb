"""The catalogue: every entry with what is known of it. `python -m analysis.catalog` prints it."""

from analysis import registry
from analysis.spec import Entry


def catalog() -> list[Entry]:
    """Return every entry, by category and then by name."""
    order = {category: place for place, category in enumerate(registry.CATEGORIES)}
    return sorted(registry.ENTRIES.values(), key=lambda one: (order[one.category], one.name))


def main() -> None:
    """Print one line an entry."""
    for one in catalog():
        shown = ", ".join(f"{param.name}={param.default}" for param in one.params)
        outputs = ", ".join(output.name for output in one.outputs)
        print(f"{one.category:<13}{one.name:<28}{shown:<52}{outputs:<30}{one.history}")
    print(f"{len(registry.ENTRIES)} entries")


if __name__ == "__main__":
    from analysis import catalog as _loaded  # noqa: F401 - registers every entry

    main()
