from django.apps import AppConfig


class CollectConfig(AppConfig):
    name = "danbe.collect"
    label = "collect"
