"""The main job: train, evaluate and use models on MNIST. `python -m examples.mnist`.

`commands/` has a file for each command, `models/` the models, `presets/` recipes in TOML; `settings.py` says what can
be chosen, `data.py` what is trained on, `training.py` how, `runs.py` where it is kept.
"""
