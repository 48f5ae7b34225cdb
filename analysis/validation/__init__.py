"""What judges the engine: it measures and writes certificates and baselines, and nothing below may import it."""
