"""Small things every page needs: numbers, units, money and dates as Vietnamese officers write them."""

from django import template

register = template.Library()
