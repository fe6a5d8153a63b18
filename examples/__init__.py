"""Programs that use tapegrad as anybody would, through its public names alone."""
