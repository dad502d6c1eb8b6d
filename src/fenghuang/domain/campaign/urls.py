"""Addresses of 评价工作."""

from django.urls import path

from fenghuang.domain.campaign import check_views, firm_views, views

app_name = "campaign"
urlpatterns = [
    path("", views.index, name="index"),
    path("bulk", views.bulk, name="bulk"),
    path("start", views.start, name="start"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/go", views.go, name="go"),
    path("<int:pk>/periods", views.periods, name="periods"),
    path("<int:pk>/rescore", views.rescore, name="rescore"),
    path("<int:pk>/method", views.method, name="method"),
    path("<int:pk>/grades", views.grades, name="grades"),
    path("<int:pk>/firms/<str:uscc>/", firm_views.firm, name="firm"),
    path("<int:pk>/firms/<str:uscc>/object", firm_views.object_, name="object"),
    path("<int:pk>/firms/<str:uscc>/regrade", firm_views.regrade, name="regrade"),
    path("<int:pk>/check/", check_views.index, name="check"),
    path("<int:pk>/check/confirm", check_views.confirm, name="check_confirm"),
    path("<int:pk>/check/<str:uscc>/", check_views.firm, name="check_firm"),
    path("<int:pk>/check/<str:uscc>/confirm", check_views.confirm_one, name="check_confirm_one"),
    path("<int:pk>/check/<str:uscc>/send-back", check_views.send_back, name="check_send_back"),
    path("confirmations/<int:confirmation>/answer", check_views.answer, name="check_answer"),
    path("confirmations/<int:confirmation>/file", check_views.file, name="check_file"),
    path("objections/<int:objection>/answer", firm_views.answer, name="answer"),
    path("objections/<int:objection>/file", firm_views.objection_file, name="objection_file"),
    path("regrades/<int:regrade>/withdraw", firm_views.withdraw, name="withdraw"),
    path("regrades/<int:regrade>/file", firm_views.regrade_file, name="regrade_file"),
]
