"""Writes of the screens' own room: releases."""
