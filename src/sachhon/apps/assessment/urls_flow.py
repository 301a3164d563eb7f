"""Addresses of the flow-sheet of a detailed assessment, under the assessment's own."""

from django.urls import path

from sachhon.apps.assessment.views import (
    flow,
    flow_readings,
    flow_records,
    flow_results,
    flow_rows,
    flow_start,
)

urlpatterns = [
    path("", flow.page, name="flow"),
    path("moi/", flow.news, name="flow_news"),
    path("doi/", flow.change, name="flow_change"),
    path("hoan-tac/", flow.undo, name="flow_undo"),
    path("lam-lai/", flow.redo, name="flow_redo"),
    path("sap-xep/", flow.arrange, name="flow_arrange"),
    path("them/<str:kind>/", flow_rows.add, name="flow_add"),
    path("sua/<str:kind>/<int:row>/", flow_rows.edit, name="flow_edit"),
    path("bo/<str:kind>/<int:row>/", flow_rows.remove, name="flow_remove"),
    path("bao-mat/<int:row>/", flow_rows.secret, name="flow_secret"),
    path("so-do/", flow_readings.readings, name="flow_readings"),
    path("dan/", flow_readings.paste, name="flow_paste"),
    path("so-do/tu-so-lieu/", flow_records.from_records, name="flow_from_records"),
    path("nhap/", flow_readings.take_in, name="flow_import"),
    path("xuat.<str:kind>", flow_readings.export, name="flow_export"),
    path("can-bang/", flow_results.balance, name="flow_balance"),
    path("doi-chieu/", flow_results.reconcile, name="flow_reconcile"),
    path("sankey/<str:layer>/", flow_results.sankey, name="flow_sankey"),
    path("chi-phi/", flow_results.costs, name="flow_costs"),
    path("nang-luong/", flow_results.energy, name="flow_energy"),
    path("ton-that/", flow_results.losses, name="flow_losses"),
    path("ton-that/<int:row>/", flow_results.loss, name="flow_loss"),
    path("khoi-dau/", flow_start.start, name="flow_start"),
    path("khoi-dau/ke-hoach/", flow_start.plan, name="flow_plan"),
    path("khoi-dau/cam-ket.docx", flow_start.letter, name="flow_letter"),
]
