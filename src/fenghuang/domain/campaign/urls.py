"""Addresses of 评价工作."""

from django.urls import path

from fenghuang.domain.campaign import casework, downloads, reconciliation_views, totals_views, views

app_name = "campaign"
urlpatterns = [
    path("", views.index, name="index"),
    path("bulk", views.bulk, name="bulk"),
    path("totals", totals_views.city, name="city_totals"),
    path("start", views.start, name="start"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/go", views.go, name="go"),
    path("<int:pk>/periods", views.periods, name="periods"),
    path("<int:pk>/rescore", views.rescore, name="rescore"),
    path("<int:pk>/method", views.method, name="method"),
    path("<int:pk>/grades", views.grades, name="grades"),
    path("<int:pk>/firms/<str:uscc>/", casework.firm, name="firm"),
    path("<int:pk>/firms/<str:uscc>/notice.pdf", downloads.notice, {"form": "pdf"}, name="notice_pdf"),
    path("<int:pk>/firms/<str:uscc>/notice.docx", downloads.notice, {"form": "docx"}, name="notice_docx"),
    path("<int:pk>/totals", totals_views.campaign, name="totals"),
    path("<int:pk>/reconciliation", reconciliation_views.page, name="reconciliation"),
    path("<int:pk>/figures", reconciliation_views.add, name="add_figure"),
    path("figures/<int:figure>/accept", reconciliation_views.accept, name="accept_figure"),
    path("figures/<int:figure>/withdraw", reconciliation_views.withdraw, name="withdraw_figure"),
    path("<int:pk>/notices", downloads.notices, name="notices"),
    path("<int:pk>/firms/<str:uscc>/object", casework.object_, name="object"),
    path("<int:pk>/firms/<str:uscc>/regrade", casework.regrade, name="regrade"),
    path("objections/<int:objection>/answer", casework.answer, name="answer"),
    path("objections/<int:objection>/file", casework.objection_file, name="objection_file"),
    path("regrades/<int:regrade>/withdraw", casework.withdraw, name="withdraw"),
    path("regrades/<int:regrade>/file", casework.regrade_file, name="regrade_file"),
]
