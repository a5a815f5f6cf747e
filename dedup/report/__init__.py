"""Results in words: strings only, nothing is printed here."""
