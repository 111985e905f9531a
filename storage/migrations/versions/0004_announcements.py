"""Announcements, what people follow, events and registrations."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _row_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "communities",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("gathering", sa.String(length=16), nullable=False),
        sa.Column("name_ky", sa.String(length=80), nullable=False),
        sa.Column("name_ru", sa.String(length=80), nullable=False),
        sa.Column("region", sa.String(length=32), nullable=True),
        sa.Column("district", sa.String(length=64), nullable=True),
        sa.Column(
            "chat_id",
            sa.BigInteger(),
            nullable=True,
            comment="its group or channel, where the bot is a member",
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communities")),
        sa.UniqueConstraint("chat_id", name=op.f("uq_communities_chat_id")),
    )
    op.create_table(
        "events",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("title_ky", sa.String(length=120), nullable=False),
        sa.Column("title_ru", sa.String(length=120), nullable=False),
        sa.Column("about_ky", sa.Text(), nullable=False),
        sa.Column("about_ru", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place_ky", sa.String(length=200), nullable=True),
        sa.Column("place_ru", sa.String(length=200), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column(
            "link", sa.String(length=300), nullable=True, comment="where it takes place online"
        ),
        sa.Column("region", sa.String(length=32), nullable=True, comment="where it takes place"),
        sa.Column("seats", sa.Integer(), nullable=True, comment="empty: no limit"),
        sa.Column("register_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("companions_most", sa.SmallInteger(), nullable=False),
        sa.Column(
            "asks_needs",
            sa.Boolean(),
            nullable=False,
            comment="interpreter, wheelchair, childcare, transport",
        ),
        sa.Column("questions", sa.JSON(), nullable=False, comment="a text by language, each"),
        sa.Column("programme", sa.LargeBinary(), nullable=True, comment="a file id and its kind"),
        sa.Column("materials", sa.LargeBinary(), nullable=True, comment="sent afterwards"),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("thanked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_events_ends_after_start")),
        sa.CheckConstraint("seats IS NULL OR seats > 0", name=op.f("ck_events_has_seats")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index("ix_events_starts_at", ["state", "starts_at"], unique=False)

    op.create_table(
        "announcements",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("author", sa.BigInteger(), nullable=False, comment="chat id of the campaigner"),
        sa.Column("audience", sa.JSON(), nullable=False, comment="services.audiences.Audience"),
        sa.Column("event_id", _row_id(), nullable=True),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rehearsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "approved_by", sa.BigInteger(), nullable=True, comment="chat id, not the author's"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "sent_at", sa.DateTime(timezone=True), nullable=True, comment="when the first left"
        ),
        sa.CheckConstraint(
            "state != 'scheduled' OR send_at IS NOT NULL", name=op.f("ck_announcements_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.id"],
            name=op.f("fk_announcements_event_id_events"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    with op.batch_alter_table("announcements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_announcements_event_id"), ["event_id"], unique=False)
        batch_op.create_index("ix_announcements_state", ["state", "send_at"], unique=False)

    op.create_table(
        "follows",
        sa.Column("person_id", _row_id(), nullable=False),
        sa.Column("followed", sa.String(length=16), nullable=False),
        sa.Column("which", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_follows_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "followed", "which", name=op.f("pk_follows")),
    )
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.create_index("ix_follows_what", ["followed", "which"], unique=False)

    op.create_table(
        "opt_outs",
        sa.Column("person_id", _row_id(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_opt_outs_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_opt_outs")),
    )
    op.create_table(
        "region_seats",
        sa.Column("event_id", _row_id(), nullable=False),
        sa.Column("region", sa.String(length=32), nullable=False),
        sa.Column("seats", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.id"],
            name=op.f("fk_region_seats_event_id_events"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", "region", name=op.f("pk_region_seats")),
    )
    op.create_table(
        "registrations",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("event_id", _row_id(), nullable=False),
        sa.Column("person_id", _row_id(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False, comment="as on the ticket"),
        sa.Column("region", sa.String(length=32), nullable=True, comment="whose seats it takes"),
        sa.Column("companions", sa.SmallInteger(), nullable=False),
        sa.Column("needs", sa.LargeBinary(), nullable=False),
        sa.Column(
            "answers",
            sa.LargeBinary(),
            nullable=False,
            comment="to the event's questions, in order",
        ),
        sa.Column("code", sa.String(length=12), nullable=False, comment="of the ticket"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_by", sa.BigInteger(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating", sa.SmallInteger(), nullable=True, comment="1 to 5"),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events.id"],
            name=op.f("fk_registrations_event_id_events"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_registrations_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("code", name=op.f("uq_registrations_code")),
    )
    with op.batch_alter_table("registrations", schema=None) as batch_op:
        batch_op.create_index("ix_registrations_event", ["event_id", "state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_registrations_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_registrations_standing",
            ["event_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('registered', 'waiting')"),
            postgresql_where=sa.text("state IN ('registered', 'waiting')"),
        )

    op.create_table(
        "announcement_texts",
        sa.Column("announcement_id", _row_id(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column(
            "parts",
            sa.LargeBinary(),
            nullable=False,
            comment="services.contents.Part, more than one in an album",
        ),
        sa.Column(
            "buttons", sa.JSON(), nullable=False, comment="services.contents.Press, one a row"
        ),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name=op.f("fk_announcement_texts_announcement_id_announcements"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("announcement_id", "language", name=op.f("pk_announcement_texts")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("announcement_id", _row_id(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column(
            "region", sa.String(length=32), nullable=True, comment="of the person, at that time"
        ),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "message_ids",
            sa.JSON(),
            nullable=False,
            comment="Telegram's, for correction and recall",
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name=op.f("fk_deliveries_announcement_id_announcements"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_deliveries_chat_id", ["chat_id", "made_at"], unique=False)
        batch_op.create_index(
            "ix_deliveries_state", ["announcement_id", "state", "id"], unique=False
        )
        batch_op.create_index("uq_deliveries", ["announcement_id", "chat_id"], unique=True)

    op.create_table(
        "sendings",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("announcement_id", _row_id(), nullable=False),
        sa.Column("run", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False, comment="people, as counted at the start"),
        sa.Column(
            "after",
            sa.BigInteger(),
            nullable=True,
            comment="the last person or delivery that has been written; empty: all have",
        ),
        sa.Column(
            "progress_posted_id",
            sa.BigInteger(),
            nullable=True,
            comment="of posted_messages: the message that tells its author how far it is",
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name=op.f("fk_sendings_announcement_id_announcements"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sendings")),
    )
    with op.batch_alter_table("sendings", schema=None) as batch_op:
        batch_op.create_index("ix_sendings_state", ["state"], unique=False)
        batch_op.create_index(
            "uq_sendings_under_way",
            ["announcement_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('running', 'paused')"),
            postgresql_where=sa.text("state IN ('running', 'paused')"),
        )

    op.create_table(
        "button_presses",
        sa.Column("delivery_id", _row_id(), nullable=False),
        sa.Column("button", sa.SmallInteger(), nullable=False),
        sa.Column("pressed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_button_presses_delivery_id_deliveries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("delivery_id", "button", name=op.f("pk_button_presses")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "delivery_id",
                sa.BigInteger(),
                nullable=True,
                comment="of deliveries, which is told what became of it",
            )
        )
