"""Logits as probabilities: temperatures and a shift, fitted by maximum likelihood.

Probability of an edge = sigmoid(logit / temperature + shift) (Platt 1999; temperature as Guo et
al., ICML 2017); of activation, given that the edge exists, the same without a shift.
"""

import numpy as np

_LOG = (-2.0, 2.0)  # of the inverse temperature


def fit(edge: np.ndarray, sign: np.ndarray, signs: np.ndarray) -> dict[str, float]:
    """Fit the three numbers.

    Args:
        edge, sign: logits (pairs,).
        signs: (pairs,) the truth: +1, -1, or 0 where there is no edge.

    Returns:
        temperature, shift, sign_temperature.
    """
    from scipy.optimize import minimize

    labels, true = signs != 0, signs[signs != 0] > 0
    of_true = sign[signs != 0]

    def loss(logit: np.ndarray, label: np.ndarray) -> float:
        return float(np.mean(np.logaddexp(0, np.where(label, -logit, logit))))

    # Bounded: a model that knows nothing would ask for an infinite temperature.
    found = minimize(
        lambda p: loss(edge * np.exp(p[0]) + p[1], labels), [0.0, 0.0], bounds=[_LOG, (-5, 5)]
    ).x
    of_sign = minimize(lambda p: loss(of_true * np.exp(p[0]), true), [0.0], bounds=[_LOG]).x
    return {
        "temperature": float(np.exp(-found[0])),
        "shift": float(found[1]),
        "sign_temperature": float(np.exp(-of_sign[0])),
    }
