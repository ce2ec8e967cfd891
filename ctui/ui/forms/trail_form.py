"""TrailForm: every field of a trail, validated at each key, sent only after a review."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Input

from ctui.core.session import Session
from ctui.core.trails.changes import ChangeResult
from ctui.core.trails.verification import TrailChange
from ctui.errors import CtuiError
from ctui.model.rules.validate import Field, Finding, Value
from ctui.model.trail.draft import Tags, trail_values, validate_draft
from ctui.model.trail.policy import Home, policy_for
from ctui.model.trail.remote_changes import RemoteChange, rebase, remote_changes_between
from ctui.model.trail.tag_text import parse_tags
from ctui.model.trail.trail import Trail
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean_text
from ctui.ui.forms.error_text import FormError, describe_error
from ctui.ui.forms.field_row import FieldRow, error_lines
from ctui.ui.forms.form_draft import blank_values, disabled_reason, draft_from, first_trouble
from ctui.ui.forms.parts import Box, FormFooter, Lines, key_line, line
from ctui.ui.forms.review import Review, ReviewScreen
from ctui.ui.forms.specs import SPECS
from ctui.ui.modal import Modal
from ctui.ui.terminal.clipboard import Clipboard


class TrailForm(Modal[ChangeResult | None]):
    """Ends with the result of the change, or None if the person left without one."""

    DEFAULT_CSS = """
    TrailForm {
        align: center middle;
        & > Box { width: 100; }
        & #fields { padding: 0 1 0 0; }
        & .section { text-style: bold; margin: 1 0 0 0; }
        & #first { margin: 0; }
        & #foot { height: auto; padding: 0; border-top: solid $border-blurred; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "submit", "review", show=False),
        Binding("escape", "leave", "leave", show=False),
        Binding("down", "app.focus_next", "next field", show=False),
        Binding("up", "app.focus_previous", "previous field", show=False),
        Binding("ctrl+y", "copy_policy", "copy the policy", show=False),
    ]

    def __init__(self, session: Session, clipboard: Clipboard, trail: Trail | None = None) -> None:
        """`trail` is the one to change, None for a new one. The session is connected."""
        super().__init__()
        self._session = session
        self._clipboard = clipboard
        self._base = trail
        connection = session.state.connection
        assert connection is not None, "a form is opened over a connection"
        self._connection = connection
        values = blank_values() if trail is None else trail_values(trail)
        specs = [spec for spec in SPECS if trail is None or spec.field is not Field.TAGS]
        self._rows = {
            spec.field: FieldRow(spec, values[spec.field], fixed=spec.field is Field.NAME and trail is not None)
            for spec in specs
        }
        self._before = self._all_values()
        self._form_error: FormError | None = None
        self._news: Line | None = None
        self._policy_turn = 0
        self._leaving = False
        self._foot = FormFooter(id="foot")

    @property
    def _home(self) -> str:
        return (self._base.home_region if self._base is not None else None) or self._connection.region

    def compose(self) -> ComposeResult:
        """Sections of fields, and at the foot the keys with what keeps enter from going on."""
        with Box() as box:
            box.border_title = Content(clean_text(self._heading()))
            with VerticalScroll(id="fields", can_focus=False):
                section = ""
                for row in self._rows.values():
                    if row.spec.section != section:
                        section = row.spec.section
                        first = "first" if row.spec is SPECS[0] else None
                        yield Lines(line(section, Role.ACCENT), id=first, classes="section")
                    yield row
            yield self._foot

    def _heading(self) -> str:
        if self._base is None:
            return f"New trail · home Region {self._home}"
        seen = f", from {self._connection.region}" if self._base.is_shadow_in(self._connection.region) else ""
        return f"Edit trail {self._base.name} · home Region {self._home}{seen}"

    def on_mount(self) -> None:
        """The first field that can be typed in has the focus; older notifications no longer cover the form."""
        self.app.clear_notifications()
        self._rows[Field.NAME if self._base is None else Field.BUCKET].enter()
        self._validate()

    def on_resize(self) -> None:
        """The fields keep to what the foot leaves."""
        self.query_one(Box).fit()

    # What is typed.

    def _all_values(self) -> dict[Field, Value]:
        return {field: row.value for field, row in self._rows.items()}

    def _values(self) -> dict[Field, Value]:
        return {field: value for field, value in self._all_values().items() if field is not Field.TAGS}

    def _tags(self) -> Tags:
        row = self._rows.get(Field.TAGS)
        return parse_tags(str(row.value or "")) if row is not None else ()

    def _findings(self) -> Mapping[Field, Finding]:
        return validate_draft(self._values(), self._tags(), self._base, self._home)

    @on(FieldRow.Changed)
    def _changed(self) -> None:
        self._form_error = self._news = None
        self._policy_turn = 0
        self._leaving = False
        self._validate()

    @on(FieldRow.Left)
    def _validate(self) -> None:
        findings = self._findings()
        for field, row in self._rows.items():
            row.show_finding(findings.get(field))
        self._show_foot(findings)

    def _show_foot(self, findings: Mapping[Field, Finding]) -> None:
        news = error_lines(self._form_error, titled=True) if self._form_error is not None else []
        if self._news is not None:
            news.append(self._news)
        if self._leaving:
            news.append(line("Discard your changes? esc discard, any other key continue.", Role.WARNING))
        if why := self._disabled_reason(findings):
            self._foot.show(*news, line(why, Role.DIM), key_line("tab next", "space on/off", "esc cancel"))
        else:
            self._foot.show(*news, key_line("enter review", "tab next", "space on/off", "esc cancel"))

    def _disabled_reason(self, findings: Mapping[Field, Finding]) -> str:
        if self._base is not None and self._values() == trail_values(self._base):
            return "No changes yet."
        return disabled_reason(findings)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """A field comes into sight with its label and its note."""
        self._keep_in_sight(event.widget)

    def _keep_in_sight(self, entry: Widget) -> None:
        row = next((each for each in entry.ancestors if isinstance(each, FieldRow)), None)
        if row is not None:
            self.call_after_refresh(row.scroll_visible, animate=False)

    def _say(self, news: Line) -> None:
        """Show a line at the foot, where it covers nothing, until the next input."""
        self._news = news
        self._show_foot(self._findings())
        if self.focused is not None:
            self._keep_in_sight(self.focused)

    # Leaving.

    def action_leave(self) -> None:
        """Cancel; after input only at the second time."""
        if self._leaving or self._all_values() == self._before:
            self.dismiss(None)
        else:
            self._leaving = True
            self._show_foot(self._findings())

    # Sending.

    @on(Input.Submitted)
    def _entered(self) -> None:
        self.action_submit()

    def action_submit(self) -> None:
        """Check everything again; go to the first bad field, or on to the review."""
        findings = self._findings()
        bad = first_trouble(findings)
        if bad is not None:
            for field in findings:
                self._rows[field].left = True
            self._validate()
            self._rows[bad].enter()
        elif why := self._disabled_reason(findings):
            self._say(line(why))
        else:
            self._review()

    @work(group="review", exclusive=True)
    async def _review(self) -> None:
        self._form_error = self._news = None
        drifts: tuple[RemoteChange, ...] = ()
        if self._base is not None:
            self._foot.show(line("Loading the trail …", Role.ACCENT))
            try:
                drifts = await self._catch_up(self._base)
            except CtuiError as error:
                self.refuse(describe_error(error))
                return
        findings = self._findings()
        self._validate()
        if first_trouble(findings) is not None or self._disabled_reason(findings):
            self._say(line("The trail changed meanwhile. Check the form again.", Role.WARNING))
            return
        draft = draft_from(self._values(), self._tags(), self._base)
        request = TrailChange.create(draft, self._home) if self._base is None else TrailChange.update(draft, self._home)
        review = Review(request, drifts, [each for each in findings.values() if each.warning])
        screen = ReviewScreen(self._session.changes, self._clipboard, review, self._connection)
        result = await self.app.push_screen_wait(screen)
        if result is None:
            self._validate()
        elif result.happened:
            self.dismiss(result)
        elif result.error is not None:
            self.refuse(describe_error(result.error))

    def work_broke(self, group: str) -> None:
        """A bug has ended the way to the review: everything that was typed is here, and enter tries again."""
        if group == "review":
            self._say(line("The review failed. enter retry", Role.WARNING))

    async def _catch_up(self, base: Trail) -> tuple[RemoteChange, ...]:
        """Take over remote changes. Raises CtuiError if the trail is deleted or cannot be read."""
        fresh = await self._session.changes.current(base)
        if fresh is None:
            raise CtuiError(
                "Trail deleted",
                f"{self._home} no longer has trail {base.name}.",
                "esc cancel, then n new trail.",
            )
        values = self._values()
        drifts = remote_changes_between(base, fresh, values)
        if drifts:
            for field, value in rebase(base, fresh, values).items():
                if value != values[field]:
                    self._rows[field].take(value)
        self._base = fresh
        return drifts

    def refuse(self, form_error: FormError) -> None:
        """Show an error at its field, or at the foot; the input stays."""
        row = None if form_error.field is None else self._rows.get(form_error.field)
        self._policy_turn = 0
        if row is None:
            self._form_error = form_error
        else:
            row.form_error = form_error
        self._validate()
        if row is not None:
            row.enter()
            self.call_after_refresh(row.scroll_visible, animate=False)

    # Policies.

    @work(group="copy", exclusive=True)
    async def action_copy_policy(self) -> None:
        """Copy the policy that the refusal asks for; again, the next one that may help."""
        form_error = self._form_error or next(
            (row.form_error for row in self._rows.values() if row.form_error is not None), None
        )
        if form_error is None or not form_error.policies:
            self._say(line("ctrl+y: no policy to copy."))
            return
        kind = form_error.policies[self._policy_turn % len(form_error.policies)]
        self._policy_turn += 1
        policy = policy_for(kind, self._values(), self._where())
        try:
            said = [f"{await self._clipboard.copy(policy.document, str(kind))}.", f"It belongs in {policy.where}."]
        except CtuiError as error:
            self._say(line(f"✗ {error.title}: {error.message}", Role.ERROR))
            return
        said += [f"Replace {word}." for word in policy.replace]
        if len(form_error.policies) > 1:
            said.append(f"ctrl+y copy the {form_error.policies[self._policy_turn % len(form_error.policies)]}.")
        self._say(line(" ".join(said), Role.GOOD))

    def _where(self) -> Home:
        state = self._session.state
        who = state.identity.arn if state.identity is not None else None
        arn = self._base.arn if self._base is not None else None
        return Home.of(arn, who, state.account, self._connection.origin, self._home)
