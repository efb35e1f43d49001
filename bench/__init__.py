"""Measures the site against a reference in the same run: `python -m bench`. Budgets stand with the figures."""
