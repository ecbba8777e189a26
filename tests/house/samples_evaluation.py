"""Sample values of the addresses of the evaluation (see samples.py)."""

from __future__ import annotations

from typing import Any

from dialogue.evaluation.models import SurveyToken

Values = dict[str, dict[str, Any]]
#: Those that are evaluated, or about to be, and one that is at work.
CHANTIERS = ("evaluated-ours", "evaluated-theirs-partners", "completed-ours", "completed-theirs", "ours", "theirs-partners")


def samples(world: Any) -> dict[str, Values]:
    """Those that stand apart from a chantier, and those of a chantier of their own."""
    fresh = SurveyToken.objects.filter(survey__chantier=world.chantiers["completed-ours"], used=False).first()
    served = SurveyToken.objects.filter(survey__chantier=world.chantiers["completed-ours"], used=True).first()
    over = SurveyToken.objects.filter(survey__chantier=world.chantiers["evaluated-ours"], used=False).first()
    assert fresh is not None
    assert served is not None
    assert over is not None
    year, files = {"published": {"year": 2017}, "prepared": {"year": 2010}}, ("csv", "xlsx", "pdf", "exe")
    of_chantier = {key: {"slug": key} for key in CHANTIERS}
    return {
        "evaluation:answer": {
            "key of the asked": {"token": fresh.token}, "served": {"token": served.token}, "closed": {"token": over.token},
            "unknown": {"token": "x" * 64},
        },
        "evaluation:export": {extension: {"extension": extension} for extension in ("csv", "xlsx", "exe")},
        "evaluation:edition": year,
        "evaluation:edition_file": {extension: {"year": 2017, "extension": extension} for extension in files},
        "evaluation:year": year,
        "evaluation:year_publish": year,
        "evaluation:remind": {key: {"slug": key} for key in ("completed-ours", "ours")},
        **{
            f"evaluation:{name}": of_chantier
            for name in (
                "chantier", "chantier_pdf", "write", "publish", "correct", "circle", "survey", "survey_open", "survey_close",
            )
        },
    }  # fmt: skip
