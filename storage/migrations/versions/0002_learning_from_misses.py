"""What curators make of missed questions, their changes to the articles, and who wants to hear of them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _row_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "knowledge_changes",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("article", sa.String(length=80), nullable=False),
        sa.Column(
            "content",
            sa.LargeBinary(),
            nullable=False,
            comment="by kind; see services.curation",
        ),
        sa.Column("made_by", sa.BigInteger(), nullable=False, comment="chat id of the curator"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_changes")),
    )
    op.create_table(
        "proposals",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("article", sa.String(length=80), nullable=False),
        sa.Column(
            "content", sa.LargeBinary(), nullable=False, comment="the part, before and after"
        ),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("proposed_by", sa.BigInteger(), nullable=False, comment="chat id"),
        sa.Column(
            "proposer",
            sa.LargeBinary(),
            nullable=False,
            comment="their name, as curators see it",
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index("ix_proposals_article", "proposals", ["article", "state"])
    op.create_table(
        "given_answers",
        sa.Column("person_id", _row_id(), nullable=False),
        sa.Column("article", sa.String(length=80), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_given_answers_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", "article", name=op.f("pk_given_answers")),
    )
    with op.batch_alter_table("missed_questions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("state", sa.String(length=16), nullable=False, server_default="open")
        )
        batch_op.add_column(sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "settled_by", sa.BigInteger(), nullable=True, comment="chat id of the curator"
            )
        )
        batch_op.add_column(
            sa.Column(
                "announced_at",
                sa.DateTime(timezone=True),
                nullable=True,
                comment="when the curators heard of it",
            )
        )
        batch_op.add_column(
            sa.Column(
                "ticket",
                sa.String(length=32),
                nullable=True,
                comment="what the asker's button says; nobody can guess it",
            )
        )
        batch_op.create_index("ix_missed_questions_state", ["state", "asked_at"])
        batch_op.create_unique_constraint(batch_op.f("uq_missed_questions_ticket"), ["ticket"])
    op.create_table(
        "answer_wishes",
        sa.Column("id", _row_id(), nullable=False),
        sa.Column("question_id", _row_id(), nullable=False),
        sa.Column("person_id", _row_id(), nullable=False),
        sa.Column(
            "message_id",
            sa.BigInteger(),
            nullable=False,
            comment="of the question in their chat: the answer refers to it",
        ),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_answer_wishes_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["missed_questions.id"],
            name=op.f("fk_answer_wishes_question_id_missed_questions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_wishes")),
    )
    op.create_index("uq_answer_wishes", "answer_wishes", ["question_id", "person_id"], unique=True)
