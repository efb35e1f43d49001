"""first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

JSON = sa.JSON().with_variant(JSONB(), "postgresql")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_role", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=40), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.create_index("ix_audit_entry_subject_kind_subject_id", "audit_entry", ["subject_kind", "subject_id"])

    op.create_table(
        "city",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("district", sa.String(length=80), nullable=False),
        sa.Column("is_invented", sa.Boolean(), nullable=False),
        sa.Column("landmarks", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("issue", "vote", "comment", name="draftkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("owner_hash", sa.String(length=64), nullable=False),
        sa.Column("network", sa.String(length=64), nullable=False),
        sa.Column("fields", JSON, nullable=False),
        sa.Column("is_waiting", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_index("ix_draft_created_at", "draft", ["created_at"])
    op.create_index("ix_draft_network", "draft", ["network"])
    op.create_index("ix_draft_owner_hash", "draft", ["owner_hash"])

    op.create_table(
        "house_rules",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_nl", sa.String(length=10000), nullable=False),
        sa.Column("text_en", sa.String(length=10000), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_house_rules")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "matching_progress",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_matching_progress")),
    )
    op.create_table(
        "neighbourhood",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("outline", JSON, nullable=False),
        sa.Column("south", sa.Float(), nullable=False),
        sa.Column("west", sa.Float(), nullable=False),
        sa.Column("north", sa.Float(), nullable=False),
        sa.Column("east", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbourhood")),
        sa.UniqueConstraint("code", name=op.f("uq_neighbourhood_code")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("display_name", sa.String(length=60), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("rules_version", sa.Integer(), nullable=False),
        sa.Column("welcomed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("suspended_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "sign_in_request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("go_to", sa.String(length=2000), nullable=False),
        sa.Column("browser", sa.String(length=60), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_request")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_sign_in_request_link_hash")),
    )
    op.create_index("ix_sign_in_request_email_created_at", "sign_in_request", ["email", "created_at"])

    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("name_nl", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("description_nl", sa.String(length=1000), nullable=False),
        sa.Column("description_en", sa.String(length=1000), nullable=False),
        sa.Column("keywords_nl", JSON, nullable=False),
        sa.Column("keywords_en", JSON, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("slug", name=op.f("uq_theme_slug")),
    )
    op.create_table(
        "thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
    )
    op.create_table(
        "timeline_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("by_city", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline_entry")),
    )
    op.create_index(
        "ix_timeline_entry_subject_kind_subject_id_id", "timeline_entry", ["subject_kind", "subject_id", "id"]
    )

    op.create_table(
        "word_count",
        sa.Column("word", sa.String(length=64), nullable=False),
        sa.Column("issues", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_word_count")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_api_token_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_token_key_hash")),
    )
    op.create_index("ix_api_token_person_id", "api_token", ["person_id"])

    op.create_table(
        "content",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "issue",
                "comment",
                "photo",
                "display-name",
                "pilot",
                name="kind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum("visible", "hidden", "removed", name="visibility", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_content_author_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content")),
    )
    op.create_index("ix_content_author_id", "content", ["author_id"])

    op.create_table(
        "draft_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["draft.id"], name=op.f("fk_draft_photo_draft_id_draft"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_photo")),
        sa.UniqueConstraint("key", name=op.f("uq_draft_photo_key")),
    )
    op.create_index("ix_draft_photo_draft_id", "draft_photo", ["draft_id"])

    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("text_nl", sa.String(length=500), nullable=False),
        sa.Column("text_en", sa.String(length=500), nullable=False),
        sa.Column("indicator_nl", sa.String(length=300), nullable=False),
        sa.Column("indicator_en", sa.String(length=300), nullable=False),
        sa.Column("target_nl", sa.String(length=300), nullable=False),
        sa.Column("target_en", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_goal_theme_id_theme"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
    )
    op.create_index("ix_goal_theme_id", "goal", ["theme_id"])

    op.create_table(
        "role_grant",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("moderator", "team", "admin", name="role", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_role_grant")),
    )
    op.create_table(
        "signed_in_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("browser", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
            name=op.f("fk_signed_in_session_person_id_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_in_session")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_signed_in_session_key_hash")),
    )
    op.create_index("ix_signed_in_session_person_id", "signed_in_session", ["person_id"])

    op.create_table(
        "theme_word",
        sa.Column("feature", sa.String(length=64), nullable=False),
        sa.Column("weights", JSON, nullable=False),
        sa.PrimaryKeyConstraint("feature", name=op.f("pk_theme_word")),
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=True),
        sa.Column("body", sa.String(length=3000), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("support_count", sa.Integer(), nullable=False),
        sa.Column("reply_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["content_id"], ["content.id"], name=op.f("fk_comment_content_id_content")),
        sa.ForeignKeyConstraint(["parent_id"], ["comment.id"], name=op.f("fk_comment_parent_id_comment")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_comment_thread_id_thread")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("content_id", name=op.f("uq_comment_content_id")),
        sa.UniqueConstraint("nonce", name=op.f("uq_comment_nonce")),
    )
    op.create_index("ix_comment_parent_id", "comment", ["parent_id"])
    op.create_index("ix_comment_thread_id_parent_id_id", "comment", ["thread_id", "parent_id", "id"])

    op.create_table(
        "issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=5000), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "source",
            sa.Enum("resident", "business", "department", name="source", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "new",
                "acknowledged",
                "in-pilot",
                "with-service",
                "answered",
                "declined",
                "resolved",
                "confirmed",
                "reopened",
                "merged",
                name="status",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column(
            "precision",
            sa.Enum("exact", "area", name="precision", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=True),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column(
            "theme_by",
            sa.Enum("author", "matcher", "team", name="themeby", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("search_stems", sa.Text(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("vote_count", sa.Integer(), nullable=False),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("heat", sa.Float(), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("city_spoke_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["content_id"], ["content.id"], name=op.f("fk_issue_content_id_content")),
        sa.ForeignKeyConstraint(["merged_into"], ["issue.id"], name=op.f("fk_issue_merged_into_issue")),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"], ["neighbourhood.id"], name=op.f("fk_issue_neighbourhood_id_neighbourhood")
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_issue_theme_id_theme")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_issue_thread_id_thread")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        sa.UniqueConstraint("content_id", name=op.f("uq_issue_content_id")),
        sa.UniqueConstraint("nonce", name=op.f("uq_issue_nonce")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_issue_thread_id")),
    )
    op.create_index("ix_issue_cell_created_at", "issue", ["cell", "created_at"])
    op.create_index("ix_issue_created_at", "issue", ["created_at"])
    op.create_index("ix_issue_lat_lon", "issue", ["lat", "lon"])
    op.create_index("ix_issue_merged_into", "issue", ["merged_into"])
    op.create_index("ix_issue_neighbourhood_id", "issue", ["neighbourhood_id"])
    op.create_index("ix_issue_theme_id", "issue", ["theme_id"])
    op.create_index("ix_issue_visible_heat_id", "issue", ["visible", "heat", "id"])
    op.create_index("ix_issue_visible_id", "issue", ["visible", "id"])
    op.create_index("ix_issue_visible_neighbourhood_id_id", "issue", ["visible", "neighbourhood_id", "id"])
    op.create_index("ix_issue_visible_status_id", "issue", ["visible", "status", "id"])
    op.create_index("ix_issue_visible_theme_id_id", "issue", ["visible", "theme_id", "id"])
    op.create_index("ix_issue_visible_vote_count_id", "issue", ["visible", "vote_count", "id"])

    op.create_table(
        "pilot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("problem", sa.String(length=3000), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "idea",
                "proof-of-concept",
                "pilot",
                "scaling-up",
                "embedded",
                "stopped",
                name="stage",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("radius_m", sa.Integer(), nullable=True),
        sa.Column("keywords", JSON, nullable=False),
        sa.Column("search_stems", sa.Text(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["content_id"], ["content.id"], name=op.f("fk_pilot_content_id_content")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_pilot_thread_id_thread")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot")),
        sa.UniqueConstraint("content_id", name=op.f("uq_pilot_content_id")),
        sa.UniqueConstraint("thread_id", name=op.f("uq_pilot_thread_id")),
    )
    op.create_index("ix_pilot_updated_at", "pilot", ["updated_at"])
    op.create_index("ix_pilot_visible_id", "pilot", ["visible", "id"])
    op.create_index("ix_pilot_visible_stage_id", "pilot", ["visible", "stage", "id"])

    op.create_table(
        "comment_support",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["comment.id"],
            name=op.f("fk_comment_support_comment_id_comment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_comment_support_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", "person_id", name=op.f("pk_comment_support")),
    )
    op.create_index("ix_comment_support_person_id", "comment_support", ["person_id"])

    op.create_table(
        "earlier_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=5000), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_earlier_text_issue_id_issue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_text")),
    )
    op.create_index("ix_earlier_text_issue_id", "earlier_text", ["issue_id"])

    op.create_table(
        "follow",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_follow_issue_id_issue"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_follow_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", "person_id", name=op.f("pk_follow")),
    )
    op.create_index("ix_follow_person_id", "follow", ["person_id"])

    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["content_id"], ["content.id"], name=op.f("fk_photo_content_id_content")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_photo_issue_id_issue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("content_id", name=op.f("uq_photo_content_id")),
        sa.UniqueConstraint("key", name=op.f("uq_photo_key")),
    )
    op.create_index("ix_photo_issue_id", "photo", ["issue_id"])

    op.create_table(
        "pilot_goal",
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_pilot_goal_goal_id_goal")),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_pilot_goal_pilot_id_pilot"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pilot_id", "goal_id", name=op.f("pk_pilot_goal")),
    )
    op.create_index("ix_pilot_goal_goal_id", "pilot_goal", ["goal_id"])

    op.create_table(
        "pilot_issue",
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("linked_by", sa.Integer(), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_pilot_issue_issue_id_issue")),
        sa.ForeignKeyConstraint(["linked_by"], ["person.id"], name=op.f("fk_pilot_issue_linked_by_person")),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_pilot_issue_pilot_id_pilot"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pilot_id", "issue_id", name=op.f("pk_pilot_issue")),
    )
    op.create_index("ix_pilot_issue_issue_id", "pilot_issue", ["issue_id"])

    op.create_table(
        "pilot_match",
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column(
            "likelihood",
            sa.Enum("likely", "possible", "unsure", name="likelihood", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum("suggested", "confirmed", "rejected", name="state", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_pilot_match_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_pilot_match_issue_id_issue"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_pilot_match_pilot_id_pilot"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", "pilot_id", name=op.f("pk_pilot_match")),
    )
    op.create_index("ix_pilot_match_pilot_id_state", "pilot_match", ["pilot_id", "state"])

    op.create_table(
        "pilot_theme",
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_pilot_theme_pilot_id_pilot"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_pilot_theme_theme_id_theme")),
        sa.PrimaryKeyConstraint("pilot_id", "theme_id", name=op.f("pk_pilot_theme")),
    )
    op.create_index("ix_pilot_theme_theme_id", "pilot_theme", ["theme_id"])

    op.create_table(
        "similar_match",
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column(
            "likelihood",
            sa.Enum("likely", "possible", "unsure", name="likelihood", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum("suggested", "confirmed", "rejected", name="state", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_similar_match_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_similar_match_issue_id_issue"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["issue.id"], name=op.f("fk_similar_match_other_id_issue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", "other_id", name=op.f("pk_similar_match")),
    )
    op.create_index("ix_similar_match_other_id", "similar_match", ["other_id"])

    op.create_table(
        "theme_match",
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column(
            "likelihood",
            sa.Enum("likely", "possible", "unsure", name="likelihood", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum("suggested", "confirmed", "rejected", name="state", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_theme_match_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_theme_match_issue_id_issue"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_theme_match_theme_id_theme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", "theme_id", name=op.f("pk_theme_match")),
    )
    op.create_index("ix_theme_match_theme_id", "theme_match", ["theme_id"])

    op.create_table(
        "vote",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_vote_issue_id_issue"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_vote_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", "person_id", name=op.f("pk_vote")),
    )
    op.create_index("ix_vote_person_id", "vote", ["person_id"])
    create_search()
    create_rate_limits()


def downgrade() -> None:
    if on_sqlite():
        op.execute("DROP TABLE issue_search")
    else:
        op.execute("DROP TABLE rate_limit")
    for table in TABLES:
        op.drop_table(table)


def on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def create_search() -> None:
    """The stems of each issue, searchable; kept true by the database itself."""
    if not on_sqlite():
        op.execute(
            "ALTER TABLE issue ADD COLUMN search_vector tsvector"
            " GENERATED ALWAYS AS (to_tsvector('simple', search_stems)) STORED"
        )
        op.execute("CREATE INDEX ix_issue_search_vector ON issue USING gin (search_vector) WITH (fastupdate = off)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE issue_search USING fts5(search_stems, content='issue', content_rowid='id',"
        " detail='none', tokenize='unicode61 remove_diacritics 0')"
    )
    add = "INSERT INTO issue_search (rowid, search_stems) VALUES (new.id, new.search_stems);"
    remove = "INSERT INTO issue_search (issue_search, rowid, search_stems) VALUES ('delete', old.id, old.search_stems);"
    op.execute(f"CREATE TRIGGER issue_search_add AFTER INSERT ON issue BEGIN {add} END")
    op.execute(f"CREATE TRIGGER issue_search_remove AFTER DELETE ON issue BEGIN {remove} END")
    op.execute(f"CREATE TRIGGER issue_search_change AFTER UPDATE OF search_stems ON issue BEGIN {remove} {add} END")


def create_rate_limits() -> None:
    """Unlogged: counters may be lost, and must not wait for the disk. SQLite has them in a file of its own."""
    if not on_sqlite():
        op.execute(
            "CREATE UNLOGGED TABLE rate_limit (bucket VARCHAR(80) NOT NULL, window_start BIGINT NOT NULL,"
            " n INTEGER NOT NULL, PRIMARY KEY (bucket, window_start))"
        )


TABLES = [
    "vote",
    "theme_match",
    "similar_match",
    "pilot_theme",
    "pilot_match",
    "pilot_issue",
    "pilot_goal",
    "photo",
    "follow",
    "earlier_text",
    "comment_support",
    "pilot",
    "issue",
    "comment",
    "theme_word",
    "signed_in_session",
    "role_grant",
    "goal",
    "draft_photo",
    "content",
    "api_token",
    "word_count",
    "timeline_entry",
    "thread",
    "theme",
    "sign_in_request",
    "person",
    "neighbourhood",
    "matching_progress",
    "lease",
    "house_rules",
    "draft",
    "city",
    "audit_entry",
]
