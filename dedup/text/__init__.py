"""From characters to comparison words: folding, lines, paragraphs."""
