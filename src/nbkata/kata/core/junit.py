"""A verdict as JUnit XML, which CI servers and editors show."""

import xml.etree.ElementTree as ET

from nbkata.kata.core.lights import Light, Verdict


def junit_of(verdict: Verdict) -> str:
    """One test suite for the step, one test case for each light; the seconds are the run's."""
    lights = {"behaviour": verdict.behaviour, "shape": verdict.shape}
    red = sum(not light.ok for light in lights.values())
    suite = ET.Element("testsuite", {"name": f"nbkata {verdict.step}", "failures": str(red)})
    for count, value in (("tests", len(lights)), ("errors", 0), ("skipped", 0)):
        suite.set(count, str(value))
    suite.set("time", f"{verdict.seconds:.3f}")
    for name, light in lights.items():
        seconds = verdict.seconds if name == "behaviour" else 0
        _case(suite, verdict.step, name, light, seconds)
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _case(suite: ET.Element, step: str, name: str, light: Light, seconds: float) -> None:
    case = ET.SubElement(suite, "testcase", classname=f"nbkata.{step}", name=name)
    case.set("time", f"{seconds:.3f}")
    if not light.ok:
        first = _printable(light.messages[0] if light.messages else "red")
        failure = ET.SubElement(case, "failure", message=first)
        failure.text = _printable(light.message)


def _printable(text: str) -> str:
    """XML 1.0 knows no control characters but tab and line end."""
    return "".join(char if char >= " " or char in "\t\n" else "�" for char in text)
