"""State equals replay: what a console makes of the frames it was told is what a fresh load shows, after every step.

By a web process that loses nothing; what becomes of lost frames is proved everywhere else.
"""

import asyncio
import random
import re

from tests.support import desk as office
from tests.support.clients import ConsoleClient, WidgetClient, all_of, items

STEPS = 45
HERE = {"active", "snoozed", "wrap_up"}


class Replica:
    """A tray made of frames alone, beginning with a welcome and the page it came with."""

    def __init__(self, console):
        self.console = console
        self.status = console.welcome["status"]["code"]
        self.offers = {offer["id"] for offer in console.welcome["offers"]}
        self.cards = {}
        self.numbers = {}
        self.seen = len(console.frames)

    def follow(self):
        """Take in what came since; return how many frames that were."""
        fresh = self.console.frames[self.seen :]
        self.seen += len(fresh)
        for frame in fresh:
            getattr(self, "on_" + frame["type"].replace(".", "_"), lambda frame: None)(frame)
        return len(fresh)

    def on_status(self, frame):
        self.status = frame["status"]["code"]

    def on_offer(self, frame):
        self.offers.add(frame["offer"]["id"])

    def on_offer_gone(self, frame):
        self.offers.discard(frame["offer"])

    def on_conversation(self, frame):
        view = frame["conversation"]
        mine = view["agent"] and view["agent"]["id"] == self.console.person.id and view["state"] in HERE
        if mine:
            self.cards[view["id"]] = view["state"]
            self.numbers[view["id"]] = max(view["last_number"], self.numbers.get(view["id"], 0))
        else:
            self.cards.pop(view["id"], None)

    def on_message(self, frame):
        self.numbers[frame["conversation"]] = max(
            frame["message"]["number"], self.numbers.get(frame["conversation"], 0)
        )

    @property
    def shown(self):
        return (
            self.offers,
            {pk: (state, self.numbers[pk]) for pk, state in self.cards.items()},
        )


class Walk:
    """An agent and three customers who do whatever comes to their mind."""

    def __init__(self, stack, desk, console, customers, seed):
        self.stack, self.desk, self.console, self.customers = stack, desk, console, customers
        self.rng = random.Random(seed)
        self.conversations = {}
        self.taken = []

    async def step(self):
        moves = [self.arrive, self.accept, self.accept, self.customer_says, self.agent_says, self.read]
        moves += [self.end, self.leave, self.close, self.status]
        move = self.rng.choice(moves)
        await move()
        return move.__name__

    def mine(self, *states):
        return [pk for pk, state in self.console.cards.items() if state in states]

    async def arrive(self):
        free = [each for each in self.customers if each not in self.conversations]
        if free:
            customer = self.rng.choice(free)
            self.conversations[customer] = await customer.begin("here I am")

    async def accept(self):
        if self.console.offers:
            await self.console.accept(self.rng.choice(sorted(self.console.offers)))

    async def customer_says(self):
        for customer, conversation in self.conversations.items():
            if conversation in self.mine("active"):
                entry = customer.say(conversation, "a question")
                await customer.until(lambda entry=entry: entry.is_settled)
                return

    async def agent_says(self):
        if active := self.mine("active"):
            entry = self.console.say(self.rng.choice(active), "an answer")
            await self.console.until(lambda: entry.is_settled)

    async def read(self):
        if active := self.mine("active"):
            conversation = self.rng.choice(active)
            last = self.console.last(conversation)
            await self.console.tell("mark", conversation=conversation, delivered=last, read=last)
            # Nobody answers a mark; when it has moved, a frame says so.
            await self.console.until(lambda: self.console.marks.get((conversation, "agent")) == (last, last))

    async def end(self):
        if active := self.mine("active"):
            await self.console.end(self.rng.choice(active))

    async def leave(self):
        for customer, conversation in list(self.conversations.items()):
            if self.rng.random() < 0.3:
                await customer.end()
                del self.conversations[customer]
                customer.conversations.clear()
                return
            del conversation

    async def close(self):
        if over := self.mine("wrap_up"):
            await self.console.wrap_up(self.rng.choice(over))

    async def status(self):
        await self.console.choose(self.rng.choice(["available", "available", "away"]))


async def test_after_every_step_frames_and_a_fresh_load_say_the_same(stack):
    """CON-1, CON-2: and no change of what the tray stands for goes untold."""
    with stack.another_web(lose=0.0) as port:
        desk = stack.desk(slots=2)
        console = await ConsoleClient("acme", desk.agent, port, accepts=False).sign_in()
        console.marking = False
        customers = [WidgetClient(desk, port) for _ in range(3)]
        async with all_of(console, *customers):
            await asyncio.gather(*(page.up() for page in (console, *customers)))
            await console.choose("available")
            replica, walk = Replica(console), Walk(stack, desk, console, customers, seed=11)
            replica.status = "available"
            state, changes = await fresh_state(console), 0
            for number in range(STEPS):
                name = await walk.step()
                changed = await fresh_state(console)
                told = await agree(console, replica, f"step {number}: {name}")
                if changed != state and not told:
                    await console.until(replica.follow, what=f"step {number}: {name} changed the tray untold")
                changes += changed != state
                state = changed
            print(f"{STEPS} steps, {changes} changes of the tray")
            assert changes > STEPS // 4
            stack.office("acme", office.check)


async def agree(console, replica, when):
    """Wait until the replica shows what a fresh load shows; return how many frames that took."""
    told = 0
    for _ in range(60):
        told += replica.follow()
        fresh = await fresh_tray(console)
        if replica.shown == fresh:
            return told
        await asyncio.sleep(0.1)
    raise AssertionError(f"{when}: frames say {replica.shown}, a fresh load {fresh}: {console.frames[-5:]}")


async def fresh_state(console):
    """What a `sync` compares: the digest, what rings, and the last number of each card."""
    page = await asyncio.to_thread(console.web.get, "/console/tray/", htmx=True)
    digest = re.search(r'data-digest="([^"]+)"', page.text)[1]
    offers = {offer["offer"] for offer in items(page.text, "offer")}
    return digest, offers, {card["conversation"]: card["last"] for card in items(page.text, "card")}


async def fresh_tray(console):
    """Offers, and cards with state and last number, as the server renders them."""
    await console.read_tray()
    page = await asyncio.to_thread(console.web.get, "/console/tray/", htmx=True)
    cards = {card["conversation"]: (card["state"], int(card["last"])) for card in items(page.text, "card")}
    return {offer["offer"] for offer in items(page.text, "offer")}, cards
