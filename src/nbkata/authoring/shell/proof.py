"""Proving the steps: look at every checkpoint and every wrong state, many at once."""

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from nbkata.authoring.core.proof import (
    Looked,
    StepProof,
    WrongState,
    looked_from_json,
    steps_to_look_at,
)
from nbkata.authoring.shell.checkpoint_proof import step_proof
from nbkata.authoring.shell.notebook_runs import NotebookRuns
from nbkata.authoring.shell.pull_requests import request_complaint, requests_of, state_of
from nbkata.authoring.shell.wrong_states import make_wrong, wrong_states
from nbkata.child.shell.remembered_models import forget_oldest
from nbkata.child.shell.warm import kept_warm
from nbkata.common.core.refusal import Refusal
from nbkata.common.shell.cache import Kind, keep_cached, read_cached
from nbkata.common.shell.cores import cores
from nbkata.common.shell.temporary import TemporaryFolder
from nbkata.common.shell.walk import files_in
from nbkata.kata.core.kata import Step, Subject
from nbkata.kata.core.lights import Light, without_crashes
from nbkata.kata.shell.check import Golden, light_of, load_golden, observe, symptom_of
from nbkata.kata.shell.checkpoint import lay_out
from nbkata.kata.shell.kit import Kit
from nbkata.kata.shell.kit_digest import digest_of_kit
from nbkata.kata.shell.shape import run_shape_tests
from nbkata.kata.shell.warmed import WARMED
from nbkata.kata.shell.workspace import create_workspace
from nbkata.purity.shell.check import HASH_SEED
from nbkata.review.core.pull_request import PullRequest

# Told of each look that is done.
OnProgress = Callable[[str], None]


class Prover:
    """Looks at workspaces; a look at the same files is taken from the cache."""

    def __init__(self, kit: Kit, fresh: bool = False) -> None:
        self.kit = kit
        self.fresh = fresh
        self.kit_digest = digest_of_kit(kit)
        self.notebooks = NotebookRuns()

    def checkpoint(self, step: Step | None, shapes: Sequence[Step]) -> Looked:
        """A look at a checkpoint, or at the start where no step is given."""
        return self._look(step or self.kit.kata.steps[0], step, shapes, None, True)

    def wrong(self, state: WrongState) -> Looked:
        """A look at a wrong state, by its own step's lights."""
        step = self.kit.kata.step(state.on or state.step)
        assert isinstance(step, Step)
        shapes = [step] if state.shape or state.green else []
        # Another way must not turn a step red that was reached before. An edited notebook is not one
        # that was run and saved, as the earlier steps want it: there only the step itself is asked.
        if state.green and self.kit.kata.behaviour(step).subject is not Subject.NOTEBOOK:
            shapes = [*self.kit.kata.lasting(step), step]
        with_behaviour = bool(state.behaviour) or state.green
        # Mostly the first red test says what is expected: then nobody waits for the others.
        to_the_end = state.green or state.alone or bool(state.also)
        until = "" if to_the_end else state.shape
        looked = self._look(step, step, shapes, state, with_behaviour, until)
        if to_the_end or not state.complaint(looked):
            return looked
        return self._look(step, step, shapes, state, with_behaviour)

    def request(self, request: PullRequest) -> str:
        """What is wrong with a pull request beside its lights; empty if nothing is."""
        key = hashlib.sha256(f"{self.kit_digest}{request}".encode()).hexdigest()
        known = None if self.fresh else read_cached(Kind.PROOF, key)
        if known is None:
            known = {"complaint": request_complaint(self.kit, request)}
            keep_cached(Kind.PROOF, key, known)
        return str(known["complaint"])

    def _look(
        self,
        step: Step,
        laid_out: Step | None,
        shapes: Sequence[Step],
        state: WrongState | None,
        with_behaviour: bool,
        until: str = "",
    ) -> Looked:
        with TemporaryFolder() as folder:
            workspace = create_workspace(Path(folder, "workspace"), self.kit).path
            if laid_out is not None:
                lay_out(self.kit, laid_out, workspace)
            if state is not None:
                make_wrong(workspace, state)
            key = self._key(workspace, (step, shapes, with_behaviour, until))
            known = None if self.fresh else _read(key)
            if known is not None:
                return known
            looked = self._looked(step, workspace, shapes, with_behaviour, until)
            forget_oldest()
        keep_cached(Kind.PROOF, key, looked.as_json())
        return looked

    def _looked(
        self,
        step: Step,
        workspace: Path,
        shapes: Sequence[Step],
        with_behaviour: bool,
        until: str,
    ) -> Looked:
        kit, behaviour, document = self.kit, None, None
        known = kit.kata.behaviour(step)
        notebook = known.subject is Subject.NOTEBOOK
        if with_behaviour or notebook:
            observed = (self.notebooks.run if notebook else observe)(kit, step, workspace)
            if isinstance(observed, Refusal):
                shown = observed._replace(where=Path(observed.where).name)
                light = Light(False, (str(shown),))
                return Looked(light, {shape.slug: light for shape in shapes})
            golden = load_golden(kit, known)
            assert isinstance(golden, Golden), golden
            behaviour = light_of(step, known, golden, observed)
            document = observed.document
        if not shapes:
            return Looked(behaviour, {})
        lights = run_shape_tests(kit, shapes, workspace, document, until=until)
        if isinstance(lights, Refusal):
            return Looked(behaviour, {s.slug: Light(False, (str(lights),)) for s in shapes})
        if behaviour and not behaviour.ok:
            lights = {slug: without_crashes(light) for slug, light in lights.items()}
        return Looked(behaviour, lights)

    def _key(self, workspace: Path, asked: tuple[Any, ...]) -> str:
        digest = hashlib.sha256(self.kit_digest.encode())
        for path in files_in(workspace):
            digest.update(path.relative_to(workspace).as_posix().encode() + b"\0")
            digest.update(path.read_bytes())
        digest.update(repr(asked).encode())
        return digest.hexdigest()


def prove(
    kit: Kit, steps: Sequence[Step], fresh: bool = False, on_progress: OnProgress | None = None
) -> list[StepProof]:
    """The proof of these steps. Raises ``ValueError`` where a wrong state cannot be made."""
    prover = Prover(kit, fresh)
    states = [state for step in steps for state in wrong_states(kit, step.slug)]
    asked = requests_of(kit, steps)
    reviewed = [state_of(kit, request) for request in asked]
    states += reviewed
    places: list[Step | None] = [
        place
        for place in (None, *kit.kata.steps)
        if set(steps) & set(steps_to_look_at(kit.kata, place))
    ]
    with (
        kept_warm((*WARMED, "nbkata.purity.shell.replay"), seed=HASH_SEED),
        kept_warm(WARMED, remembers=True),
        ThreadPoolExecutor(cores()) as pool,
    ):

        def at(place: Step | None) -> Looked:
            looked = prover.checkpoint(place, steps_to_look_at(kit.kata, place))
            if on_progress:
                on_progress(place.slug if place else "start")
            return looked

        def with_mistake(state: WrongState) -> Looked:
            looked = prover.wrong(state)
            if on_progress:
                on_progress(f"{state.step}: {state.name}")
            return looked

        looks = pool.map(at, reversed(places))  # the longest first
        mistakes = pool.map(with_mistake, states)
        said = pool.map(prover.request, asked)
        found = {p.slug if p else "": look for p, look in zip(reversed(places), looks, strict=True)}
        complaints = {
            (state.step, state.name): state.complaint(look)
            for state, look in zip(states, mistakes, strict=True)
        }
        complaints |= {
            (state.step, f"{state.name}, its size and its assertion"): text
            for state, text in zip(reviewed, said, strict=True)
        }
    return [step_proof(kit, step, found, complaints) for step in steps]


def tried_causes(kit: Kit, on_progress: OnProgress) -> dict[str, dict[str, str]] | Refusal:
    """By step and symptom, what causes it: each wrong state that has a cause is run."""
    causes: dict[str, dict[str, str]] = {}
    for step in kit.kata.steps:
        known = kit.kata.behaviour(step)
        golden = load_golden(kit, known)
        if isinstance(golden, Refusal):
            return golden
        for state in (state for state in wrong_states(kit, step.slug) if state.cause):
            with TemporaryFolder() as folder:
                workspace = create_workspace(Path(folder, "workspace"), kit).path
                lay_out(kit, step, workspace)
                make_wrong(workspace, state)
                observed = observe(kit, step, workspace)
            if isinstance(observed, Refusal):
                return observed
            found = symptom_of(known, golden, observed)
            causes.setdefault(step.slug, {})[found] = state.cause
            for later in kit.kata.steps:
                if step.slug < later.slug <= state.until:
                    causes.setdefault(later.slug, {})[found] = state.cause
            on_progress(f"{step.slug}: {state.name}")
    return causes


def count_of_looks(kit: Kit, steps: Sequence[Step]) -> int:
    """How often `prove` tells that a look is done."""
    places = [p for p in (None, *kit.kata.steps) if set(steps) & set(steps_to_look_at(kit.kata, p))]
    states = sum(len(wrong_states(kit, step.slug)) for step in steps)
    return len(places) + states + len(requests_of(kit, steps))


def _read(key: str) -> Looked | None:
    kept = read_cached(Kind.PROOF, key)
    try:
        return kept and looked_from_json(kept)
    except (ValueError, KeyError):
        return None
