"""Dirty regional files with known truth: drawn from a seed, measured against what the product reads.

``catalogue`` names every mutation with the sentence it stands for; ``make`` draws files; ``figures`` measures.
``python -m tests.dirty --seed N --files 300`` prints the figures.
"""
