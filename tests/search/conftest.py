import pytest

from onnx_files import conv_pool
from search import lessons
from understudy.modalities.image.external import External
from understudy.modalities.image.extractor import Extractor
from understudy.modalities.image.named import extractor_named
from understudy.search.model import Model
from understudy.search.model_file import read_model
from understudy.search.trained import Trained


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> External:
    """A real extractor that takes no time: one convolution, on photos of 32 pixels."""
    return External.from_file(conv_pool(tmp_path_factory.mktemp("onnx") / "small.onnx", side=32))


@pytest.fixture(scope="session")
def built_in() -> Extractor:
    return extractor_named(None)


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, built_in: Extractor) -> Trained:
    """A run on 30 drawn photos, with the built-in extractor and both sizes."""
    given = lessons.lesson({"red": 10, "green": 10, "blue": 10})
    return lessons.train(given, built_in, tmp_path_factory.mktemp("trained") / "a", sizes=(64, 96))


@pytest.fixture(scope="session")
def model(trained: Trained) -> Model:
    return Model(read_model(trained.model))
