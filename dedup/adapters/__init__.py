"""Stripping inside other tools. Stripping is a map: each text on its own, in any order, on any machine. Near-duplicates are not:
they need the whole corpus, and so `dedup.clean`, or the step `Clean` of `dedup.adapters.datatrove`.
"""
