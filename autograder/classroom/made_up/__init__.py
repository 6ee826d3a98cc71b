"""A made-up class, to show what is done with a real one, and to test it."""
