"""The main job: train a model on MNIST. `python -m examples.mnist train`.

`commands.py` gathers the commands, a file for each; `models.py` holds the models, `data.py` says what they are trained
on, `training.py` how.
"""
