"""Texts of the jobs: what is counted. The other Worker has a module of this name, too."""

import re


def words(text):
    return re.findall(r"\w+", text)
