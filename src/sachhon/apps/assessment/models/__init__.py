"""What the assessment room stores, a module an idea."""

from sachhon.apps.assessment.models.assessment import Assessment, AssessmentState, Comment, Kind, Member

__all__ = ["Assessment", "AssessmentState", "Comment", "Kind", "Member"]
