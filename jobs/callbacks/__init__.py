"""Callbacks: a signed message to the client's own address when a job is over."""
