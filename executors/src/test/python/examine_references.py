"""The numbers that the tests of package examine expect, by NumPy, SciPy, scikit-learn and PyTorch.

    python3 examine_references.py
"""
import numpy as np
from scipy import ndimage
from scipy.stats import binomtest, spearmanr
from sklearn.metrics import log_loss, roc_auc_score

LOGITS = np.array([
    [2.0, 0.5, -1.0], [0.1, 0.2, 0.3], [-1.5, 3.0, 0.0], [1.0, 1.5, -0.5], [0.0, -2.0, 4.0],
    [0.7, 0.6, 0.5], [3.5, -1.0, 0.0], [-0.5, 0.5, 0.25], [1.2, 0.9, 2.0], [0.3, 2.2, 0.1],
    [-2.0, -1.0, -1.5], [5.0, 1.0, 0.0]])
LABELS = np.array([0, 1, 1, 0, 2, 0, 0, 2, 2, 1, 1, 1])


def confidence():
    p = np.exp(LOGITS) / np.exp(LOGITS).sum(1, keepdims=True)
    top, right = p.max(1), p.argmax(1) == LABELS
    # Guo et al. 2017, section 2: sum over bins of |B|/n * |acc(B) - conf(B)|, B = ((m - 1)/15, m/15].
    error = 0
    for m in range(1, 16):
        inside = (top > (m - 1) / 15) & (top <= m / 15)
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - top[inside].mean())
    print("calibration error", error, "log loss", log_loss(LABELS, p))


def mcnemar():
    print("McNemar 3 lost, 1 won", binomtest(1, 4, 0.5).pvalue)


IMAGE = np.array([[0, 9, 4, 1], [2, 7, 7, 0], [5, 3, 8, 6]], float)


def filters():
    print("blur", ndimage.gaussian_filter(IMAGE, 0.7).ravel().round(6).tolist())
    # SciPy turns the other way round.
    print("rotate", ndimage.rotate(IMAGE, -30, reshape=False, order=1, mode="grid-constant").ravel().round(6).tolist())
    print("shift", ndimage.shift(IMAGE, (0.5, -1.25), order=1, mode="grid-constant").ravel().round(6).tolist())


A = np.array([[0.2, -1, 0, 3], [0, 0, 5, 1], [1, 1, 1, 2], [2, 0, -1, 0], [0.5, 4, 0, -2]], float)
B = np.array([[0.1, 0.4], [2, -1], [0.5, 0.5], [-1, 3], [0, 1.5]], float)
MEMBERS = np.array([0.1, 0.2, 0.2, 0.9, 2.0])
OTHERS = np.array([0.2, 0.5, 1.5, 3.0])


def explanations():
    print("Spearman", spearmanr([0, 0, 3, -1, 2, 0.5], [1, 0, 2, 0, -1, 2]).correlation)
    print("CKA", hsic(A, B) / np.sqrt(hsic(A, A) * hsic(B, B)))


def hsic(x, y):
    # Song et al. 2012, equation 5, of linear kernels.
    n, one = len(x), np.ones(len(x))
    k, l = x @ x.T, y @ y.T
    np.fill_diagonal(k, 0)
    np.fill_diagonal(l, 0)
    return (np.trace(k @ l) + one @ k @ one * (one @ l @ one) / ((n - 1) * (n - 2)) - 2 / (n - 2) * (one @ k @ l @ one)) / (n * (n - 3))


def membership():
    losses, labels = np.r_[MEMBERS, OTHERS], np.r_[np.ones(5), np.zeros(4)]
    threshold = MEMBERS.mean()
    print("AUC", roc_auc_score(labels, -losses), "advantage", (MEMBERS <= threshold).mean() - (OTHERS <= threshold).mean())


if __name__ == "__main__":
    confidence()
    mcnemar()
    filters()
    explanations()
    membership()
