"""Mutation testing: how much the learner's tests notice."""
