"""Every rule has a name in words, in both languages, and no page shows its code."""

from sachhon.workbooks.problems import Problem, known_rules, rule_name


def test_every_rule_has_a_name_in_both_languages():
    for rule in known_rules():
        assert rule_name(rule, "vi") != rule_name(rule, "en")
        assert rule not in (rule_name(rule, "vi"), rule_name(rule, "en"))


def test_rules_of_a_kind_share_a_name_and_others_do_not():
    assert rule_name("number_unreadable") == rule_name("number_ambiguous") == "Số đọc được"
    assert rule_name("unit_unknown") == "Đơn vị tính"
    assert rule_name("meter_rollover", "en") == "Meter readings"
    assert Problem("error", "workbook_too_large").rule_name("en") == "The file opens and is safe"
