"""Under which names a server is reached."""

import pytest

from understudy.serving.hosts import OF_THIS_MACHINE, VARIABLE, hosts_in, hosts_of


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "127.0.1.1", "localhost"])
def test_a_server_of_this_machine_is_reached_by_its_own_names_alone(address: str) -> None:
    """No page of another site can pass for one of its own by a name that is made to mean this machine."""
    assert hosts_of([address], []) == OF_THIS_MACHINE | {address}


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5", "blades.example.com"])
def test_a_server_for_others_is_reached_by_any_name_until_somebody_says_which(address: str) -> None:
    """Nobody here can know what a network calls it."""
    assert hosts_of([address], []) == frozenset()
    assert hosts_of([address], ["Blades.example.com"]) >= {"blades.example.com", "localhost"}


def test_a_name_that_is_asked_for_and_means_this_machine_is_known() -> None:
    """As it was said and as it is."""
    assert hosts_of(["workbench", "127.0.1.1"], []) >= {"workbench", "127.0.1.1"}


def test_the_environment_names_hosts_with_commas() -> None:
    """Blanks and capitals make no difference; nothing said is none."""
    assert hosts_in({VARIABLE: " A.example.com, ,b "}) == {"a.example.com", "b"}
    assert hosts_in({}) == frozenset()
