"""What a trained model is worth: `write(evaluation, folder)` makes pictures, JSON, text, and a page of them all.

`predictions.py` asks the model, `measures.py` computes the figures, `pictures/` draws them, a file each, `theme.py`
gives the pictures one look, `page/` sets the page, and `writing.py` puts everything into the folder.
"""

from __future__ import annotations

from examples.mnist.report.evaluation import Evaluation as Evaluation
from examples.mnist.report.measures import Measures as Measures, measure as measure
from examples.mnist.report.predictions import Predictions as Predictions, predict as predict
from examples.mnist.report.writing import PAGE as PAGE, write as write

__all__ = ["PAGE", "Evaluation", "Measures", "Predictions", "measure", "predict", "write"]
