"""What of a page is not the article: rules from packs, structure, appended articles, repetition over the corpus."""
