"""What an error means in a form: at which field it belongs, what the service said, and what to do next."""

from dataclasses import dataclass

from ctui.errors import ConnectionProblem, CtuiError, ExpiredLogin, ServiceError
from ctui.model.rules.rule import Field
from ctui.model.trail.error_codes import error_row
from ctui.model.trail.policy import PolicyKind


@dataclass(frozen=True, slots=True)
class FormError:
    """An error in words for a form; texts may hold what a service said, so they are hostile until cleaned."""

    field: Field | None
    """Where it belongs; None: the form as a whole."""
    title: str
    message: str
    """What the service said, in its own words where it said something."""
    remedy: str
    """What to do next."""
    policies: tuple[PolicyKind, ...] = ()
    """Ready to copy, the likeliest first."""


def describe_error(error: CtuiError) -> FormError:
    """The words for whatever ended a change."""
    if isinstance(error, ServiceError):
        row = error_row(error.code, error.service_message, error.status)
        title = (row.title if row else "") or error.code
        said = error.service_message or error.message
        step = _here(row.form_step(error.remedy) if row else error.remedy)
        if row is None:
            return FormError(None, title, said, step or "Nothing was changed. Press enter to try again.")
        return FormError(row.field, title, said, step, row.policies)
    if isinstance(error, ExpiredLogin):
        return FormError(None, error.title, error.message, _here(error.remedy))
    if isinstance(error, ConnectionProblem):
        return FormError(None, f"Not sent: {error.title}", error.message, f"Nothing was changed. {_here(error.remedy)}")
    return FormError(None, error.title, error.message, _here(error.remedy))


def _here(remedy: str) -> str:
    """Remedies are written for the main screen, where r asks again; in a form it is enter."""
    return remedy.replace("press r", "press enter").replace("Press r", "Press enter")
