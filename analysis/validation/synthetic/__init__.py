"""Shapes with a known place, drawn into random walks, to count what a detector finds of them."""
