"""Reads of the screens' own room: releases, the action log."""
