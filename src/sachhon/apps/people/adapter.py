"""Accounts are given by the administrator: nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignup(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False
