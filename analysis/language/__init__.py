"""The language of analyses: text to tokens, tokens to a tree, and back to canonical text."""
