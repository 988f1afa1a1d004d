from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "danbe.web"
    label = "web"
