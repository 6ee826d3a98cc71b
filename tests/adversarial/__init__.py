"""Adversarial tests: broken and hostile submissions, each with the exact verdict it must get."""
