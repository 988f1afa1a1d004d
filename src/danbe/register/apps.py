from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "danbe.register"
    label = "register"
