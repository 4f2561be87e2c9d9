"""What `make shape` counts, on a small made-up tree; and that its flows start at what there is in ours."""

from pathlib import Path
from textwrap import dedent

import pytest

from scripts.shape.code import Code
from scripts.shape.cycles import apps_graph, cycles_find, imports_graph
from scripts.shape.figures import (
    Spread,
    fan_out,
    function_lengths,
    one_word_functions,
    spread_of,
    undocumented_functions,
)
from scripts.shape.flows import FLOWS, Flow, UnknownStartError, files_of
from scripts.shape.tree import Modules, imports_of, modules_read

FILES = {
    "apps/__init__.py": "",
    "apps/core/events.py": "def subscribe(kind): ...",
    "apps/shop/__init__.py": "",
    "apps/shop/events.py": "class OrderPlaced: ...",
    "apps/shop/models.py": "class Order:\n    def total(self): ...",
    "apps/shop/actions/__init__.py": "from apps.shop.actions.orders import order_place",
    "apps/shop/actions/orders.py": """
        from apps.shop.events import OrderPlaced
        from apps.shop.models import Order
        from .prices import PriceList

        def order_place(order: Order):
            '''Place it.'''
            prices = PriceList()
            prices.sum_up()
            order.total()
            announce(OrderPlaced(order))
    """,
    "apps/shop/actions/prices.py": """
        class Rounded:
            def round_off(self): ...

        class PriceList(Rounded):
            def sum_up(self):
                from apps.tax.rates import rate_of
                self.round_off()
                rate_of(1)
    """,
    "apps/shop/unused.py": "def order_forget(): ...",
    "apps/tax/rates.py": """
        from typing import TYPE_CHECKING

        from apps.tax.tables import table

        if TYPE_CHECKING:
            from apps.shop.actions import order_place

        def rate_of(price):
            return table(price)
    """,
    "apps/tax/tables.py": "def table(price): ...",
    "apps/post/handlers.py": """
        from apps.core.events import subscribe
        from apps.shop.events import OrderPlaced
        from apps.post.parcels import parcel_send

        @subscribe(OrderPlaced)
        def on_placed(event):
            parcel_send(event)
    """,
    "apps/post/parcels.py": """
        def parcel_send(event):
            from apps.post.labels import label_print
            label_print(event)
    """,
    "apps/post/labels.py": """
        from apps.post.parcels import parcel_send
        from apps.post import printers

        def label_print(event):
            printers.ink_use()
    """,
    "apps/post/printers.py": "def ink_use(): ...",
    "apps/shop/migrations/0001_initial.py": "from apps.post import labels",
    "apps/shop/views.py": """
        from apps.shop import actions

        class OrderView:
            def post(self):
                self.run_later(self._place)

            def _place(self):
                actions.order_place(1)
    """,
}


@pytest.fixture
def modules(tmp_path: Path) -> Modules:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).strip())
    return modules_read(tmp_path)


def test_migrations_are_no_modules_of_it(modules: Modules) -> None:
    assert "apps.shop.actions" in modules
    assert not [name for name in modules if "migrations" in name]


def test_an_import_in_a_function_is_late_and_one_for_the_type_checker_is_none(modules: Modules) -> None:
    found = {
        (each.module, each.name, each.is_late) for each in imports_of(modules["apps.shop.actions.prices"], modules)
    }
    assert found == {("apps.tax.rates", "rate_of", True)}
    assert {each.module for each in imports_of(modules["apps.tax.rates"], modules)} == {"apps.tax.tables"}


def test_a_relative_import_starts_from_the_package(modules: Modules) -> None:
    assert "apps.shop.actions.prices" in {
        each.module for each in imports_of(modules["apps.shop.actions.orders"], modules)
    }


def test_a_cycle_by_an_import_in_a_function_shows_only_where_these_count(modules: Modules) -> None:
    assert cycles_find(imports_graph(modules, late=False)) == []
    assert cycles_find(imports_graph(modules, late=True)) == [["apps.post.labels", "apps.post.parcels"]]


def test_the_largest_cycle_comes_first_and_holds_all_that_reach_each_other() -> None:
    graph = {"a": {"b"}, "b": {"a"}, "c": {"d", "a"}, "d": {"e"}, "e": {"c", "f"}, "f": set()}
    assert cycles_find(graph) == [["c", "d", "e"], ["a", "b"]]


def test_apps_know_each_other_as_their_modules_do(modules: Modules) -> None:
    graph = apps_graph(imports_graph(modules, late=True))
    assert graph["shop"] == {"tax"}
    assert graph["post"] == {"core", "shop"}


def test_functions_are_measured_and_judged_by_their_names(modules: Modules) -> None:
    assert (2, "apps/post/parcels.py:1 parcel_send") not in function_lengths(modules)
    assert (3, "apps/post/parcels.py:1 parcel_send") in function_lengths(modules)
    assert one_word_functions(modules) == ["apps/core/events.py:1 subscribe", "apps/tax/tables.py:1 table"]
    assert not [each for each in undocumented_functions(modules) if each.endswith("order_place")]
    assert [each for each in undocumented_functions(modules) if each.endswith("order_forget")]


def test_fan_out_counts_modules_of_other_apps_once(modules: Modules) -> None:
    assert fan_out(modules["apps.post.handlers"], modules) == 2
    assert fan_out(modules["apps.shop.actions.orders"], modules) == 0


@pytest.mark.parametrize(
    ("lengths", "spread"),
    [
        ([], Spread(0, 0, 0, 0)),
        ([7], Spread(1, 7, 7, 7)),
        ([10, 1, 2, 3, 4, 5, 6, 7, 8, 9], Spread(10, 5, 9, 10)),
    ],
)
def test_half_are_at_most_the_median_and_nine_in_ten_the_p90(lengths: list[int], spread: Spread) -> None:
    assert spread_of(lengths) == spread


def test_a_flow_goes_through_packages_methods_bases_events_and_late_imports(modules: Modules) -> None:
    flow = Flow("order", ("apps.shop.views.OrderView.post",), ("shop", "tax", "post"))
    assert files_of(flow, Code(modules)) == {
        "apps/shop/views.py": ["OrderView.post", "OrderView._place"],
        "apps/shop/actions/orders.py": ["order_place"],
        "apps/shop/actions/prices.py": ["PriceList", "PriceList.sum_up", "Rounded.round_off"],
        "apps/post/handlers.py": ["on_placed"],
        "apps/tax/rates.py": ["rate_of"],
        "apps/post/parcels.py": ["parcel_send"],
        "apps/tax/tables.py": ["table"],
        "apps/post/labels.py": ["label_print"],
        "apps/post/printers.py": ["ink_use"],
    }


def test_of_other_apps_a_flow_enters_one_file_and_two_steps_behind_a_handler(modules: Modules) -> None:
    flow = Flow("order", ("apps.shop.actions.orders.order_place",), ("shop",))
    files = files_of(flow, Code(modules))
    assert "apps/tax/rates.py" in files and "apps/tax/tables.py" not in files
    assert "apps/post/labels.py" in files and "apps/post/printers.py" not in files


def test_a_flow_may_start_at_what_a_class_has_from_its_base(modules: Modules) -> None:
    flow = Flow("rounding", ("apps.shop.actions.prices.PriceList.round_off",), ("shop",))
    assert files_of(flow, Code(modules)) == {"apps/shop/actions/prices.py": ["Rounded.round_off"]}


def test_a_flow_ends_where_another_subject_begins(modules: Modules) -> None:
    flow = Flow("order", ("apps.shop.actions.orders.order_place",), ("shop",), ends=("apps.shop.actions.prices",))
    files = files_of(flow, Code(modules))
    assert files["apps/shop/actions/prices.py"] == ["PriceList", "PriceList.sum_up"]
    assert "apps/tax/rates.py" not in files


def test_a_flow_that_starts_nowhere_is_an_error(modules: Modules) -> None:
    with pytest.raises(UnknownStartError, match="order_lose"):
        files_of(Flow("order", ("apps.shop.actions.order_lose",), ("shop",)), Code(modules))


def test_every_flow_of_ours_starts_at_what_there_is() -> None:
    code = Code(modules_read(Path(__file__).parents[2]))
    assert all(len(files_of(flow, code)) > len(flow.starts) for flow in FLOWS)
    assert {end for flow in FLOWS for end in flow.ends} <= set(code.modules)
