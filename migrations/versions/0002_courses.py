"""Tables of courses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_courses"
down_revision = "0001_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=32), nullable=False),
        sa.Column("titles", sa.JSON(), nullable=False),
        sa.Column("summaries", sa.JSON(), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("program", "code", name=op.f("uq_course_program_code")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_calendar_feed_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["union_id"], ["union.id"], name=op.f("fk_calendar_feed_union_id_union")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("key", name=op.f("uq_calendar_feed_key")),
        sa.UniqueConstraint("member_id", name=op.f("uq_calendar_feed_member_id")),
    )
    op.create_index(op.f("ix_calendar_feed_union_id"), "calendar_feed", ["union_id"], unique=False)
    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("instructor_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 1 AND 500", name=op.f("ck_cohort_capacity_in_bounds")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_cohort_window_in_order")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_cohort_days_in_order")),
        sa.CheckConstraint("seats_taken BETWEEN 0 AND capacity", name=op.f("ck_cohort_seats_never_oversold")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_cohort_course_id_course")),
        sa.ForeignKeyConstraint(
            ["instructor_id"], ["member.id"], name=op.f("fk_cohort_instructor_id_member")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["union.id"], name=op.f("fk_cohort_union_id_union")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
    )
    op.create_index(op.f("ix_cohort_course_id"), "cohort", ["course_id"], unique=False)
    op.create_index(op.f("ix_cohort_instructor_id"), "cohort", ["instructor_id"], unique=False)
    op.create_index(op.f("ix_cohort_union_id"), "cohort", ["union_id"], unique=False)
    op.create_index("ix_cohort_union_id_ends_on", "cohort", ["union_id", "ends_on"], unique=False)
    op.create_table(
        "enrollment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_as", sa.String(length=32), nullable=True),
        sa.Column("admitted_by_id", sa.Integer(), nullable=True),
        sa.Column("admission_reason", sa.String(length=500), nullable=True),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(admitted_by_id IS NULL) = (admission_reason IS NULL)",
            name=op.f("ck_enrollment_admission_with_its_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["admitted_by_id"], ["member.id"], name=op.f("fk_enrollment_admitted_by_id_member")
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_enrollment_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_enrollment_member_id_member")),
        sa.ForeignKeyConstraint(["union_id"], ["union.id"], name=op.f("fk_enrollment_union_id_union")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment")),
    )
    op.create_index(op.f("ix_enrollment_member_id"), "enrollment", ["member_id"], unique=False)
    op.create_index(
        "ix_enrollment_queue", "enrollment", ["cohort_id", "state", "joined_at", "id"], unique=False
    )
    op.create_index(op.f("ix_enrollment_union_id"), "enrollment", ["union_id"], unique=False)
    op.create_index(
        "uq_enrollment_live",
        "enrollment",
        ["member_id", "cohort_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('enrolled', 'waitlisted')"),
        postgresql_where=sa.text("state IN ('enrolled', 'waitlisted')"),
    )
    op.create_table(
        "meeting_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("wall", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 15 AND 480", name=op.f("ck_meeting_series_minutes_in_bounds")),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 127", name=op.f("ck_meeting_series_some_weekday")),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_meeting_series_cohort_id_cohort")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["union.id"], name=op.f("fk_meeting_series_union_id_union")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_series")),
    )
    op.create_index(op.f("ix_meeting_series_cohort_id"), "meeting_series", ["cohort_id"], unique=False)
    op.create_index(op.f("ix_meeting_series_union_id"), "meeting_series", ["union_id"], unique=False)
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("wall", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_meeting_moments_in_order")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_meeting_cohort_id_cohort")),
        sa.ForeignKeyConstraint(
            ["series_id"], ["meeting_series.id"], name=op.f("fk_meeting_series_id_meeting_series")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["union.id"], name=op.f("fk_meeting_union_id_union")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("series_id", "day", name=op.f("uq_meeting_series_id_day")),
    )
    op.create_index("ix_meeting_cohort_id_starts_at", "meeting", ["cohort_id", "starts_at"], unique=False)
    op.create_index(op.f("ix_meeting_union_id"), "meeting", ["union_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_meeting_union_id"), table_name="meeting")
    op.drop_index("ix_meeting_cohort_id_starts_at", table_name="meeting")
    op.drop_table("meeting")
    op.drop_index(op.f("ix_meeting_series_union_id"), table_name="meeting_series")
    op.drop_index(op.f("ix_meeting_series_cohort_id"), table_name="meeting_series")
    op.drop_table("meeting_series")
    op.drop_index(
        "uq_enrollment_live",
        table_name="enrollment",
        sqlite_where=sa.text("state IN ('enrolled', 'waitlisted')"),
        postgresql_where=sa.text("state IN ('enrolled', 'waitlisted')"),
    )
    op.drop_index(op.f("ix_enrollment_union_id"), table_name="enrollment")
    op.drop_index("ix_enrollment_queue", table_name="enrollment")
    op.drop_index(op.f("ix_enrollment_member_id"), table_name="enrollment")
    op.drop_table("enrollment")
    op.drop_index("ix_cohort_union_id_ends_on", table_name="cohort")
    op.drop_index(op.f("ix_cohort_union_id"), table_name="cohort")
    op.drop_index(op.f("ix_cohort_instructor_id"), table_name="cohort")
    op.drop_index(op.f("ix_cohort_course_id"), table_name="cohort")
    op.drop_table("cohort")
    op.drop_index(op.f("ix_calendar_feed_union_id"), table_name="calendar_feed")
    op.drop_table("calendar_feed")
    op.drop_table("course")
