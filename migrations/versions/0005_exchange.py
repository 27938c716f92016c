"""Tables of exchange."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_exchange"
down_revision = "0004_teaching"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "host",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.Column("local_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("country", sa.String(length=32), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["local_id"], ["local.id"], name=op.f("fk_host_local_id_local")),
        sa.ForeignKeyConstraint(["union_id"], ["union.id"], name=op.f("fk_host_union_id_union")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host")),
        sa.UniqueConstraint("union_id", "name", name=op.f("uq_host_union_id_name")),
    )
    op.create_index(op.f("ix_host_union_id"), "host", ["union_id"], unique=False)
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("max_head_difference", sa.Integer(), nullable=True),
        sa.Column("budget", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("budget >= 0", name=op.f("ck_round_budget_not_negative")),
        sa.CheckConstraint("closes_on >= opens_on", name=op.f("ck_round_days_in_order")),
        sa.CheckConstraint("max_head_difference >= 0", name=op.f("ck_round_head_difference_not_negative")),
        sa.ForeignKeyConstraint(["created_by_id"], ["member.id"], name=op.f("fk_round_created_by_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("windows", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("sectors", sa.JSON(), nullable=False),
        sa.Column("prefs", sa.JSON(), nullable=False),
        sa.Column("passport_until", sa.Date(), nullable=True),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column("wants_interpreter", sa.Boolean(), nullable=False),
        sa.Column("delegation", sa.String(length=80), nullable=False),
        sa.Column("only_listed", sa.Boolean(), nullable=False),
        sa.Column("waited", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("waited >= 0", name=op.f("ck_application_waited_not_negative")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name=op.f("fk_application_member_id_member"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_application_round_id_round")),
        sa.ForeignKeyConstraint(["union_id"], ["union.id"], name=op.f("fk_application_union_id_union")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("round_id", "code", name=op.f("uq_application_round_id_code")),
        sa.UniqueConstraint("round_id", "member_id", name=op.f("uq_application_round_id_member_id")),
    )
    op.create_index(op.f("ix_application_member_id"), "application", ["member_id"], unique=False)
    op.create_index(op.f("ix_application_union_id"), "application", ["union_id"], unique=False)
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("min_days", sa.Integer(), nullable=False),
        sa.Column("max_days", sa.Integer(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("sector", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=32), nullable=False),
        sa.Column("min_level", sa.String(length=32), nullable=False),
        sa.Column("interpreter_seats", sa.Integer(), nullable=False),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column("passport_margin_days", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.CheckConstraint("capacity >= 1", name=op.f("ck_placement_capacity_positive")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_placement_cost_not_negative")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_placement_days_in_order")),
        sa.CheckConstraint(
            "interpreter_seats >= 0", name=op.f("ck_placement_interpreter_seats_not_negative")
        ),
        sa.CheckConstraint(
            "max_days IS NULL OR max_days >= min_days", name=op.f("ck_placement_stay_in_order")
        ),
        sa.CheckConstraint("min_days >= 1", name=op.f("ck_placement_min_days_positive")),
        sa.CheckConstraint(
            "passport_margin_days >= 0", name=op.f("ck_placement_passport_margin_not_negative")
        ),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_placement_host_id_host")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_placement_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("round_id", "code", name=op.f("uq_placement_round_id_code")),
    )
    op.create_index(op.f("ix_placement_host_id"), "placement", ["host_id"], unique=False)
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("input_hash", sa.String(length=64), nullable=False),
        sa.Column("input_json", sa.Text(), nullable=True),
        sa.Column("result_json", sa.Text(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("failure", sa.String(length=300), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["member.id"], name=op.f("fk_plan_created_by_id_member")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_plan_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_plan_round_id_number")),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_hold_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["member.id"], name=op.f("fk_hold_by_id_member")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_hold_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_hold_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint(
            "application_id", "placement_id", name=op.f("uq_hold_application_id_placement_id")
        ),
    )
    op.create_index(op.f("ix_hold_placement_id"), "hold", ["placement_id"], unique=False)
    op.create_index(op.f("ix_hold_round_id"), "hold", ["round_id"], unique=False)
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("host_answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("host_answered_by_id", sa.Integer(), nullable=True),
        sa.Column("union_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_offer_days_in_order")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_offer_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["host_answered_by_id"], ["member.id"], name=op.f("fk_offer_host_answered_by_id_member")
        ),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_offer_placement_id_placement")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_offer_plan_id_plan")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_offer_round_id_round")),
        sa.ForeignKeyConstraint(["union_id"], ["union.id"], name=op.f("fk_offer_union_id_union")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    op.create_index(op.f("ix_offer_placement_id"), "offer", ["placement_id"], unique=False)
    op.create_index(op.f("ix_offer_plan_id"), "offer", ["plan_id"], unique=False)
    op.create_index("ix_offer_round_id_state", "offer", ["round_id", "state"], unique=False)
    op.create_index(op.f("ix_offer_union_id"), "offer", ["union_id"], unique=False)
    op.create_index(
        "uq_offer_live_application",
        "offer",
        ["application_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('offered', 'accepted', 'confirmed')"),
        postgresql_where=sa.text("state IN ('offered', 'accepted', 'confirmed')"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_offer_live_application",
        table_name="offer",
        sqlite_where=sa.text("state IN ('offered', 'accepted', 'confirmed')"),
        postgresql_where=sa.text("state IN ('offered', 'accepted', 'confirmed')"),
    )
    op.drop_index(op.f("ix_offer_union_id"), table_name="offer")
    op.drop_index("ix_offer_round_id_state", table_name="offer")
    op.drop_index(op.f("ix_offer_plan_id"), table_name="offer")
    op.drop_index(op.f("ix_offer_placement_id"), table_name="offer")
    op.drop_table("offer")
    op.drop_index(op.f("ix_hold_round_id"), table_name="hold")
    op.drop_index(op.f("ix_hold_placement_id"), table_name="hold")
    op.drop_table("hold")
    op.drop_table("plan")
    op.drop_index(op.f("ix_placement_host_id"), table_name="placement")
    op.drop_table("placement")
    op.drop_index(op.f("ix_application_union_id"), table_name="application")
    op.drop_index(op.f("ix_application_member_id"), table_name="application")
    op.drop_table("application")
    op.drop_table("round")
    op.drop_index(op.f("ix_host_union_id"), table_name="host")
    op.drop_table("host")
