"""Is a facility aware, applying, has it a CP unit: yes, no or unknown, by the versioned rules of the reference.

The latest report that answers a question decides it, inside the rule's window where the rule has one; that
holds for yes and no alike, so that facilities that have not reported yet do not tilt the share. Without any
answer the state is unknown: nothing is guessed. `judge` is pure; `judge_many` keeps the outcome of a year.

Not here: where the evidence comes from (the reporting room collects it).
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from django.db import transaction

from sachhon.apps.programme.models import FacilityStanding
from sachhon.apps.registry.models.facility import TriState
from sachhon.reference import JudgingRule, judging_rules

Question = Literal["aware", "applying", "cp_unit"]
QUESTIONS: tuple[Question, ...] = ("aware", "applying", "cp_unit")
COLUMNS = (*QUESTIONS, "evidence")
BATCH = 1000
NOTHING: Mapping[str, int | str] = MappingProxyType({})


class Evidence(NamedTuple):
    """What one annual report that counts (sent and not given back) shows of a facility.

    valid_solutions : CP solutions of one of the eight groups, carried out; treatments : measures filed as
    treatment. `source` is where it can be looked up, such as "report:123".
    """

    facility: int
    year: int
    source: str
    aware: str = TriState.UNKNOWN
    applying: str = TriState.UNKNOWN
    cp_unit: str = TriState.UNKNOWN
    decision: str = ""
    people: int = 0
    valid_solutions: int = 0
    treatments: int = 0


class Judgement(NamedTuple):
    """The answer to one question: state, rule with version, why (a code of data/reasons.csv), and source."""

    state: str
    rule: str
    version: int
    reason: str
    source: str = ""
    params: Mapping[str, int | str] = NOTHING


class Standing(NamedTuple):
    """The three answers for a facility in a year."""

    facility: int
    year: int
    aware: Judgement
    applying: Judgement
    cp_unit: Judgement


class _Answer(NamedTuple):
    state: str
    reason: str
    evidence: Evidence
    params: Mapping[str, int | str] = NOTHING


def rules_in_force() -> dict[Question, JudgingRule]:
    """The newest version of the rule of each question."""
    found: dict[Question, JudgingRule] = {}
    for rule in sorted(judging_rules(), key=lambda r: r.version):
        for question in QUESTIONS:
            if rule.indicator == question:
                found[question] = rule
    return found


def judge(
    facility: int, year: int, evidence: Iterable[Evidence], rules: Mapping[Question, JudgingRule]
) -> Standing:
    """Judges one facility from its reports of this and earlier years."""
    newest_first = sorted((e for e in evidence if e.year <= year), key=lambda e: e.year, reverse=True)
    return Standing(
        facility=facility,
        year=year,
        aware=_decide(newest_first, year, rules["aware"], _aware),
        applying=_decide(newest_first, year, rules["applying"], _applying),
        cp_unit=_decide(newest_first, year, rules["cp_unit"], _cp_unit),
    )


def judge_many(
    facilities: Sequence[int],
    year: int,
    evidence: Iterable[Evidence],
    rules: Mapping[Question, JudgingRule] | None = None,
) -> int:
    """Judges the facilities in `year` and stores what changed; returns how many rows were written."""
    rules = rules or rules_in_force()
    by_facility: dict[int, list[Evidence]] = {}
    for one in evidence:
        by_facility.setdefault(one.facility, []).append(one)
    wanted = set(facilities)
    stored = {
        row[0]: row[1:]
        for row in FacilityStanding.objects.filter(year=year).values_list("facility_id", *COLUMNS).iterator()
        if row[0] in wanted
    }
    changed = []
    for pk in facilities:
        values = _values(judge(pk, year, by_facility.get(pk, ()), rules))
        if stored.get(pk) != tuple(values.values()):
            changed.append(FacilityStanding(facility_id=pk, year=year, **values))
    with transaction.atomic():
        FacilityStanding.objects.bulk_create(
            changed,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["facility", "year"],
            update_fields=[*COLUMNS, "judged_at"],
        )
    return len(changed)


def _decide(newest_first: list[Evidence], year: int, rule: JudgingRule, look) -> Judgement:
    """The newest report that answers decides; one that says something unproven tells why it is unknown."""
    unproven: _Answer | None = None
    for one in newest_first:
        if rule.window_years and one.year <= year - rule.window_years:
            break
        answer = look(one, newest_first)
        if answer is None:
            continue
        if answer.state != TriState.UNKNOWN:
            return _judgement(answer, rule)
        unproven = unproven or answer
    if unproven is not None:
        return _judgement(unproven, rule)
    reason = "silent" if newest_first else "no_report"
    return Judgement(TriState.UNKNOWN, rule.code, rule.version, reason)


def _judgement(answer: _Answer, rule: JudgingRule) -> Judgement:
    params = {"year": answer.evidence.year, **answer.params}
    return Judgement(answer.state, rule.code, rule.version, answer.reason, answer.evidence.source, params)


def _aware(one: Evidence, newest_first: list[Evidence]) -> _Answer | None:
    """The report says so, or shows a CP solution carried out, whatever it says."""
    if one.valid_solutions:
        reason = "aware_by_applying_said_no" if one.aware == TriState.NO else "aware_by_applying"
        return _Answer(TriState.YES, reason, one, {"count": one.valid_solutions})
    if one.aware == TriState.YES:
        return _Answer(TriState.YES, "aware_said", one)
    if one.aware == TriState.NO:
        return _Answer(TriState.NO, "not_aware_said", one)
    return None


def _applying(one: Evidence, newest_first: list[Evidence]) -> _Answer | None:
    """A valid CP solution carried out in this or an earlier report; a word alone proves nothing, nor disproves it."""
    proof = next((e for e in newest_first if e.year <= one.year and e.valid_solutions), None)
    if proof is not None and one.applying == TriState.NO:
        said = {"count": proof.valid_solutions, "said": one.year}
        return _Answer(TriState.YES, "solution_done_said_no", proof, said)
    if proof is not None:
        return _Answer(TriState.YES, "solution_done", proof, {"count": proof.valid_solutions})
    if one.treatments:
        return _Answer(TriState.NO, "only_treatment", one, {"count": one.treatments})
    if one.applying == TriState.YES:
        return _Answer(TriState.UNKNOWN, "no_valid_solution", one)
    if one.applying == TriState.NO:
        return _Answer(TriState.NO, "not_applying_said", one)
    return None


def _cp_unit(one: Evidence, newest_first: list[Evidence]) -> _Answer | None:
    """A signed decision that names people."""
    if one.cp_unit == TriState.NO:
        return _Answer(TriState.NO, "no_unit_said", one)
    if one.decision.strip() and one.people:
        return _Answer(TriState.YES, "decision_names", one, {"count": one.people, "decision": one.decision})
    if one.cp_unit == TriState.YES:
        missing = "no_names" if one.decision.strip() else "no_decision"
        return _Answer(TriState.UNKNOWN, missing, one)
    return None


def _values(standing: Standing) -> dict[str, Any]:
    """What a row keeps of a standing, in the order of COLUMNS."""
    answers = {question: getattr(standing, question) for question in QUESTIONS}
    evidence = {
        question: {
            "rule": answer.rule,
            "version": answer.version,
            "reason": answer.reason,
            "params": dict(answer.params),
            "source": answer.source,
        }
        for question, answer in answers.items()
    }
    return {**{question: str(answer.state) for question, answer in answers.items()}, "evidence": evidence}
