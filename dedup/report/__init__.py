"""Results in words and pictures. Nothing is printed here; of files only the page is written, complete or not at all."""
