"""Who is where in a room, and who comes first."""

from datetime import UTC, datetime, timedelta
from itertools import count

from nbkata.facilitate.core.room import Person, Plan, State, room_view
from nbkata.kata.core.kata import Step
from nbkata.workspace.core.room import RoomLine

NOW = datetime(2030, 1, 31, 12, 0, tzinfo=UTC)
STEPS = (Step("06-titles", "Titles", 25, "", ()), Step("07-alone", "Alone", 25, "", ()))
MISTAKES = {"no unit test": "It has no unit test yet.", "a twin": "It is there twice."}
PLAN = Plan("till", STEPS, {"06-titles": MISTAKES})


def line(minutes_ago: float, behaviour: bool | None = None, **more: object) -> RoomLine:
    time = (NOW - timedelta(minutes=minutes_ago)).isoformat()
    shape = None if behaviour is None else bool(more.pop("shape", False))
    values = {"kata": "till", "step": "06-titles", "behaviour": behaviour, "shape": shape}
    return RoomLine(time, **{**values, **more})  # type: ignore[arg-type]


def person(name: str, *lines: RoomLine, identity: str = "") -> Person:
    found = Person(identity or f"{name:0<16}", name)
    for one in lines:
        found = found.after(one)
    return found


def long_red(name: str, minutes: int = 20) -> Person:
    return person(name, *(line(minutes - place, False) for place in range(3)))


def labels(*people: Person) -> list[str]:
    view = room_view(people, PLAN, NOW)
    return [dot["who"] for row in view["rows"] for dot in row["dots"]]


def test_a_row_shows_hands_then_long_red_then_red_then_work_then_green():
    green = person("green", line(1, True, shape=True))
    work = person("work", line(1, True))
    red = person("red", line(1, False))
    new = person("new", line(1))
    late = person("late hand", line(1, False), line(1, help=True))
    early = person("early hand", line(9, help=True), line(2, True, shape=True))
    slow = person("slow", line(51, True), line(1, True, mistake="no unit test"))
    people = (new, green, work, red, slow, long_red("long"), late, early)
    assert labels(*people) == [
        *("early hand", "late hand", "long", "slow", "red", "work", "green", "new"),
    ]
    first = room_view(people, PLAN, NOW)["first"]
    assert [(one["who"], one["step"], one["hand"]) for one in first] == [
        *(
            ("early hand", "06", 9),
            ("late hand", "06", 1),
            ("long", "06", None),
            ("slow", "06", None),
        ),
    ]


def test_red_is_long_after_ten_minutes_and_three_checks_only():
    assert long_red("a", 20).state(NOW) is State.LONG
    assert long_red("a", 20).red_since == NOW - timedelta(minutes=20)
    assert long_red("a", 9).state(NOW) is State.RED
    assert person("a", line(20, False), line(1, False)).state(NOW) is State.RED


def test_who_is_at_a_step_for_twice_as_long_as_planned_is_late_unless_it_is_green():
    for minutes_ago, lights, expected in (
        (50, (True, False), State.LATE),
        (49, (True, False), State.WORK),
        (50, (None, None), State.LATE),
        (50, (True, True), State.GREEN),
        (50, (False, False), State.RED),
    ):
        behaviour, shape = lights
        found = person("a", line(minutes_ago), line(1, behaviour, shape=shape))
        assert found.state(NOW, planned=25) is expected
    assert person("a", line(500, True)).state(NOW) is State.WORK  # nobody knows how long it takes


def test_a_dot_names_the_mistake_that_the_kit_knows_and_no_other():
    people = [person(m, line(1, True, mistake=m)) for m in ("no unit test", "<b>mine</b>")]
    dots = room_view(people, PLAN, NOW)["rows"][0]["dots"]
    assert {dot["who"]: dot["mistake"] for dot in dots} == {
        **{"no unit test": "no unit test", "<b>mine</b>": ""},
    }


def test_a_green_behaviour_or_another_step_ends_a_time_of_red():
    again = person("a", *(line(20 - n, False) for n in range(3)), line(5, True), line(1, False))
    assert again.state(NOW) is State.RED and again.reds == 1
    for elsewhere in ({"step": "07-alone"}, {"kata": "own"}):
        moved = long_red("a").after(line(1, **elsewhere))
        assert moved.state(NOW) is State.NEW and moved.red_since is None


def test_a_hand_stays_up_through_checks_until_it_is_taken_down():
    raised = person("a", line(9, help=True), line(5, True, shape=True), line(2, help=True))
    assert raised.hand_since == NOW - timedelta(minutes=9)
    assert raised.after(line(1, help=False)).hand_since is None
    assert raised.lowered(NOW - timedelta(minutes=1)).hand_since is None
    assert raised.lowered(NOW - timedelta(minutes=10)) == raised


def test_a_hand_line_leaves_the_lights_as_they_are():
    found = person("a", line(3, True, shape=True), line(1, help=True))
    assert found.state(NOW) is State.GREEN


def test_two_with_one_name_are_told_apart_and_who_gave_none_has_a_tag():
    twins = [person("Ada", line(1), identity=f"{n}abc{n:012}") for n in (1, 2)]
    assert labels(*twins, person("", line(1), identity="9fed000000000000")) == [
        *("9fed", "Ada (1abc)", "Ada (2abc)"),
    ]


def test_the_message_seen_most_is_one_that_the_kit_knows():
    numbers = count()

    def at(mistake: str, step: str = "06-titles") -> Person:
        return person(f"p{next(numbers)}", line(1, True, mistake=mistake, step=step))

    people = [at("no unit test"), at("no unit test"), *(at("<b>mine</b>") for _ in range(5))]
    people.append(at("a twin"))
    people += [at("no unit test", "07-alone") for _ in range(5)]
    assert room_view(people, PLAN, NOW)["often"] == {
        **{"count": 2, "step": "06", "name": "no unit test"},
        **{"text": "It has no unit test yet."},
    }
    assert room_view(people[-5:], PLAN, NOW)["often"] is None


def test_a_workspace_of_another_kata_or_version_is_shown_apart():
    people = (
        person("other", line(1, kata="own")),
        person("newer", line(1, step="06-labels")),
        person("waiting"),
    )
    view = room_view(people, PLAN, NOW)
    assert [len(row["dots"]) for row in view["rows"]] == [0, 0, 2]
    assert (view["rows"][-1]["title"], view["people"], view["waiting"]) == (
        *("another kata or version", 3, 1),
    )


def test_minutes_are_never_below_none():
    assert room_view([person("a", line(-30, False))], PLAN, NOW)["rows"][0]["dots"][0]["red"] == 0
