"""What heads use of scikit-learn, loaded without pandas and rich, to which it offers itself and which no head needs.

A training of forty photos spends half of its time on loading, and pandas is a fifth of it.
"""

from understudy.engine.absent import absent

with absent("pandas", "pyarrow", "rich", "matplotlib"):
    from sklearn import config_context
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.svm import SVC

__all__ = ["SVC", "StratifiedGroupKFold", "config_context"]
