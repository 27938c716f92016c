"""Tables of learning."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_learning"
down_revision = "0002_courses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "curriculum",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curriculum")),
    )
    op.create_table(
        "item",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("lesson_id", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("meanings", sa.JSON(), nullable=False),
        sa.Column("expected", sa.JSON(), nullable=False),
        sa.Column("example", sa.JSON(), nullable=False),
        sa.Column("is_taught", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
    )
    op.create_index(op.f("ix_item_course_id"), "item", ["course_id"], unique=False)
    op.create_table(
        "lesson_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.String(length=120), nullable=False),
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("unit_id", sa.String(length=120), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_version")),
        sa.UniqueConstraint("lesson_id", "version", name=op.f("uq_lesson_version_lesson_id_version")),
    )
    op.create_index(
        "uq_lesson_version_current",
        "lesson_version",
        ["lesson_id"],
        unique=True,
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "unit_tally",
        sa.Column("unit_id", sa.String(length=120), nullable=False),
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("beams", sa.Integer(), nullable=False),
        sa.Column("finishers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_tally")),
    )
    op.create_table(
        "card_state",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=120), nullable=False),
        sa.Column("skill", sa.String(length=32), nullable=False),
        sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("stability", sa.Double(), nullable=True),
        sa.Column("difficulty", sa.Double(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_review_id", sa.String(length=36), nullable=True),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("lapses", sa.Integer(), nullable=False),
        sa.Column("parameters", sa.Integer(), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_card_state_item_id_item")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_card_state_member_id_member")),
        sa.ForeignKeyConstraint(["union_id"], ["union.id"], name=op.f("fk_card_state_union_id_union")),
        sa.PrimaryKeyConstraint("member_id", "item_id", "skill", name=op.f("pk_card_state")),
    )
    op.create_index("ix_card_state_member_id_due_at", "card_state", ["member_id", "due_at"], unique=False)
    op.create_index(op.f("ix_card_state_union_id"), "card_state", ["union_id"], unique=False)
    op.create_table(
        "lesson_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.String(length=120), nullable=False),
        sa.Column("course_id", sa.String(length=120), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("reader", sa.String(length=8), nullable=False),
        sa.Column("todo", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("answered >= 0 AND seconds >= 0", name=op.f("ck_lesson_run_counts_not_negative")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_lesson_run_member_id_member")),
        sa.ForeignKeyConstraint(["union_id"], ["union.id"], name=op.f("fk_lesson_run_union_id_union")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["lesson_version.id"], name=op.f("fk_lesson_run_version_id_lesson_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_run")),
    )
    op.create_index(
        "ix_lesson_run_member_id_lesson_id", "lesson_run", ["member_id", "lesson_id"], unique=False
    )
    op.create_index(op.f("ix_lesson_run_union_id"), "lesson_run", ["union_id"], unique=False)
    op.create_index(
        "uq_lesson_run_open",
        "lesson_run",
        ["member_id", "lesson_id"],
        unique=True,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "review_log",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=120), nullable=False),
        sa.Column("skill", sa.String(length=32), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("undoes", sa.String(length=36), nullable=True),
        sa.Column("verdict", sa.String(length=8), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(rating IS NULL) <> (undoes IS NULL)", name=op.f("ck_review_log_rates_or_undoes")
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 4", name=op.f("ck_review_log_rating_known")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_review_log_item_id_item")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_review_log_member_id_member")),
        sa.ForeignKeyConstraint(["union_id"], ["union.id"], name=op.f("fk_review_log_union_id_union")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_log")),
        sa.UniqueConstraint("undoes", name=op.f("uq_review_log_undoes")),
    )
    op.create_index("ix_review_log_card", "review_log", ["member_id", "item_id", "skill"], unique=False)
    op.create_index(
        "ix_review_log_member_id_reviewed_at", "review_log", ["member_id", "reviewed_at"], unique=False
    )
    op.create_index(op.f("ix_review_log_union_id"), "review_log", ["union_id"], unique=False)
    op.create_table(
        "lesson_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("exercise", sa.Integer(), nullable=False),
        sa.Column("exercise_id", sa.String(length=120), nullable=False),
        sa.Column("typed", sa.String(length=500), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("rule", sa.String(length=8), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["lesson_run.id"], name=op.f("fk_lesson_answer_run_id_lesson_run")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["union.id"], name=op.f("fk_lesson_answer_union_id_union")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_answer")),
    )
    op.create_index(op.f("ix_lesson_answer_exercise_id"), "lesson_answer", ["exercise_id"], unique=False)
    op.create_index(op.f("ix_lesson_answer_run_id"), "lesson_answer", ["run_id"], unique=False)
    op.create_index(op.f("ix_lesson_answer_union_id"), "lesson_answer", ["union_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_lesson_answer_union_id"), table_name="lesson_answer")
    op.drop_index(op.f("ix_lesson_answer_run_id"), table_name="lesson_answer")
    op.drop_index(op.f("ix_lesson_answer_exercise_id"), table_name="lesson_answer")
    op.drop_table("lesson_answer")
    op.drop_index(op.f("ix_review_log_union_id"), table_name="review_log")
    op.drop_index("ix_review_log_member_id_reviewed_at", table_name="review_log")
    op.drop_index("ix_review_log_card", table_name="review_log")
    op.drop_table("review_log")
    op.drop_index(
        "uq_lesson_run_open",
        table_name="lesson_run",
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.drop_index(op.f("ix_lesson_run_union_id"), table_name="lesson_run")
    op.drop_index("ix_lesson_run_member_id_lesson_id", table_name="lesson_run")
    op.drop_table("lesson_run")
    op.drop_index(op.f("ix_card_state_union_id"), table_name="card_state")
    op.drop_index("ix_card_state_member_id_due_at", table_name="card_state")
    op.drop_table("card_state")
    op.drop_table("unit_tally")
    op.drop_index(
        "uq_lesson_version_current",
        table_name="lesson_version",
        sqlite_where=sa.text("is_current"),
        postgresql_where=sa.text("is_current"),
    )
    op.drop_table("lesson_version")
    op.drop_index(op.f("ix_item_course_id"), table_name="item")
    op.drop_table("item")
    op.drop_table("curriculum")
