"""A made-up class, to show what a class looks like and to test that it is read."""
