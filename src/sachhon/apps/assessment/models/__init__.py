"""What the assessment room stores, a module an idea."""

from sachhon.apps.assessment.models.assessment import Assessment, AssessmentState, Comment, Kind, Member
from sachhon.apps.assessment.models.flow import Cause, Layer, Measurement, Process, Stream
from sachhon.apps.assessment.models.flow_log import FlowAct, FlowChange, Reconciliation
from sachhon.apps.assessment.models.quick import Answer, Change, Photo, QuickSheet, Reply
from sachhon.apps.assessment.models.quick_result import FollowUp, OptionReply, QuickResult, TypedFigure

__all__ = [
    "Answer",
    "Assessment",
    "AssessmentState",
    "Cause",
    "Change",
    "Comment",
    "FlowAct",
    "FlowChange",
    "FollowUp",
    "Kind",
    "Layer",
    "Measurement",
    "Member",
    "OptionReply",
    "Photo",
    "Process",
    "QuickResult",
    "QuickSheet",
    "Reconciliation",
    "Reply",
    "Stream",
    "TypedFigure",
]
