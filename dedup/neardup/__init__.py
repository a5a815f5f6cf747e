"""Near-duplicate paragraphs: shingles, MinHash signatures, banding, exact verification, election."""
