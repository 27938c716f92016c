"""Pieces of a 0/1 program, and the form in which HiGHS takes them."""

from dataclasses import dataclass

import highspy
import numpy as np


@dataclass(frozen=True, slots=True)
class Part:
    """The program without what is decided: free columns, rows that can still bind, entries sorted by column."""

    columns: np.ndarray
    rows: np.ndarray
    entry_row: np.ndarray
    entry_column: np.ndarray
    entry_value: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, slots=True)
class Answer:
    x: np.ndarray
    bound: float
    reduced_cost: np.ndarray | None = None
    price: np.ndarray | None = None


def linear_program(
    part: Part, cost: np.ndarray, *, extra: tuple[np.ndarray, int, int] | None = None
) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(part.columns), len(part.rows)
    lp.col_cost_ = cost.astype(float)
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.ones(lp.num_col_)
    low, high = part.low, part.high
    row, column, value = part.entry_row, part.entry_column, part.entry_value
    if extra is not None:
        weights, least, most = extra
        used = np.flatnonzero(weights)
        row = np.append(row, np.full(len(used), lp.num_row_))
        column, value = np.append(column, used), np.append(value, weights[used])
        low, high = np.append(low, least), np.append(high, most)
        lp.num_row_ += 1
    lp.row_lower_, lp.row_upper_ = low.astype(float), high.astype(float)
    set_entries(lp, row, column, value)
    return lp


def set_entries(lp: highspy.HighsLp, row: np.ndarray, column: np.ndarray, value: np.ndarray) -> None:
    order = np.lexsort((row, column))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.searchsorted(column[order], np.arange(lp.num_col_ + 1)).astype(np.int32)
    lp.a_matrix_.index_ = row[order].astype(np.int32)
    lp.a_matrix_.value_ = value[order].astype(float)


def components(part: Part) -> np.ndarray:
    """A label for each column; columns that share a row, directly or not, have the same one."""
    label = np.arange(len(part.columns))
    row_label = np.full(len(part.rows), len(label))
    while True:
        np.minimum.at(row_label, part.entry_row, label[part.entry_column])
        found = label.copy()
        np.minimum.at(found, part.entry_column, row_label[part.entry_row])
        found = found[found]  # labels are columns: follow them, so that long chains end in few rounds
        if (found == label).all():
            return label
        label = found
