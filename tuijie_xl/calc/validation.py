"""Data validation of a range, in xlwings' words. A range whose cells have different rules answers 'inconsistent'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from . import formulas
from .bridge import enum

if TYPE_CHECKING:
    from .range import Range

_TYPES = {"whole_number": "WHOLE", "decimal": "DECIMAL", "list": "LIST", "date": "DATE", "time": "TIME",
          "text_length": "TEXT_LEN", "custom": "CUSTOM", "none": "ANY"}
_OPERATORS = {"between": "BETWEEN", "not_between": "NOT_BETWEEN", "equal_to": "EQUAL", "not_equal_to": "NOT_EQUAL",
              "greater_than": "GREATER", "less_than": "LESS", "greater_than_or_equal": "GREATER_EQUAL",
              "less_than_or_equal": "LESS_EQUAL"}
_ALERTS = {"STOP": "stop", "WARNING": "warning", "INFO": "information", "MACRO": "stop"}
_TYPE_NAMES = {theirs: ours for ours, theirs in _TYPES.items()}
_OPERATOR_NAMES = {theirs: ours for ours, theirs in _OPERATORS.items()}


class DataValidation(base_classes.DataValidation):
    def __init__(self, cells: Range):
        self.cells = cells

    @property
    def api(self) -> Any:
        """LibreOffice's rule: a copy, in force only when it is set on the cells again."""
        return self.cells.api.Validation

    @property
    def type(self) -> str:
        if self.cells.api.getPropertyState("Validation").value == "AMBIGUOUS_VALUE":
            return "inconsistent"
        return _TYPE_NAMES.get(self.api.Type.value, "unknown")

    @property
    def _has_rule(self) -> bool:
        return self.type not in ("none", "inconsistent")

    @property
    def operator(self) -> str | None:
        if self.type in ("none", "list", "custom", "inconsistent"):
            return None
        return _OPERATOR_NAMES.get(self.api.getOperator().value)

    def _excel(self, formula: str) -> str | None:
        names = self.cells.sheet.app.function_names[1]
        return "=" + formulas.to_excel(formula.removeprefix("="), names) if formula else None

    @property
    def formula1(self) -> str | None:
        return self._excel(self.api.getFormula1()) if self._has_rule else None

    @property
    def formula2(self) -> str | None:
        return self._excel(self.api.getFormula2()) if self._has_rule and self.operator in ("between", "not_between") else None

    @property
    def formula(self) -> str | None:
        return self.formula1 if self.type == "custom" else None

    @property
    def source(self) -> str | None:
        """A list's source: 'a,b' as written in Excel, or '=词表!$A$1:$A$9'."""
        if self.type != "list":
            return None
        text = self.api.getFormula1()
        if text.startswith('"'):
            return ",".join(part.replace('""', '"') for part in text[1:-1].split('";"'))
        return self._excel(text)

    @property
    def in_cell_dropdown(self) -> bool | None:
        return self.api.ShowList != 0 if self.type == "list" else None

    @property
    def ignore_blank(self) -> bool | None:
        return self.api.IgnoreBlankCells if self._has_rule else None

    @property
    def input_title(self) -> str:
        return self.api.InputTitle

    @property
    def input_message(self) -> str:
        return self.api.InputMessage

    @property
    def show_input(self) -> bool:
        return self.api.ShowInputMessage

    @property
    def error_title(self) -> str:
        return self.api.ErrorTitle

    @property
    def error_message(self) -> str:
        return self.api.ErrorMessage

    @property
    def show_error(self) -> bool:
        return self.api.ShowErrorMessage

    @property
    def alert_style(self) -> str | None:
        return _ALERTS[self.api.ErrorAlertStyle.value] if self._has_rule else None

    def set_list(self, source: Any, in_cell_dropdown: bool) -> None:
        """A list of texts, of a range or of a name (xlwings hands the checked parts)."""
        if isinstance(source, Sequence):
            text = ";".join('"' + part.replace('"', '""') + '"' for part in source)
        elif hasattr(source, "refers_to"):
            text = source.api.Name
        else:
            sheet = source.sheet.name.replace("'", "''")
            text = f"$'{sheet}'.{source.address}"
        self._put("list", "BETWEEN", text, "", 1 if in_cell_dropdown else 0)

    def set_rule(self, rule_type: str, operator: str | None, formula1: str, formula2: str | None) -> None:
        names = self.cells.sheet.app.function_names[0]
        first, second = (formulas.to_calc((text or "").removeprefix("="), names) for text in (formula1, formula2))
        self._put(rule_type, _OPERATORS[operator] if operator else "FORMULA", first, second)

    def _put(self, rule_type: str, operator: str, formula1: str, formula2: str, show_list: int = 1) -> None:
        """A new rule that refuses what breaks it, as Excel's default is."""
        self.cells.guard_formats("设置数据有效性")
        self.delete()
        rule = self.api
        rule.Type = enum("sheet.ValidationType", _TYPES[rule_type])
        rule.setOperator(enum("sheet.ConditionOperator", operator))
        first = self.cells.api.RangeAddress
        source = rule.getSourcePosition()
        source.Sheet, source.Column, source.Row = first.Sheet, first.StartColumn, first.StartRow
        rule.setSourcePosition(source)
        rule.setFormula1(formula1)
        rule.setFormula2(formula2)
        rule.ShowList, rule.IgnoreBlankCells, rule.ShowErrorMessage = show_list, True, True
        rule.ErrorAlertStyle = enum("sheet.ValidationAlertStyle", "STOP")
        self.cells.api.Validation = rule

    def delete(self) -> None:
        self.cells.guard_formats("清除数据有效性")
        rule = self.api
        rule.Type = enum("sheet.ValidationType", "ANY")
        for name in ("InputTitle", "InputMessage", "ErrorTitle", "ErrorMessage"):
            setattr(rule, name, "")
        rule.ShowInputMessage = rule.ShowErrorMessage = False
        self.cells.api.Validation = rule
