"""Models of what becomes of events: calibrated probabilities beside what chance gives. Plain Python, no Django."""
