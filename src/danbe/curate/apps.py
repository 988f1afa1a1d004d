from django.apps import AppConfig


class CurateConfig(AppConfig):
    name = "danbe.curate"
    label = "curate"
