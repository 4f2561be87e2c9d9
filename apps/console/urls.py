"""Addresses of the console."""

from django.urls import path, re_path

from apps.console.compose import views as compose
from apps.console.consumers import ConsoleConsumer
from apps.console.figures import views as figures
from apps.console.files import views as files
from apps.console.forms import views as forms
from apps.console.keyboard import views as keyboard
from apps.console.mail.views import enclosed, mails, split_merge
from apps.console.mail_editor import views as mail_editor
from apps.console.notes import views as notes
from apps.console.panel import views as panel
from apps.console.redaction import views as redaction
from apps.console.settings import views as settings
from apps.console.shell import views as shell
from apps.console.snooze import views as snooze
from apps.console.spam import views as spam
from apps.console.status import views as status
from apps.console.survey import views as survey
from apps.console.transfer import views as transfer
from apps.console.tray import views as tray
from apps.console.wrap_up import views as wrap_up

app_name = "console"

urlpatterns = [
    path("console/", shell.home, name="home"),
    path("console/c/<uuid:conversation_id>/", shell.conversation, name="conversation"),
    path("console/c/<uuid:conversation_id>/end/", wrap_up.conversation_finish, name="end"),
    path("console/c/<uuid:conversation_id>/close/", wrap_up.wrap_up, name="close"),
    path("console/c/<uuid:conversation_id>/draft/", wrap_up.draft, name="draft"),
    path("console/c/<uuid:conversation_id>/snooze/", snooze.snooze, name="snooze"),
    path("console/c/<uuid:conversation_id>/wake/", snooze.wake, name="wake"),
    path("console/c/<uuid:conversation_id>/survey/", survey.survey, name="survey"),
    path("console/c/<uuid:conversation_id>/form/", forms.form_choose, name="form"),
    path("console/forms/<uuid:sent_id>/", forms.form_card, name="form_card"),
    path("console/forms/<uuid:sent_id>/reveal/", forms.form_show, name="form_reveal"),
    path("console/forms/<uuid:sent_id>/link/", forms.form_link_copy, name="form_link"),
    path("console/forms/<uuid:sent_id>/withdraw/", forms.form_take_back, name="form_withdraw"),
    path("console/c/<uuid:conversation_id>/spam/", spam.spam, name="spam"),
    path("console/c/<uuid:conversation_id>/spam/undo/", spam.undo, name="spam_undo"),
    path("console/c/<uuid:conversation_id>/responses/", compose.responses, name="responses"),
    path("console/mail/new/responses/", compose.responses_new, name="responses_new"),
    path("console/c/<uuid:conversation_id>/mails/", mails.mails, name="mails"),
    path("console/c/<uuid:conversation_id>/mails/<int:number>/", mails.mail, name="mail"),
    path("console/c/<uuid:conversation_id>/mails/<int:number>/images/", mails.mail_trust, name="mail_trust"),
    path("console/c/<uuid:conversation_id>/mails/<int:number>/split/", split_merge.mail_split, name="mail_split"),
    path("console/c/<uuid:conversation_id>/mails/merge/", split_merge.mails_merge, name="mails_merge"),
    path("console/mail/moved/<uuid:shift_id>/undo/", split_merge.shift_take_back, name="shift_undo"),
    path(
        "console/c/<uuid:conversation_id>/mails/<int:number>/<slug:how>/",
        mail_editor.mail_answer,
        name="mail_answer",
    ),
    path("console/c/<uuid:conversation_id>/answer/<slug:how>/", mail_editor.mail_answer_newest, name="answer_newest"),
    path("console/mail/new/", mail_editor.mail_new, name="mail_new"),
    path("console/mail/out/<uuid:outbound_id>/undo/", mail_editor.mail_take_back, name="mail_undo"),
    path("console/mail/out/<uuid:outbound_id>/retry/", mail_editor.mail_again, name="mail_retry"),
    path("console/drafts/", mail_editor.drafts, name="drafts"),
    path("console/drafts/<uuid:draft_id>/", mail_editor.draft_open, name="draft_open"),
    path("console/drafts/<uuid:draft_id>/keep/", mail_editor.draft_keep, name="draft_keep"),
    path("console/drafts/<uuid:draft_id>/turn/", mail_editor.draft_turn, name="draft_turn"),
    path("console/drafts/<uuid:draft_id>/send/", mail_editor.draft_send, name="draft_send"),
    path("console/drafts/<uuid:draft_id>/delete/", mail_editor.draft_remove, name="draft_delete"),
    path("console/mail/<uuid:message_id>/", mails.mail_frame, name="mail_frame"),
    path("console/mail/part/<uuid:part_id>/", enclosed.enclosed, name="enclosed"),
    path("console/mail/part/<uuid:part_id>/page/", enclosed.enclosed_frame, name="enclosed_frame"),
    path("console/mail/part/<uuid:part_id>/files/<int:number>/", enclosed.enclosed_file, name="enclosed_file"),
    path("console/files/<uuid:file_id>/", files.file, name="file"),
    path("console/files/<uuid:file_id>/small/", files.file, {"thumbnail": True}, name="file_small"),
    path("console/me/", figures.dashboard, name="me"),
    path("console/c/<uuid:conversation_id>/transfer/", transfer.transfer, name="transfer"),
    path("console/c/<uuid:conversation_id>/transfer/cancel/", transfer.transfer_stop, name="transfer_cancel"),
    path("console/c/<uuid:conversation_id>/skills/", transfer.skills, name="skills"),
    path("console/c/<uuid:conversation_id>/skills/add/", transfer.skill_add, name="skill_add"),
    path("console/c/<uuid:conversation_id>/skills/remove/", transfer.skill_remove, name="skill_remove"),
    path("console/c/<uuid:conversation_id>/contact/", panel.contact, name="contact"),
    path("console/c/<uuid:conversation_id>/contact/merge/", panel.merge, name="merge"),
    path("console/c/<uuid:conversation_id>/contact/merge/ask/", panel.merge_ask, name="merge_ask"),
    path("console/c/<uuid:conversation_id>/earlier/", panel.earlier, name="earlier"),
    path("console/c/<uuid:conversation_id>/notes/", notes.notes, name="notes"),
    path("console/c/<uuid:conversation_id>/notes/names/", notes.names, name="note_names"),
    path("console/c/<uuid:conversation_id>/notes/<uuid:note_id>/", notes.note_change, name="note"),
    path("console/c/<uuid:conversation_id>/notes/<uuid:note_id>/delete/", notes.note_remove, name="note_delete"),
    path("console/c/<uuid:conversation_id>/redact/", redaction.messages, name="redact"),
    path("console/c/<uuid:conversation_id>/redact/<int:number>/", redaction.message, name="redact_message"),
    path("console/past/<uuid:conversation_id>/", panel.past, name="past"),
    path("console/mentions/", notes.mentions, name="mentions"),
    path("console/mentions/<uuid:note_id>/", notes.mention, name="mention"),
    path("console/tray/", shell.tray, name="tray"),
    path("console/tray/order/", settings.tray_order, name="order"),
    path("console/palette/", keyboard.palette, name="palette"),
    path("console/settings/", settings.preferences, name="preferences"),
    path("console/settings/key/", settings.key, name="key"),
    path("console/settings/keys/", settings.keys_reset, name="keys_reset"),
    path("console/queues/", shell.queues, name="queues"),
    path("console/pick/<uuid:conversation_id>/", tray.pick, name="pick"),
    path("console/status/", status.status_choose, name="status"),
    path("console/offers/<uuid:offer_id>/accept/", tray.offer_take, name="accept"),
    path("console/offers/<uuid:offer_id>/reject/", tray.offer_pass, name="reject"),
]

websocket_urlpatterns = [re_path(r"^/?ws/console/$", ConsoleConsumer.as_asgi())]  # type: ignore[arg-type]
