"""What is owed to somebody outside: signing, addresses that are allowed, sending, and what came of it."""
