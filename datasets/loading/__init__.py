"""Ways to make batches: where they are asked for, ahead in a thread, or in other processes."""
