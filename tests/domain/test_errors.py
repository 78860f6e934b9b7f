"""The shape of every error."""

import importlib
import pkgutil

import understudy
from understudy.domain.errors import UnderstudyError


def test_an_error_says_fact_reason_and_remedy() -> None:
    """The three sentences can be read apart, and together as the error's text."""
    error = UnderstudyError(fact="It broke.", reason="It was old.", remedy="Mend it.")
    assert (error.fact, error.reason, error.remedy) == ("It broke.", "It was old.", "Mend it.")
    assert str(error) == "It broke. It was old. Mend it."


def test_every_error_of_the_house_has_a_docstring() -> None:
    """Each kind of error says in its docstring when it is raised; the test visits every module."""
    for module in pkgutil.walk_packages(understudy.__path__, "understudy."):
        if ".migrations" not in module.name and module.name != "understudy.engine.child":
            importlib.import_module(module.name)
    kinds = [UnderstudyError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    assert len(kinds) > 20
    assert not [kind.__name__ for kind in kinds if not kind.__doc__]
