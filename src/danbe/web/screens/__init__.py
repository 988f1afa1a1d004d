"""The screens: thin views over queries and actions."""
