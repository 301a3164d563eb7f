"""What the assessment room stores, a module an idea."""

from sachhon.apps.assessment.models.assessment import Assessment, AssessmentState, Comment, Kind, Member
from sachhon.apps.assessment.models.attachment import Attachment
from sachhon.apps.assessment.models.choice import Portfolio
from sachhon.apps.assessment.models.comparison import Comparison
from sachhon.apps.assessment.models.flow import (
    Cause,
    Layer,
    Measurement,
    Process,
    StockLevel,
    Stream,
    TransferShare,
)
from sachhon.apps.assessment.models.flow_log import FlowAct, FlowChange, Reconciliation
from sachhon.apps.assessment.models.lesson import LessonConsent
from sachhon.apps.assessment.models.option import (
    EquipmentRun,
    Option,
    OptionState,
    Origin,
    RowChange,
    Screening,
)
from sachhon.apps.assessment.models.quick import Answer, Change, Photo, QuickSheet, Reply
from sachhon.apps.assessment.models.quick_result import FollowUp, OptionReply, QuickResult, TypedFigure
from sachhon.apps.assessment.models.start import Charter, Meter, PlanTask
from sachhon.apps.assessment.models.treatment import Medium, Treatment
from sachhon.apps.assessment.models.verification import StepSign, Verification, VerificationState

__all__ = [
    "Answer",
    "Assessment",
    "AssessmentState",
    "Attachment",
    "Cause",
    "Change",
    "Charter",
    "Comment",
    "Comparison",
    "EquipmentRun",
    "FlowAct",
    "FlowChange",
    "FollowUp",
    "Kind",
    "Layer",
    "LessonConsent",
    "Measurement",
    "Medium",
    "Member",
    "Meter",
    "Option",
    "OptionReply",
    "OptionState",
    "Origin",
    "Photo",
    "PlanTask",
    "Portfolio",
    "Process",
    "QuickResult",
    "QuickSheet",
    "Reconciliation",
    "Reply",
    "RowChange",
    "Screening",
    "StepSign",
    "StockLevel",
    "Stream",
    "TransferShare",
    "Treatment",
    "TypedFigure",
    "Verification",
    "VerificationState",
]
