"""What a rule sees as `law`: the parameters of its own clause and name, and the reference tables it may look into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fenghuang.language import references
from fenghuang.language.parameters import TABLES, Parameter
from fenghuang.language.toolkit import pick
from fenghuang.language.values import Choice, Graph, Number, RuleError


class Table:
    """A parameter given by label: `law.cap[grade]`, or a list of them for `law.rates[grade]`."""

    def __init__(self, graph: Graph, parameter: Parameter) -> None:
        self._graph, self._parameter = graph, parameter

    def __getitem__(self, choice: Choice) -> Any:
        labels = TABLES[self._parameter.by]
        if choice.labels != labels:
            raise RuleError(f"{self._parameter.path} is by {self._parameter.by}, not by {choice.labels}")
        columns = [
            pick(choice, self._graph.align(self._parameter.number(self._graph, label, i) for label in labels))
            for i in range(len(self._parameter))
        ]
        return columns if self._parameter.is_list else columns[0]


class Law:
    """`law.threshold`, `law.rates[grade]`, `law.output_guide[industry_division].tax_per_mu`."""

    def __init__(
        self,
        graph: Graph,
        rule: str,
        parameters: Mapping[str, Parameter],
        tables: Mapping[str, references.Reference],
        on: Number,
    ) -> None:
        self._graph, self._rule, self._parameters, self._tables, self._on = graph, rule, parameters, tables, on
        self._asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and name in self._tables:
            self._asked.add(name)
            return references.Table(self._graph, self._tables[name], self._on)
        if name.startswith("_") or name not in self._parameters:
            raise RuleError(f"{self._rule}: no parameter {name!r} in parameters.yaml")
        self._asked.add(name)
        parameter = self._parameters[name]
        if parameter.by:
            return Table(self._graph, parameter)
        listed = [parameter.number(self._graph, "", i) for i in range(len(parameter))]
        return listed if parameter.is_list else listed[0]

    def unread(self) -> set[str]:
        """Parameters and tables nobody asked for: a figure that decides nothing is an error."""
        return (set(self._parameters) | set(self._tables)) - self._asked
