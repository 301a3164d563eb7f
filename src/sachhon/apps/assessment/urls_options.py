"""Addresses of the steps 3 to 6: options and their sources, choice, plan, verification, report, signatures."""

from django.urls import path

from sachhon.apps.assessment.views import (
    choice,
    comparison,
    equipment,
    options,
    plan,
    report,
    sources,
    verification,
)

urlpatterns = [
    path("<int:pk>/giai-phap/", options.options, name="options"),
    path("<int:pk>/giai-phap/them/", options.add, name="add_option"),
    path("<int:pk>/giai-phap/<int:number>/", options.option, name="option"),
    path("<int:pk>/giai-phap/<int:number>/sua/", options.edit, name="edit_option"),
    path("<int:pk>/giai-phap/<int:number>/cat/", options.delete, name="delete_option"),
    path("<int:pk>/giai-phap/<int:number>/lay-lai/", options.restore, name="restore_option"),
    path("<int:pk>/giai-phap/<int:number>/kha-thi/<str:sheet>/", options.sheet, name="option_sheet"),
    path("<int:pk>/nguon/", sources.sources, name="sources"),
    path("<int:pk>/nguon/<str:code>/", sources.take, name="take_library"),
    path("<int:pk>/bao-cao-chi-tiet.<str:kind>", report.report, name="detailed_report"),
    path("<int:pk>/may-tinh/", equipment.calculators, name="calculators"),
    path("<int:pk>/may-tinh/<str:code>/", equipment.calculate, name="calculate"),
    path("<int:pk>/lan-tinh/<int:run>/", equipment.run, name="run"),
    path("<int:pk>/lan-tinh/<int:run>/dua-vao/", equipment.take, name="take_run"),
    path("<int:pk>/cong-nghe/", comparison.comparisons, name="comparisons"),
    path("<int:pk>/cong-nghe/them/", comparison.begin, name="begin_comparison"),
    path("<int:pk>/cong-nghe/<int:number>/", comparison.comparison, name="comparison"),
    path("<int:pk>/cong-nghe/<int:number>/sua/", comparison.edit, name="edit_comparison"),
    path("<int:pk>/cong-nghe/<int:number>/chon/", comparison.choose, name="choose_technology"),
    path("<int:pk>/lua-chon/", choice.choice, name="choice"),
    path("<int:pk>/lua-chon/chot/", choice.decide, name="decide"),
    path("<int:pk>/giai-phap/<int:number>/buoc/<str:action>/", plan.move_option, name="move_option"),
    path("<int:pk>/giai-phap/<int:number>/ke-hoach/", plan.plan_option, name="plan_option"),
    path("<int:pk>/ke-hoach/", plan.plan_of_action, name="plan_of_action"),
    path("<int:pk>/kiem-chung/", verification.verifications, name="verifications"),
    path("<int:pk>/kiem-chung/them/", verification.add, name="add_verification"),
    path("<int:pk>/kiem-chung/<int:row>/", verification.verification, name="verification"),
    path("<int:pk>/kiem-chung/<int:row>/sua/", verification.edit, name="edit_verification"),
    path("<int:pk>/kiem-chung/<int:row>/tinh/", verification.compute, name="compute_verification"),
    path("<int:pk>/kiem-chung/<int:row>/xac-minh/", verification.judge, name="judge_verification"),
    path("<int:pk>/kiem-chung/<int:row>/thu-lai/", verification.take_back, name="take_back_verification"),
    path("<int:pk>/ky/<int:step>/", verification.sign_step, name="sign_step"),
]
