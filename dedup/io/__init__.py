"""Files in, files out: the only package that touches the disk."""
