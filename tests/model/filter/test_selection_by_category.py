"""Which categories of events the service is asked for, and by which clauses it may select in each."""

import pytest

from ctui.model.filter.parse import parse_filter
from ctui.model.filter.selection import asks_for_files, clauses_by_category
from ctui.model.filter.write import write_filter
from ctui.model.lookup.lookup import Category

BOTH, MANAGEMENT, INSIGHT = ("management", "insight"), ("management",), ("insight",)


@pytest.mark.parametrize(
    ("line", "categories", "insights"),
    [
        # Without the term, nothing is asked for besides.
        ("", MANAGEMENT, None),
        ("name:RunInstances", MANAGEMENT, None),
        ("-is:insight", MANAGEMENT, None),
        ("is:error OR -is:insight", MANAGEMENT, None),
        ("is:insight", INSIGHT, ""),
        ("IS:Insight", INSIGHT, ""),
        ("-(-is:insight)", INSIGHT, ""),
        ("is:insight since:1d", INSIGHT, ""),
        # By name, source and ID the service selects Insights events, and by nothing else.
        ("is:insight name:RunInstances", INSIGHT, "name:RunInstances"),
        ("is:insight source:ec2,iam", INSIGHT, "source:ec2.amazonaws.com,iam.amazonaws.com"),
        ("is:insight id:a", INSIGHT, "id:a"),
        ("is:insight user:alice", INSIGHT, ""),
        ("is:insight (user:alice OR name:RunInstances)", INSIGHT, ""),
        ("is:insight is:write", INSIGHT, ""),
        # An OR of both is one of both.
        ("is:insight OR name:RunInstances", BOTH, ""),
        ("is:insight,error", BOTH, ""),
        ("(is:insight OR user:alice) name:RunInstances", BOTH, "name:RunInstances"),
        ("is:insight name:A OR name:B -is:insight", BOTH, "name:A"),
        # What no event of a category can match is not asked for there.
        ("is:insight OR (is:error is:insight)", INSIGHT, ""),
        ("(is:insight OR is:error) -is:insight", MANAGEMENT, None),
        ("is:insight -is:insight,error", (), None),
        # Of some kinds the service has no events.
        ("is:data", (), None),
        ("is:network,aggregated since:1d", (), None),
        ("is:data user:alice", (), None),
        ("-is:data", MANAGEMENT, None),
        ("is:data OR name:A", MANAGEMENT, None),
        ("is:data,insight", INSIGHT, ""),
        ("is:insight -is:data name:A", INSIGHT, "name:A"),
    ],
)
def test_the_categories_of_a_line(line: str, categories: tuple[str, ...], insights: str | None) -> None:
    found = clauses_by_category(parse_filter(line))
    assert tuple(found) == categories
    if insights is None:
        assert Category.INSIGHT not in found
    else:
        wanted = clauses_by_category(parse_filter(insights))[Category.MANAGEMENT] if insights else ()
        assert found[Category.INSIGHT] == wanted


def test_some_lines_ask_for_what_only_log_files_have() -> None:
    for text, only in (
        ("is:data", True),
        ("is:data user:alice", True),
        ("is:data OR is:aggregated", True),
        ("is:data OR is:error", False),
        ("-is:data", False),
        ("is:insight", False),
        ("is:insight -is:insight,error", False),
    ):
        assert asks_for_files(parse_filter(text)) is only, text


def test_what_a_line_says_of_management_events_is_what_it_says_without_the_term() -> None:
    for line, left in (
        ("is:insight OR name:A", "name:A"),
        ("is:insight,login", "is:login"),
        ("-is:insight key:K", "key:K"),
        ("is:data OR name:A", "name:A"),
        ("-is:network,login", "-is:login"),
    ):
        found = clauses_by_category(parse_filter(line))[Category.MANAGEMENT]
        assert found == clauses_by_category(parse_filter(left))[Category.MANAGEMENT], write_filter(parse_filter(line))
