from importlinter.api import read_configuration
from importlinter.cli import lint_imports


def test_every_feature_imports_only_what_stands_below_it() -> None:
    assert lint_imports(no_cache=True) == 0


def test_there_are_contracts_to_keep() -> None:
    assert len(read_configuration()["contracts_options"]) == 5
