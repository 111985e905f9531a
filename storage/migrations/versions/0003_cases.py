"""Partners, lawyers and their calendars, cases, routing, handoffs, and the map of relayed messages."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _row_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "case_counters",
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_case_counters")),
    )
    op.create_table(
        "partners",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column(
            "group_chat_id",
            sa.BigInteger(),
            nullable=True,
            comment="the group that gets cards, never a story",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        sa.UniqueConstraint("group_chat_id", name=op.f("uq_partners_group_chat_id")),
        sa.UniqueConstraint("name", name=op.f("uq_partners_name")),
    )
    op.create_table(
        "lawyers",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("partner_id", _row_id(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False, comment="of their private chat"),
        sa.Column("name", sa.LargeBinary(), nullable=False, comment="as citizens and staff see it"),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False, comment="codes; empty means all"),
        sa.Column("topics", sa.JSON(), nullable=False, comment="ids; empty means all"),
        sa.Column("ways", sa.JSON(), nullable=False, comment="values of Way; empty means all"),
        sa.Column(
            "on_duty",
            sa.Boolean(),
            nullable=False,
            comment="takes danger and detention at every hour: may be woken",
        ),
        sa.Column("slot_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("gap_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("daily_most", sa.SmallInteger(), nullable=False, comment="consultations a day"),
        sa.Column("notice_hours", sa.SmallInteger(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=True, comment="of the office"),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column(
            "current_case_id",
            sa.BigInteger(),
            nullable=True,
            comment="to which what they write without a reply goes",
        ),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_lawyers_partner_id_partners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lawyers")),
    )
    with op.batch_alter_table("lawyers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lawyers_chat_id"), ["chat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lawyers_partner_id"), ["partner_id"], unique=False)

    op.create_table(
        "routing_rules",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("partner_id", _row_id(), nullable=False),
        sa.Column("topic", sa.String(length=32), nullable=True),
        sa.Column("region", sa.String(length=32), nullable=True),
        sa.Column("district", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("way", sa.String(length=16), nullable=True),
        sa.Column("urgency", sa.SmallInteger(), nullable=True),
        sa.Column(
            "weekly_most",
            sa.SmallInteger(),
            nullable=True,
            comment="cases a week by this rule, from Monday; empty: no limit",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_routing_rules_partner_id_partners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rules")),
    )
    with op.batch_alter_table("routing_rules", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_routing_rules_partner_id"), ["partner_id"], unique=False
        )

    op.create_table(
        "cases",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False, comment="within the year"),
        sa.Column("person_id", _row_id(), nullable=True, comment="who wrote to the bot"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "clock_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the owner's time runs out",
        ),
        sa.Column(
            "nudges",
            sa.SmallInteger(),
            nullable=False,
            comment="how often the owner's time ran out in a row",
        ),
        sa.Column("lawyer_id", _row_id(), nullable=True),
        sa.Column("topic", sa.String(length=32), nullable=False),
        sa.Column(
            "article", sa.String(length=80), nullable=True, comment="what the bot has answered"
        ),
        sa.Column("region", sa.String(length=32), nullable=True),
        sa.Column("district", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("danger", sa.String(length=16), nullable=True, comment="kind of danger, if any"),
        sa.Column("deadline", sa.Date(), nullable=True, comment="of a court or an authority"),
        sa.Column("story", sa.LargeBinary(), nullable=True),
        sa.Column("opponent", sa.LargeBinary(), nullable=True, comment="who is on the other side"),
        sa.Column("called", sa.LargeBinary(), nullable=True, comment="how to address the citizen"),
        sa.Column("full_name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True, comment="E.164"),
        sa.Column(
            "somebody_else",
            sa.LargeBinary(),
            nullable=True,
            comment="for whom, where it isn't for the one who writes",
        ),
        sa.Column(
            "consent_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="somebody else's, as noted",
        ),
        sa.Column("safe_hours", sa.LargeBinary(), nullable=True, comment="when it is safe to call"),
        sa.Column(
            "neutral",
            sa.Boolean(),
            nullable=False,
            comment="messages that come by themselves say nothing of a lawyer",
        ),
        sa.Column(
            "figures",
            sa.LargeBinary(),
            nullable=True,
            comment="age, gender, disability, income: for the donor and state legal aid",
        ),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("rating", sa.SmallInteger(), nullable=True, comment="1 to 5"),
        sa.Column("rating_word", sa.LargeBinary(), nullable=True),
        sa.Column(
            "helped", sa.String(length=16), nullable=True, comment="said two weeks after closing"
        ),
        sa.Column("asked_helped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state != 'in work' OR lawyer_id IS NOT NULL", name=op.f("ck_cases_has_lawyer")
        ),
        sa.CheckConstraint(
            "state = 'closed' OR clock_at IS NOT NULL", name=op.f("ck_cases_has_clock")
        ),
        sa.ForeignKeyConstraint(
            ["lawyer_id"], ["lawyers.id"], name=op.f("fk_cases_lawyer_id_lawyers")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_cases_person_id_people"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_clock", ["state", "clock_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_lawyer_id"), ["lawyer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_person_id"), ["person_id"], unique=False)
        batch_op.create_index("uq_cases_number", ["year", "serial"], unique=True)

    op.create_table(
        "day_exceptions",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("lawyer_id", _row_id(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="in Bishkek"),
        sa.Column("starts", sa.SmallInteger(), nullable=True, comment="minutes after midnight"),
        sa.Column("ends", sa.SmallInteger(), nullable=True, comment="minutes after midnight"),
        sa.ForeignKeyConstraint(
            ["lawyer_id"],
            ["lawyers.id"],
            name=op.f("fk_day_exceptions_lawyer_id_lawyers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_exceptions")),
    )
    with op.batch_alter_table("day_exceptions", schema=None) as batch_op:
        batch_op.create_index("ix_day_exceptions_day", ["lawyer_id", "day"], unique=False)

    op.create_table(
        "weekly_hours",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("lawyer_id", _row_id(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False, comment="0 is Monday"),
        sa.Column("starts", sa.SmallInteger(), nullable=False, comment="minutes after midnight"),
        sa.Column("ends", sa.SmallInteger(), nullable=False, comment="minutes after midnight"),
        sa.ForeignKeyConstraint(
            ["lawyer_id"],
            ["lawyers.id"],
            name=op.f("fk_weekly_hours_lawyer_id_lawyers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_hours")),
    )
    with op.batch_alter_table("weekly_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_weekly_hours_lawyer_id"), ["lawyer_id"], unique=False)

    op.create_table(
        "case_events",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("case_id", _row_id(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False, comment="the case's, after it"),
        sa.Column("by", sa.BigInteger(), nullable=True, comment="chat id; empty: the program"),
        sa.Column("why", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_events_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
    )
    with op.batch_alter_table("case_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_events_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_files",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("case_id", _row_id(), nullable=False),
        sa.Column(
            "kind", sa.String(length=16), nullable=False, comment="photo, voice, video, document …"
        ),
        sa.Column("file_id", sa.LargeBinary(), nullable=False),
        sa.Column("caption", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_files_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_files")),
    )
    with op.batch_alter_table("case_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_files_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_notes",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("case_id", _row_id(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False, comment="chat id"),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_case_notes_case_id_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
    )
    with op.batch_alter_table("case_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_notes_case_id"), ["case_id"], unique=False)

    op.create_table(
        "conflicts",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("case_id", _row_id(), nullable=False),
        sa.Column("partner_id", _row_id(), nullable=False),
        sa.Column("likeness", sa.SmallInteger(), nullable=False, comment="0 to 100"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.LargeBinary(), nullable=True, comment="of overruling"),
        sa.Column("decided_by", sa.BigInteger(), nullable=True, comment="chat id"),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_conflicts_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_conflicts_partner_id_partners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts")),
    )
    with op.batch_alter_table("conflicts", schema=None) as batch_op:
        batch_op.create_index("uq_conflicts_pair", ["case_id", "partner_id"], unique=True)

    op.create_table(
        "consultations",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("case_id", _row_id(), nullable=True, comment="empty while it is only held"),
        sa.Column("lawyer_id", _row_id(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False, comment="of the citizen"),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "confirmed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the citizen said they will come",
        ),
        sa.Column(
            "day_reminder_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was written",
        ),
        sa.Column(
            "hours_reminder_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was written",
        ),
        sa.Column(
            "unreachable_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the lawyer was told that the citizen has blocked the bot",
        ),
        sa.Column(
            "asked_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the lawyer was asked whether it took place",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "settled_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="cancelled, done or missed",
        ),
        sa.Column("cancelled_by_lawyer", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_consultations_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["lawyer_id"], ["lawyers.id"], name=op.f("fk_consultations_lawyer_id_lawyers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
    )
    with op.batch_alter_table("consultations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consultations_chat_id"), ["chat_id"], unique=False)
        batch_op.create_index("ix_consultations_starts_at", ["starts_at"], unique=False)
        batch_op.create_index(
            "uq_consultations_case",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("state = 'booked'"),
            postgresql_where=sa.text("state = 'booked'"),
        )
        batch_op.create_index(
            "uq_consultations_slot",
            ["lawyer_id", "starts_at"],
            unique=True,
            sqlite_where=sa.text("state IN ('held', 'booked') AND lawyer_id IS NOT NULL"),
            postgresql_where=sa.text("state IN ('held', 'booked') AND lawyer_id IS NOT NULL"),
        )

    op.create_table(
        "handoffs",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("case_id", _row_id(), nullable=False),
        sa.Column("partner_id", _row_id(), nullable=False),
        sa.Column(
            "lawyer_id", _row_id(), nullable=True, comment="whom it is offered to in private"
        ),
        sa.Column("rule_id", _row_id(), nullable=True, comment="empty: by the coordinator"),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "reasons", sa.LargeBinary(), nullable=False, comment="why here; see services.routing"
        ),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.BigInteger(), nullable=True, comment="chat id"),
        sa.Column("why", sa.LargeBinary(), nullable=True, comment="of declining"),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_handoffs_case_id_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["lawyer_id"], ["lawyers.id"], name=op.f("fk_handoffs_lawyer_id_lawyers")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f("fk_handoffs_partner_id_partners")
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["routing_rules.id"],
            name=op.f("fk_handoffs_rule_id_routing_rules"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
    )
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handoffs_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_handoffs_deadline", ["state", "deadline_at"], unique=False)
        batch_op.create_index("ix_handoffs_rule", ["rule_id", "offered_at"], unique=False)
        batch_op.create_index(
            "uq_handoffs_open",
            ["case_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "posted_messages",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "message_id",
            sa.BigInteger(),
            nullable=True,
            comment="Telegram's, once sent; of createForumTopic the thread's",
        ),
        sa.Column("handoff_id", _row_id(), nullable=True, comment="whose card it is"),
        sa.Column(
            "tells_story",
            sa.Boolean(),
            nullable=False,
            comment="read before accepting: goes when the handoff is settled",
        ),
        sa.Column(
            "case_id", _row_id(), nullable=True, comment="of which it is a coordinator's card"
        ),
        sa.Column(
            "told_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the sender heard it was blocked",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_posted_messages_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["handoff_id"],
            ["handoffs.id"],
            name=op.f("fk_posted_messages_handoff_id_handoffs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posted_messages")),
    )
    with op.batch_alter_table("posted_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posted_messages_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_posted_messages_handoff_id"), ["handoff_id"], unique=False
        )
        batch_op.create_index(
            "ix_posted_messages_message_id", ["chat_id", "message_id"], unique=False
        )
        batch_op.create_index(
            "ix_posted_messages_untold",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state IN ('blocked', 'failed') AND told_at IS NULL"),
            postgresql_where=sa.text("state IN ('blocked', 'failed') AND told_at IS NULL"),
        )

    op.create_table(
        "waiting_wishes",
        sa.Column("case_id", _row_id(), autoincrement=False, nullable=False),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_id", _row_id(), nullable=True, comment="the slot held for them"),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_waiting_wishes_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["offered_id"],
            ["consultations.id"],
            name=op.f("fk_waiting_wishes_offered_id_consultations"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_waiting_wishes")),
    )
    op.create_table(
        "case_threads",
        sa.Column("case_id", _row_id(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("posted_id", _row_id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_case_threads_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["posted_id"],
            ["posted_messages.id"],
            name=op.f("fk_case_threads_posted_id_posted_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("case_id", "chat_id", name=op.f("pk_case_threads")),
    )
    op.create_table(
        "relayed_messages",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("case_id", _row_id(), nullable=False),
        sa.Column("from_chat_id", sa.BigInteger(), nullable=False),
        sa.Column("from_message_id", sa.BigInteger(), nullable=False),
        sa.Column("to_chat_id", sa.BigInteger(), nullable=True, comment="empty while it is kept"),
        sa.Column(
            "posted_id", _row_id(), nullable=True, comment="the copy; empty while it is kept"
        ),
        sa.Column(
            "confirmed_id",
            _row_id(),
            nullable=True,
            comment="the line that tells the sender what became of it",
        ),
        sa.Column("reply_to_id", sa.BigInteger(), nullable=True, comment="of this map"),
        sa.Column("album", sa.String(length=64), nullable=True, comment="shared by its pictures"),
        sa.Column(
            "file",
            sa.LargeBinary(),
            nullable=True,
            comment="unique id: tells a new caption from another picture",
        ),
        sa.Column(
            "said",
            sa.LargeBinary(),
            nullable=True,
            comment="what the bot says for the sender: which text, with which details",
        ),
        sa.Column("urgent", sa.Boolean(), nullable=False, comment="speaks of danger"),
        sa.Column(
            "announced",
            sa.Boolean(),
            nullable=False,
            comment="the receiver knows that something is kept for them",
        ),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
            name=op.f("fk_relayed_messages_case_id_cases"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_id"],
            ["posted_messages.id"],
            name=op.f("fk_relayed_messages_confirmed_id_posted_messages"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["posted_id"],
            ["posted_messages.id"],
            name=op.f("fk_relayed_messages_posted_id_posted_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relayed_messages")),
    )
    with op.batch_alter_table("relayed_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relayed_messages_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_relayed_messages_confirmed_id", ["confirmed_id"], unique=False)
        batch_op.create_index(
            "ix_relayed_messages_kept",
            ["id"],
            unique=False,
            sqlite_where=sa.text("posted_id IS NULL AND taken_back_at IS NULL"),
            postgresql_where=sa.text("posted_id IS NULL AND taken_back_at IS NULL"),
        )
        batch_op.create_index("ix_relayed_messages_posted_id", ["posted_id"], unique=False)
        batch_op.create_index(
            "uq_relayed_messages_original", ["from_chat_id", "from_message_id"], unique=True
        )

    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("partner_id", _row_id(), nullable=True, comment="a lawyer's or a group's")
        )
        batch_op.alter_column(
            "role",
            existing_type=sa.VARCHAR(length=16),
            nullable=True,
            comment="empty: a group's invitation",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_invitations_partner_id_partners"),
            "partners",
            ["partner_id"],
            ["id"],
            ondelete="CASCADE",
        )

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "posted_id",
                sa.BigInteger(),
                nullable=True,
                comment="of posted_messages, which is told the message's id",
            )
        )
