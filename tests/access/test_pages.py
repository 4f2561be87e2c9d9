"""Every address, for everybody, by both methods, with a row of one's own queue and one of another's (TEN-1, TEN-5).

The answers that are right stand in `pages.tsv`, a line for each address and method: an address without a line fails,
and so does any other answer. `make access` writes the table anew; read what changed in it as a burglar would.
"""

import pytest

from tests.access.table import Table
from tests.access.walk import answers_in, ask, lines, path_of, tenant_addresses
from tests.access.world import ROLES, STRANGERS, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TABLE = Table("pages.tsv", ("nobody", *ROLES))
REFUSED = {"sign-in", "403", "404", "405", "gone", "409"}


@pytest.fixture
def world(acme, globex):
    return World(globex)


def test_every_address_has_a_line(request):
    names = [name for name, _address, _method in lines(tenant_addresses())]
    TABLE.check_lines(names, rewrite=request.config.getoption("--write-access"))


@pytest.mark.parametrize("who", ["nobody", *ROLES])
def test_answers_are_those_of_the_table(world, request, who):
    found = answers_in(world, world.browser(who), who)
    assert {name: said for name, said in found.items() if "5" in {said[0], said.partition(", ")[2][:1]}} == {}
    TABLE.check_column(who, found, rewrite=request.config.getoption("--write-access"))


@pytest.mark.parametrize("who", [each for each in STRANGERS if each != "nobody"])
def test_whoever_is_somebody_elsewhere_is_nobody_here(world, who):
    """TEN-6: the deactivated, operators, and the sessions of another tenant."""
    found = answers_in(world, world.browser(who), who)
    assert {name: said for name, said in found.items() if said != TABLE.column("nobody").get(name)} == {}


def test_ids_of_another_tenant_are_none(world):
    """TEN-1: its owner, on their own host, is told what they would be told of ids that nobody has."""
    browser = world.elsewhere()
    different = {}
    for name, address, method in lines(tenant_addresses()):
        if not address.arguments:
            continue
        said = ask(browser, method, path_of(address, world.own))
        # What belongs to every tenant alike has the same key in each: a row of the model with a number for its key.
        if said not in REFUSED and said != ask(browser, method, path_of(address, {})):
            different[name] = said
    assert different == {}
