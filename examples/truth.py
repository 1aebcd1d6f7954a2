"""What a careful reader gets from a sheet, and the verdict that the notice gives on it; written apart from the product."""

from __future__ import annotations

from decimal import Decimal

from .words import PARK_TEXTS, TRAINER_TEXTS

PARK_MUST = ("name", "credit_code", "province", "city", "operator", "resident_companies", "outsourcing_companies",
             "outsourcing_staff", "outsourcing_revenue", *PARK_TEXTS, "contact", "phone")
TRAINER_MUST = ("name", "credit_code", "province", "city", "trainer_type", "filing_entity", "trainees",
                *TRAINER_TEXTS, "contact", "phone")


def expected_verdict(kind: str, said: dict) -> str:
    """'eligible', 'ineligible' or 'unknown' for what a sheet says readably; absent and None alike are unknown."""
    if kind != "company":
        must = PARK_MUST if kind == "park" else TRAINER_MUST
        return "eligible" if all(said.get(name) is not None for name in must) else "unknown"
    answers = (_place_met(said), _at_least(said.get("outsourcing_revenue"), 3000), _scale_met(said))
    return "ineligible" if False in answers else "unknown" if None in answers else "eligible"


def _place_met(said: dict) -> bool | None:
    hq, delivery, centre = (said.get(name) for name in ("hq", "delivery_in_china", "china_centre"))
    home = {"是": True, "否": False}.get(delivery)
    abroad = None if centre is None else False if centre == "无" else True if said.get("overseas_source") else None
    if hq is None:
        return False if home is False and abroad is False else None
    return home if hq == "境内" else abroad


def _scale_met(said: dict) -> bool | None:
    staff, revenue = said.get("outsourcing_staff"), said.get("outsourcing_revenue")
    if staff is not None and staff >= 300:
        return True
    return revenue >= 35 * staff if staff and revenue is not None else None


def _at_least(value, limit: int) -> bool | None:
    return None if value is None else value >= limit


def truth_of(kind: str, said: dict) -> dict:
    """What a careful reader knows of one applicant; figures as decimal strings, None where nothing can be known."""
    return {"kind": kind, "name": "".join(said["name"].split()), "code": said.get("credit_code"),
            "verdict": expected_verdict(kind, said), "revenue": _figure(said.get("outsourcing_revenue")),
            "staff": _figure(said.get("outsourcing_staff")), "fate": "accepted"}


def _figure(value: Decimal | int | None) -> str | None:
    return None if value is None else f"{Decimal(value).normalize():f}"
