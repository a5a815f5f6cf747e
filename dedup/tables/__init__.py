"""Documents as they come from Python, and the way back: items one by one, or tables of pyarrow, pandas, polars, datasets."""
