"""The goods of the demo tenants' shops."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """Something on offer.

    Attributes:
        name: what it is called.
        line: what is good about it.
        price: with its currency.
        picture: a file in ``static/demo/``.
        badge: a word on the picture, or none.
    """

    name: str
    line: str
    price: str
    picture: str
    badge: str = ""


@dataclass(frozen=True)
class Shop:
    """A small shop's front page."""

    theme: str
    name: str
    claim: str
    intro: str
    call: str
    shelf: str
    picture: str
    menu: tuple[str, ...]
    promises: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]


BICYCLES = Shop(
    theme="bicycles",
    name="Velo & Vale",
    claim="Bicycles for the long way home",
    intro="Steel frames, honest parts, and a workshop that answers. Built to order, delivered ready to ride.",
    call="See the bicycles",
    shelf="This season",
    picture="demo/road.svg",
    menu=("Bicycles", "Parts", "Workshop", "About"),
    promises=(
        ("Nine days to your door", "Built after you order, shipped assembled."),
        ("Ride it for a month", "Not for you? We collect it and pay you back."),
        ("A workshop that answers", "Ask a mechanic in the chat, Monday to Sunday."),
    ),
    items=(
        Item("Heron 3", "A light city bike with a belt instead of a chain.", "€ 1,190", "demo/city.svg", "New"),
        Item("Tarn", "Gravel, rain, Sunday. Room for wide tyres.", "€ 1,640", "demo/gravel.svg"),
        Item("Pannier 20", "A cargo bike for two children and the shopping.", "€ 3,480", "demo/cargo.svg"),
    ),
)

COFFEE = Shop(
    theme="coffee",
    name="Kettle & Crane",
    claim="Coffee, roasted on Tuesdays",
    intro="Three coffees at a time, from farms that we have visited, roasted the day before they leave for you.",
    call="See the coffees",
    shelf="On the shelf now",
    picture="demo/beans.svg",
    menu=("Coffee", "Gear", "Subscriptions", "About"),
    promises=(
        ("Roasted weekly", "Tuesday in the drum, Thursday at your door."),
        ("Pause when you like", "Subscriptions without a minimum."),
        ("Ask the roaster", "Grind, water, recipe: the chat knows."),
    ),
    items=(
        Item("Guji Uraga", "Apricot, jasmine, black tea. For filter.", "€ 14", "demo/bag-light.svg", "This week"),
        Item("Night Shift", "Cocoa, walnut, caramel. For espresso.", "€ 12", "demo/bag-dark.svg"),
        Item("Crane kettle", "0.8 l, holds its temperature to the degree.", "€ 129", "demo/kettle.svg"),
    ),
)

SHOPS = {"globex": COFFEE}


def demo_shop(schema_name: str) -> Shop:
    """The shop of a tenant; those without one of their own sell bicycles."""
    return SHOPS.get(schema_name, BICYCLES)


@dataclass(frozen=True)
class ShopCustomer:
    """A customer of the demo shops who can sign in to them.

    Attributes:
        key: what the shop knows them by.
        name: what they are called.
        email: their address.
    """

    key: str
    name: str
    email: str


SHOP_CUSTOMERS = {
    person.key: person
    for person in (
        ShopCustomer("c-1042", "Ana Ruiz", "ana.ruiz@example.com"),
        ShopCustomer("c-2077", "Bo Lindqvist", "bo.lindqvist@example.com"),
    )
}
