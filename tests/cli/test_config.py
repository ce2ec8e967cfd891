"""Settings: which place wins, and what is said when one cannot be used."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ctui.config.load_settings import load_settings
from ctui.config.settings import Settings
from ctui.errors import SettingsError
from ctui.model.assumed_role import AssumedRole
from ctui.model.lookup.timespan import ALL_HISTORY, parse_timespan


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_nothing_said_is_the_default(file: Path) -> None:
    assert load_settings({}, {}, file) == Settings(
        profile=(), region=(), endpoint_url=None, since=ALL_HISTORY, store=None, no_store=False, theme=None,
        lookup_rate=2.0, keep_days=None, keep_size=2 * 1024**3,
    )  # fmt: skip


EACH: list[tuple[str, Any, str, Any]] = [
    ("profile", "prod", "CTUI_PROFILE", ("prod",)),
    ("region", "eu-west-1", "CTUI_REGION", ("eu-west-1",)),
    ("region", "eu-west-1, all,eu-west-1", "CTUI_REGION", ("eu-west-1", "all")),
    ("endpoint_url", "http://localhost:1", "CTUI_ENDPOINT_URL", "http://localhost:1"),
    ("since", "7d", "CTUI_SINCE", parse_timespan("7d")),
    ("store", "/x/y.db", "CTUI_STORE", Path("/x/y.db")),
    ("no_store", True, "CTUI_NO_STORE", True),
    ("keep_days", 30, "CTUI_KEEP_DAYS", 30),
    ("keep_size", "5GiB", "CTUI_KEEP_SIZE", 5 * 1024**3),
    ("keep_size", "all", "CTUI_KEEP_SIZE", None),
    ("theme", "nord", "CTUI_THEME", "nord"),
    ("lookup_rate", 1.5, "CTUI_LOOKUP_RATE", 1.5),
]


@pytest.mark.parametrize(
    ("name", "value"), [("profile", ("prod", "dev,x")), ("region", ("eu-west-1", "us-east-1", "all"))]
)
def test_some_settings_have_several_values(file: Path, name: str, value: tuple[str, ...]) -> None:
    said = {"profile": ["prod", "dev,x", "prod"], "region": ["eu-west-1", "us-east-1,all"]}[name]
    assert getattr(load_settings({name: tuple(said)}, {}, file), name) == value
    file.write_text(f"{name} = {said}\n")
    assert getattr(load_settings({}, {}, file), name) == value


@pytest.mark.parametrize(("name", "said", "variable", "value"), EACH)
def test_each_setting_can_be_said_in_three_places(file: Path, name: str, said: Any, variable: str, value: Any) -> None:
    written = str(said).lower() if isinstance(said, bool) else str(said)
    assert getattr(load_settings({name: said}, {}, file), name) == value
    assert getattr(load_settings({}, {variable: written}, file), name) == value
    file.write_text(f"{name} = {written if not isinstance(said, str) else repr(said)}\n")
    assert getattr(load_settings({}, {}, file), name) == value


@pytest.mark.parametrize(
    ("flags", "environ", "text", "region"),
    [
        ({"region": "flag"}, {"CTUI_REGION": "environment"}, "region = 'file'", "flag"),
        ({}, {"CTUI_REGION": "environment"}, "region = 'file'", "environment"),
        ({}, {"CTUI_REGION": ""}, "region = 'file'", "file"),
        ({}, {}, "region = 'file'", "file"),
    ],
)
def test_flag_over_environment_over_file(
    file: Path, flags: dict[str, Any], environ: dict[str, str], text: str, region: str
) -> None:
    file.write_text(text)
    assert load_settings(flags, environ, file).region == (region,)


@pytest.mark.parametrize(
    ("flags", "environ", "text", "choice"),
    [
        ({"no_store": True}, {"CTUI_STORE": "/e"}, "store = '/f'", (None, True)),
        ({"store": "/s"}, {"CTUI_NO_STORE": "1"}, "no_store = true", (Path("/s"), False)),
        ({}, {"CTUI_STORE": "/e"}, "no_store = true", (Path("/e"), False)),
        ({}, {}, "no_store = true", (None, True)),
    ],
)
def test_where_to_keep_events_is_one_choice(
    file: Path, flags: dict[str, Any], environ: dict[str, str], text: str, choice: tuple[Path | None, bool]
) -> None:
    file.write_text(text)
    settings = load_settings(flags, environ, file)
    assert (settings.store, settings.no_store) == choice


def test_a_range_stays_relative(file: Path) -> None:
    assert load_settings({"since": "3h"}, {}, file).since.start == timedelta(hours=3)


def test_log_files_may_lie_at_home_and_in_several_places(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(file.parent))
    for name in ("a", "b,c"):
        (file.parent / name).mkdir()
    folders = (file.parent / "a", file.parent / "b,c")
    assert load_settings({"files": ("~/a", "~/b,c", "~/a")}, {}, file).files == folders
    assert load_settings({}, {"CTUI_FILES": str(folders[1])}, file).files == folders[1:]
    file.write_text('files = ["~/a", "~/b,c"]')
    assert load_settings({}, {}, file).files == folders


def test_log_files_alone_leave_nothing_to_ask_of_aws(file: Path) -> None:
    settings = load_settings({"region": "eu-west-1", "profile": "x", "since": "3h"}, {}, file)
    assert settings.without_service == Settings(since=settings.since, files_alone=True)


def test_a_store_may_lie_at_home(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/alice")
    assert load_settings({"store": "~/events.db"}, {}, file).store == Path("/home/alice/events.db")


FLAGS_REFUSED: list[tuple[dict[str, Any], list[str]]] = [
    ({"keep_days": 99_999}, ["--keep-days: must be a whole number of days from 1 to 36,500, but is 99999"]),
    ({"keep_size": "much"}, ["--keep-size: 'much'", "2GiB", "'all'"]),
    ({"since": "soon"}, ["--since: 'soon'"]),
    ({"lookup_rate": -1.0}, ["--lookup-rate: must be a number above 0 and no larger than 1,000, but is -1.0"]),
    ({"lookup_rate": float("nan")}, ["--lookup-rate: must be a number", "nan"]),
    ({"store": "/x", "no_store": True}, ["--store", "--no-store", "contradict"]),
    ({"store": ""}, ["--store: is empty"]),
    ({"files": ("/no/such\x1b[2Jfolder",)}, ["--files: '/no/such\\x1b[2Jfolder' cannot be opened: No such file"]),
    ({"files": ("",)}, ["--files: is empty"]),
    ({"files": ("a\0b",)}, ["--files: contains a NUL character"]),
    ({"files": ("/" + "x" * 4000,)}, ["--files", "File name too long"]),
    ({"endpoint_url": "localhost:4000"}, ["--endpoint-url", "localhost:4000", "http://"]),
]


@pytest.mark.parametrize(("flags", "words"), FLAGS_REFUSED)
def test_a_flag_that_cannot_be_used_is_refused_with_its_reason(
    file: Path, flags: dict[str, Any], words: list[str]
) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(flags, {}, file)
    for word in words:
        assert word in str(caught.value)


LEFT_OUT: list[tuple[dict[str, str], str, list[str]]] = [
    ({}, "profle = 'x'", ["config.toml: 'profle'", "'profile'"]),
    ({}, "color_of_the_sky = 1", ["config.toml: 'color_of_the_sky'", "lookup_rate"]),
    ({}, "region = 7", ["config.toml: region: must be text in quotes, or a list of such texts, but is 7"]),
    ({}, "region = []", ["config.toml: region: is empty"]),
    ({}, "lookup_rate = 'fast'", ["config.toml: lookup_rate: must be a number", "'fast'"]),
    ({}, "lookup_rate = 0", ["config.toml: lookup_rate: must be a number above 0"]),
    ({}, "lookup_rate = 1e9", ["config.toml: lookup_rate: must be a number above 0 and no larger than 1,000"]),
    ({}, "no_store = 'yes'", ["config.toml: no_store: must be true or false, but is 'yes'", "no events are kept"]),
    ({}, "read_only = 'yes'", ["config.toml: read_only: must be true or false", "trails are read-only"]),
    ({}, "since = 'soon'", ["config.toml: since: 'soon'"]),
    ({}, 'theme = "a\\u0000b"', ["config.toml: theme: contains a NUL character"]),
    ({}, "store = '/x'\nno_store = true", ["config.toml: store", "config.toml: no_store", "contradict"]),
    ({}, "keep_days = 1.5", ["config.toml: keep_days: must be a whole number of days", "1.5"]),
    ({}, "keep_size = 2", ["config.toml: keep_size: must be text in quotes, but is 2"]),
    ({}, "endpoint_url = 'http://x:99999'", ["config.toml: endpoint_url", "its port must be a number from 0 to 65535"]),
    ({"CTUI_KEEP_DAYS": "0"}, "", ["CTUI_KEEP_DAYS: must be a whole number of days from 1 to 36,500, but is '0'"]),
    ({"CTUI_KEEP_SIZE": "9MiB"}, "", ["CTUI_KEEP_SIZE: '9MiB' is too small", "10MiB"]),
    ({"CTUI_KEEPSIZE": "9MiB"}, "", ["CTUI_KEEPSIZE", "CTUI_KEEP_SIZE"]),
    ({"CTUI_LOOKUP_RATE": "fast"}, "", ["CTUI_LOOKUP_RATE", "'fast'"]),
    ({"CTUI_NO_STORE": "maybe"}, "", ["CTUI_NO_STORE", "'maybe'"]),
    ({"CTUI_REGOIN": "x"}, "", ["CTUI_REGOIN", "CTUI_REGION"]),
]


@pytest.mark.parametrize(("environ", "text", "words"), LEFT_OUT)
def test_what_cannot_be_used_is_named_with_its_place_and_left_out(
    file: Path, environ: dict[str, str], text: str, words: list[str]
) -> None:
    file.write_text("keep_days = 30\n" * ("keep_days" not in text) + text)
    settings = load_settings({"profile": "prod"}, environ, file)
    (problem,) = settings.problems
    for word in words:
        assert word in str(problem)
    assert settings.profile == ("prod",)
    # What may have protected something is taken in its stricter meaning, all else is as if it were not there.
    assert settings.read_only == ("read_only" in text)
    assert settings.no_store == ("no_store" in text or "CTUI_NO_STORE" in environ)
    assert settings.store is None
    assert (settings.lookup_rate, settings.since, settings.theme) == (2.0, ALL_HISTORY, None)


OVERRULED: list[tuple[dict[str, Any], dict[str, str], str, set[str]]] = [
    ({}, {}, "read_only = 'yes'", {"trails"}),
    ({}, {"CTUI_READ_ONLY": "false"}, "read_only = 'yes'", set()),
    ({"read_only": True}, {}, "read_only = 'yes'", set()),
    ({}, {}, "store = 7", {"events"}),
    ({"store": "/x"}, {}, "store = 7", set()),
    ({"store": "/x"}, {"CTUI_NO_STORE": "maybe"}, "", set()),
    ({}, {"CTUI_STORE": "/x"}, "store = '/y'\nno_store = true", set()),
    ({}, {}, "[[[", {"trails", "events"}),
    ({"store": "/x"}, {}, "[[[", {"trails"}),
    ({}, {"CTUI_READ_ONLY": "0"}, "[[[", {"events"}),
    ({"store": "/x"}, {"CTUI_READ_ONLY": "0"}, "[[[", set()),
]


@pytest.mark.parametrize(("flags", "environ", "text", "held"), OVERRULED)
def test_a_stricter_meaning_is_told_only_where_it_holds(
    file: Path, flags: dict[str, Any], environ: dict[str, str], text: str, held: set[str]
) -> None:
    file.write_text(text)
    settings = load_settings(flags, environ, file)
    (problem,) = settings.problems
    told = {
        word
        for word, says in (("trails", "trails are read-only"), ("events", "no events are kept"))
        if says in problem.remedy
    }
    assert told == held
    # What is told is so.
    assert settings.read_only or "trails" not in told
    assert settings.no_store or "events" not in told


def test_variables_of_other_programs_are_left_alone(file: Path) -> None:
    assert load_settings({}, {"CTUI_DEV_CONTAINER": "1"}, file) == Settings()


def test_own_questions_are_read_from_the_file(file: Path) -> None:
    file.write_text('region = "eu-west-1"\n[questions]\n"Who broke the glass?" = "role:glass since:{when}"\n')
    settings = load_settings({}, {}, file)
    assert settings.questions == (("Who broke the glass?", "role:glass since:{when}"),)
    assert (settings.problems, settings.region) == ((), ("eu-west-1",))


@pytest.mark.parametrize("text", ["questions = 1", '[questions]\na = "is:nothing"', "[questions]\na = 1"])
def test_own_questions_that_cannot_be_used_are_reported_and_left_out(file: Path, text: str) -> None:
    file.write_text(text)
    settings = load_settings({}, {}, file)
    assert settings.questions == ()
    assert "questions: " in settings.problems[0].message


def test_a_misspelled_table_of_questions_is_named(file: Path) -> None:
    file.write_text('[question]\n"a" = "is:root"\n')
    (problem,) = load_settings({}, {}, file).problems
    assert "Did you mean 'questions'?" in str(problem)


def test_accounts_to_look_at_are_read_from_the_file(file: Path) -> None:
    file.write_text(
        '[accounts]\nprod = "Audit@111122223333"\nstage = "arn:aws:iam::222233334444:role/x/Audit"\n'
        '333344445555 = "billing"\n'
    )
    settings = load_settings({}, {}, file)
    assert settings.accounts == (
        AssumedRole("111122223333", "Audit", "prod"),
        AssumedRole("222233334444", "x/Audit", "stage", "aws"),
    )
    assert settings.account_names == {"111122223333": "prod", "222233334444": "stage", "333344445555": "billing"}
    assert settings.problems == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("accounts = 1", "accounts: must be a table of names and roles"),
        ('[accounts]\nprod = "Audit"', "'prod': 'Audit' is not ROLE@ACCOUNT"),
        ('[accounts]\nprod = "Audit@12"', "'prod': 'Audit@12' has no account of twelve digits"),
        ("[accounts]\nprod = 12", "'prod': must be ROLE@ACCOUNT"),
        ('[accounts]\n111122223333 = ""', "'111122223333': must be"),
        ('[accounts]\na = "Audit@333344445555"\nb = "Other@333344445555"', "'b': another role is in account"),
    ],
)
def test_an_account_that_cannot_be_used_is_reported_and_the_others_are_there(file: Path, text: str, words: str) -> None:
    file.write_text(f'{text}\n[questions]\n"a" = "is:root"\n')
    settings = load_settings({}, {}, file)
    (problem,) = settings.problems
    assert words in str(problem)
    assert "until you correct it" in str(problem)
    assert [role.name for role in settings.accounts] == (["a"] if "3333" in text and "b =" in text else [])
    assert settings.questions


@pytest.mark.parametrize(
    ("flag", "environ", "roles"),
    [
        (("A@111122223333,B@222233334444",), {}, ["prod", ""]),
        (("A@111122223333", "arn:aws:iam::222233334444:role/B"), {}, ["prod", ""]),
        ((), {"CTUI_ASSUME": "A@999988887777"}, ["billing"]),
        ((), {}, ["prod"]),
    ],
)
def test_roles_that_are_named_take_the_place_of_those_in_the_file_whose_names_count(
    file: Path, flag: tuple[str, ...], environ: dict[str, str], roles: list[str]
) -> None:
    file.write_text('[accounts]\nprod = "Audit@111122223333"\n999988887777 = "billing"\n')
    settings = load_settings({"assume": flag} if flag else {}, environ, file)
    assert [role.name for role in settings.accounts] == roles
    assert settings.problems == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Audit", "--assume: 'Audit' is not ROLE@ACCOUNT, such as Audit@111122223333, or the ARN of a role."),
        ("A@111122223333,B@111122223333", "--assume: two roles are in account 111122223333: name one."),
        ("A@11", "--assume: 'A@11' has no account of twelve digits."),
    ],
)
def test_a_role_that_cannot_be_used_ends_ctui_with_what_is_wrong(file: Path, text: str, why: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"assume": (text,)}, {}, file)
    assert caught.value.message == why
