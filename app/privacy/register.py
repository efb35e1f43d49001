"""Every table, and what it holds about people: what goes into somebody's own copy, and what happens on erasure.

This is the one place that says so. The export and the erasure read it, `buurtlab privacy --tables` prints it, and a
test fails when a table, or a column that points at a person, is missing here.
"""

from sqlalchemy import or_

from app.core.i18n import _
from app.privacy.held import (
    Held,
    Then,
    about_me,
    by,
    by_approach,
    by_content,
    by_either,
    by_email,
    by_issue,
    on_my_issues,
)

NUMBERS = frozenset({"actor_id", "person_id", "author_id", "decided_by", "merged_by", "undone_by", "linked_by"})
DECIDED = Held(
    _("Links of your issues to themes, pilots and similar issues, with the reasons"),
    {"decided_by": Then.UNLINK},
    by_issue,
    secret=NUMBERS,
    also="of issues that are taken away: suggestions go, decided links stay without their reasons",
)

ABOUT_PEOPLE: dict[str, Held] = {
    "person": Held(
        _("Your account"),
        {"id": Then.STRIP},
        by("id"),
        also="the row keeps its number, so that no newcomer gets it; the address of somebody who is suspended stays "
        "until that is over",
    ),
    "role_grant": Held(_("Your roles in the city team"), {"person_id": Then.REMOVE}, by("person_id")),
    "sign_in_request": Held(
        _("Codes that were mailed to you lately"),
        {"email": Then.REMOVE},
        by_email("email"),
        secret=frozenset({"id", "browser_hash", "code_hash", "link_hash"}),
    ),
    "signed_in_session": Held(
        _("Where you are signed in"),
        {"person_id": Then.REMOVE},
        by("person_id"),
        secret=frozenset({"key_hash", "new_app_secret", "challenge", "challenge_until"}),
    ),
    "second_factor": Held(
        _("Your authenticator app"),
        {"person_id": Then.REMOVE},
        by("person_id"),
        secret=frozenset({"app_secret", "last_step"}),
    ),
    "passkey": Held(
        _("Your passkeys"),
        {"person_id": Then.REMOVE},
        by("person_id"),
        secret=frozenset({"credential_id", "public_key", "sign_count"}),
    ),
    "recovery_code": Held(
        _("Your recovery codes"), {"person_id": Then.REMOVE}, by("person_id"), secret=frozenset({"code_hash"})
    ),
    "api_token": Held(
        _("Tokens for programs that act for you"),
        {"person_id": Then.REMOVE},
        by("person_id"),
        secret=frozenset({"key_hash"}),
    ),
    "content": Held(
        _("What you published, with its language and whether it can be seen"),
        {"author_id": Then.UNLINK},
        by("author_id"),
        also="photos and the display name count as removed",
    ),
    "issue": Held(
        _("Your issues"),
        mine=by_content,
        secret=frozenset({"search_stems", "cell", "heat", "nonce"}),
        also="taken away: words, place and photos go, a tombstone with its counts stays; or kept without a name",
    ),
    "earlier_text": Held(_("What your issues said before you changed them"), mine=by_issue, also="always goes"),
    "photo": Held(
        _("Your photos"), mine=by_content, also="taken away with the issue: rows and files go; or kept without a name"
    ),
    "comment": Held(
        _("Your comments"),
        mine=by_content,
        secret=frozenset({"nonce"}),
        also="taken away: words go, a tombstone stays; or kept without a name",
    ),
    "comment_support": Held(
        _("Comments that you found helpful"),
        {"person_id": Then.REMOVE},
        by("person_id"),
        also="the count of the comment goes down",
    ),
    "vote": Held(_("Your votes"), {"person_id": Then.REMOVE}, by("person_id"), also="the count of the issue goes down"),
    "follow": Held(_("Issues that you follow"), {"person_id": Then.REMOVE}, by("person_id")),
    "pilot_follow": Held(_("Pilots that you follow"), {"person_id": Then.REMOVE}, by("person_id")),
    "alert": Held(
        _("Places, themes and neighbourhoods of which you hear"), {"person_id": Then.REMOVE}, by("person_id")
    ),
    "fact": Held(_("What you are about to be told"), {"person_id": Then.REMOVE}, by("person_id")),
    "notice": Held(_("What you were told"), {"person_id": Then.REMOVE}, by("person_id")),
    "mail_choice": Held(_("How often you want mail, by kind"), {"person_id": Then.REMOVE}, by("person_id")),
    "solved_answer": Held(
        _("Whether something was solved for you, as you said"),
        {"person_id": Then.UNLINK},
        by("person_id"),
        secret=frozenset({"person_id"}),
        also="your words go when you take away what you wrote; the count stays, as it was published beside the city's "
        "claim",
    ),
    "issue_merge": Held(
        _("Your issues that were merged with others"),
        {"merged_by": Then.UNLINK, "undone_by": Then.UNLINK},
        by_issue,
        secret=NUMBERS,
        also="the objection of an author whose issue is taken away goes",
    ),
    "entry": Held(
        _("Issues that the city team entered for you, with your phone number"),
        {"entered_by": Then.UNLINK},
        by_issue,
        secret=frozenset({"entered_by"}),
        also="the phone number always goes",
    ),
    "internal_note": Held(
        _("What the city team wrote to each other about your issues"),
        {"author_id": Then.UNLINK},
        lambda table, person_id, email: or_(by_issue(table, person_id, email), table.c.author_id == person_id),
        secret=frozenset({"author_id"}),
        also="goes with an issue that is taken away",
    ),
    "theme_match": DECIDED,
    "pilot_match": DECIDED,
    "similar_match": DECIDED,
    "match_opinion": Held(_("What you said about links between issues"), {"person_id": Then.REMOVE}, by("person_id")),
    "pilot_issue": Held(
        _("Pilots that took up your issues"), {"linked_by": Then.UNLINK}, by_issue, secret=frozenset({"linked_by"})
    ),
    "earlier_pilot": Held(
        _("Pilots that you changed"), {"replaced_by": Then.UNLINK}, by("replaced_by"), secret=frozenset({"replaced_by"})
    ),
    "earlier_words": Held(
        _("Lessons and approaches that you changed"),
        {"replaced_by": Then.UNLINK},
        by("replaced_by"),
        secret=frozenset({"replaced_by"}),
    ),
    "approach": Held(
        _("Approaches that you proposed for a pilot"),
        mine=by_content,
        secret=frozenset({"nonce"}),
        also="stays without a name: others compare it and decide on it",
    ),
    "approach_part": Held(
        _("What the approaches that you proposed are made of"), mine=by_approach, also="stays with its approach"
    ),
    "preference": Held(
        _("Which approach you prefer, and why"),
        {"person_id": Then.REMOVE},
        by("person_id"),
        also="the count of the approach goes down",
    ),
    "approach_choice": Held(
        _("Approaches that you chose for the city"),
        {"chosen_by": Then.UNLINK},
        by("chosen_by"),
        secret=frozenset({"chosen_by"}),
    ),
    "partner": Held(
        _("Partners of pilots that you added, or whose contact you are"),
        {"added_by": Then.UNLINK, "email": Then.UNLINK},
        by_either("added_by", "email"),
        secret=frozenset({"added_by"}),
        also="the address of the contact goes",
    ),
    "co_creator": Held(_("Pilots that you joined"), {"person_id": Then.REMOVE}, by("person_id")),
    "coalition_letter": Held(
        _("What you wrote to the coalition of a pilot"),
        {"author_id": Then.UNLINK},
        by("author_id"),
        secret=frozenset({"author_id"}),
    ),
    "indicator": Held(
        _("Indicators that you added"), {"added_by": Then.UNLINK}, by("added_by"), secret=frozenset({"added_by"})
    ),
    "measurement": Held(
        _("Measurements that you recorded"),
        {"recorded_by": Then.UNLINK},
        by("recorded_by"),
        secret=frozenset({"recorded_by"}),
    ),
    "verdict_question": Held(
        _("Pilots about which you asked residents for their verdict"),
        {"asked_by": Then.UNLINK},
        by("asked_by"),
        secret=frozenset({"asked_by"}),
    ),
    "verdict": Held(
        _("What you said of a pilot, and what you were asked"),
        {"person_id": Then.UNLINK},
        by("person_id"),
        secret=frozenset({"person_id"}),
        also="your words go when you take away what you wrote; the count stays, as the city decided on it",
    ),
    "lesson": Held(
        _("Lessons that you wrote"), mine=by_content, secret=frozenset({"search_stems"}), also="stays without a name"
    ),
    "gate_draft": Held(
        _("Answers at the gate of a pilot that you saved"),
        {"saved_by": Then.UNLINK},
        by("saved_by"),
        secret=frozenset({"saved_by", "answers"}),
    ),
    "gate_decision": Held(
        _("What you decided at the gate of a pilot"),
        {"decided_by": Then.UNLINK},
        by("decided_by"),
        secret=frozenset({"decided_by", "answers"}),
    ),
    "card_feed": Held(
        _("Feeds of other cities that you added"),
        {"added_by": Then.UNLINK},
        by("added_by"),
        secret=frozenset({"added_by"}),
    ),
    "card_match": DECIDED,
    "city_concept": Held(_("Words that you added for the matching"), {"created_by": Then.UNLINK}, by("created_by")),
    "city_expression": Held(
        _("Words that you added to the matching or took out"), {"changed_by": Then.UNLINK}, by("changed_by")
    ),
    "timeline_entry": Held(
        _("What happened to your issues, and what you did"),
        {"actor_id": Then.UNLINK},
        on_my_issues,
        secret=frozenset({"actor_id"}),
    ),
    "audit_entry": Held(
        _("What was written down about what you did or what was done to your account"),
        {"actor_id": Then.NUMBER},
        about_me,
        secret=frozenset({"actor_id"}),
        also="kept for the time that the city sets, without any name",
    ),
    "outgoing_mail": Held(
        _("Mail to you of the last weeks: which, when, and what became of it"),
        {"person_id": Then.REMOVE, "address": Then.REMOVE},
        by_either("person_id", "address"),
        secret=frozenset({"key"}),
        also="mail to others that cites what is taken away goes, too",
    ),
    "flag": Held(
        _("What you reported to the moderators"),
        {"person_id": Then.UNLINK, "address": Then.UNLINK},
        by_either("person_id", "address"),
        secret=frozenset({"key_hash", "mailed_key_hash", "said", "reference"}),
        also="your words go when you take away what you wrote, and so does what others reported of yours",
    ),
    "decision": Held(
        _("What moderators decided about what you wrote, with their reasons"),
        {"author_id": Then.UNLINK, "moderator_id": Then.NUMBER},
        by("author_id"),
        secret=frozenset({"author_id", "moderator_id"}),
        also="a name that was hidden goes; the decision stays for the figures that the law asks for",
    ),
    "appeal": Held(
        _("Your objections to decisions of moderators"),
        {"person_id": Then.UNLINK, "answered_by": Then.UNLINK},
        by("person_id"),
        secret=frozenset({"person_id", "answered_by"}),
        also="your words go when you take away what you wrote",
    ),
    "moderation_note": Held(
        _("What you wrote to other moderators"),
        {"person_id": Then.NUMBER},
        by("person_id"),
        secret=frozenset({"person_id"}),
    ),
    "data_export": Held(
        _("Copies of your data that you asked for"),
        {"person_id": Then.REMOVE},
        by("person_id"),
        secret=frozenset({"key"}),
        also="the file goes",
    ),
}

NOT_ABOUT_PEOPLE: dict[str, str] = {
    "api_call": "fingerprints of keys and of what was sent; nobody can be found by them",
    "city": "the city's own name",
    "discarded_file": "names of files on their way out",
    "draft": "belongs to a browser, not to a person; goes after a day, and with the account when this browser wrote it",
    "draft_photo": "goes with its draft",
    "goal": "the city's own text",
    "grown_expression": "words that three or more people use for a problem; what an issue brought goes with it",
    "house_rules": "the city's own text",
    "imported_card": "what another city published about a pilot",
    "lease": "which process works",
    "matching_progress": "counters",
    "moderation_case": "counts of reports about a text",
    "neighbourhood": "areas of the city",
    "pilot": "the city's own text",
    "pilot_concept": "what the team's decisions say about concepts and pilots",
    "pilot_goal": "links between the city's own texts",
    "pilot_theme": "links between the city's own texts",
    "solved_question": "when the city said that something is solved, and counts of the answers",
    "talk_heard": "how many comments and votes an issue had when its suggestions were last made",
    "text_vector": "what a text means, as numbers; that of an issue goes when it is taken away",
    "theme": "the city's own text",
    "theme_forecast": "what the engine expected of an issue, by number",
    "theme_lesson": "what a decision about an issue taught about its words; goes when the issue is taken away",
    "theme_word": "weights of words; what an issue taught goes when it is taken away",
    "thread": "only whether it is open",
    "verdict_rule": "what the city asks of a verdict",
    "word_count": "in how many issues a word occurs; a word that only an issue had which is taken away goes with it",
}

LIVES_OUTSIDE_THE_MODELS: dict[str, str] = {
    "presence": "who has a desk open, for a minute",
    "rate_limit": "pseudonyms of networks, for an hour or a day",
    "issue_search": "the stems of issues, kept true by the database itself",
}
