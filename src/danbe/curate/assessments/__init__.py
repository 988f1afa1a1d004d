"""Rapid assessments: the arithmetic of ranked needs and of delays, and what a draft must hold."""
