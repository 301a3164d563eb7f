"""What the assessment room stores, a module an idea."""

from sachhon.apps.assessment.models.assessment import Assessment, AssessmentState, Comment, Kind, Member
from sachhon.apps.assessment.models.flow import Cause, Layer, Measurement, Process, Stream
from sachhon.apps.assessment.models.flow_log import FlowAct, FlowChange, Reconciliation

__all__ = [
    "Assessment",
    "AssessmentState",
    "Cause",
    "Comment",
    "FlowAct",
    "FlowChange",
    "Kind",
    "Layer",
    "Measurement",
    "Member",
    "Process",
    "Reconciliation",
    "Stream",
]
