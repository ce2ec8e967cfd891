"""An error as a form shows it: its field, the service's words, and the remedy."""

from ctui.errors import ConnectionProblem, CtuiError, ExpiredLogin, ServiceError
from ctui.model.rules.rule import Field
from ctui.model.trail.error_codes import error_row
from ctui.model.trail.policy import PolicyKind
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class FormError:
    """An error in words for a form; texts may hold what a service said, so they are hostile until cleaned."""

    field: Field | None
    """The field it belongs to, or None for the whole form."""
    title: str
    message: str
    """The service's own words, or ours if it sent none."""
    remedy: str
    """What to do next."""
    policies: tuple[PolicyKind, ...] = ()
    """Ready to copy, the likeliest first."""


def describe_error(error: CtuiError) -> FormError:
    """The texts for the error that ended a change."""
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
