"""Steps of a JSON pointer, by which a fault says where in a body it is."""


def step(name: object) -> str:
    """Return the name as one step, cut to a length that can be printed."""
    return str(name)[:80].replace("~", "~0").replace("/", "~1")
