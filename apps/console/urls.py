"""Addresses of the console."""

from django.urls import path, re_path

from apps.console.consumers import ConsoleConsumer
from apps.console.views import (
    contacts,
    ending,
    files,
    mails,
    me,
    notes,
    offers,
    pages,
    palette,
    preferences,
    responses,
    snoozing,
    spam,
    status,
    surveys,
    transfers,
)

app_name = "console"

urlpatterns = [
    path("console/", pages.home, name="home"),
    path("console/c/<uuid:conversation_id>/", pages.conversation, name="conversation"),
    path("console/c/<uuid:conversation_id>/end/", ending.conversation_finish, name="end"),
    path("console/c/<uuid:conversation_id>/close/", ending.wrap_up, name="close"),
    path("console/c/<uuid:conversation_id>/draft/", ending.draft, name="draft"),
    path("console/c/<uuid:conversation_id>/snooze/", snoozing.snooze, name="snooze"),
    path("console/c/<uuid:conversation_id>/wake/", snoozing.wake, name="wake"),
    path("console/c/<uuid:conversation_id>/survey/", surveys.survey, name="survey"),
    path("console/c/<uuid:conversation_id>/spam/", spam.spam, name="spam"),
    path("console/c/<uuid:conversation_id>/spam/undo/", spam.undo, name="spam_undo"),
    path("console/c/<uuid:conversation_id>/responses/", responses.responses, name="responses"),
    path("console/c/<uuid:conversation_id>/mails/", mails.mails, name="mails"),
    path("console/c/<uuid:conversation_id>/mails/<int:number>/", mails.mail, name="mail"),
    path("console/c/<uuid:conversation_id>/mails/<int:number>/images/", mails.mail_trust, name="mail_trust"),
    path("console/mail/<uuid:message_id>/", mails.mail_frame, name="mail_frame"),
    path("console/files/<uuid:file_id>/", files.file, name="file"),
    path("console/files/<uuid:file_id>/small/", files.file, {"thumbnail": True}, name="file_small"),
    path("console/me/", me.dashboard, name="me"),
    path("console/c/<uuid:conversation_id>/transfer/", transfers.transfer, name="transfer"),
    path("console/c/<uuid:conversation_id>/transfer/cancel/", transfers.transfer_stop, name="transfer_cancel"),
    path("console/c/<uuid:conversation_id>/skills/", transfers.skills, name="skills"),
    path("console/c/<uuid:conversation_id>/skills/add/", transfers.skill_add, name="skill_add"),
    path("console/c/<uuid:conversation_id>/skills/remove/", transfers.skill_remove, name="skill_remove"),
    path("console/c/<uuid:conversation_id>/contact/", contacts.contact, name="contact"),
    path("console/c/<uuid:conversation_id>/contact/merge/", contacts.merge, name="merge"),
    path("console/c/<uuid:conversation_id>/earlier/", contacts.earlier, name="earlier"),
    path("console/c/<uuid:conversation_id>/notes/", notes.notes, name="notes"),
    path("console/c/<uuid:conversation_id>/notes/names/", notes.names, name="note_names"),
    path("console/c/<uuid:conversation_id>/notes/<uuid:note_id>/", notes.note_change, name="note"),
    path("console/c/<uuid:conversation_id>/notes/<uuid:note_id>/delete/", notes.note_remove, name="note_delete"),
    path("console/past/<uuid:conversation_id>/", contacts.past, name="past"),
    path("console/mentions/", notes.mentions, name="mentions"),
    path("console/mentions/<uuid:note_id>/", notes.mention, name="mention"),
    path("console/tray/", pages.tray, name="tray"),
    path("console/tray/order/", preferences.tray_order, name="order"),
    path("console/palette/", palette.palette, name="palette"),
    path("console/settings/", preferences.preferences, name="preferences"),
    path("console/settings/key/", preferences.key, name="key"),
    path("console/settings/keys/", preferences.keys_reset, name="keys_reset"),
    path("console/queues/", pages.queues, name="queues"),
    path("console/pick/<uuid:conversation_id>/", offers.pick, name="pick"),
    path("console/status/", status.status_choose, name="status"),
    path("console/offers/<uuid:offer_id>/accept/", offers.offer_take, name="accept"),
    path("console/offers/<uuid:offer_id>/reject/", offers.offer_pass, name="reject"),
]

websocket_urlpatterns = [re_path(r"^/?ws/console/$", ConsoleConsumer.as_asgi())]  # type: ignore[arg-type]
