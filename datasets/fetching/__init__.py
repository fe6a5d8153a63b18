"""Getting published files: found in a folder or the cache, or downloaded; verified; and put in their place whole."""
