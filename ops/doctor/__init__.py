"""`manage.py doctor`: what is wrong with the surroundings, and what to do about it. One file a check."""
