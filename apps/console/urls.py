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
    path("console/", shell.home_page, name="home"),
    path("console/c/<uuid:conversation_id>/", shell.conversation_page, name="conversation"),
    path("console/c/<uuid:conversation_id>/end/", wrap_up.conversation_finish, name="end"),
    path("console/c/<uuid:conversation_id>/close/", wrap_up.wrap_up_finish, name="close"),
    path("console/c/<uuid:conversation_id>/draft/", wrap_up.wrap_up_save, name="draft"),
    path("console/c/<uuid:conversation_id>/snooze/", snooze.snooze_start, name="snooze"),
    path("console/c/<uuid:conversation_id>/wake/", snooze.snooze_end, name="wake"),
    path("console/c/<uuid:conversation_id>/survey/", survey.survey_switch, name="survey"),
    path("console/c/<uuid:conversation_id>/form/", forms.form_choose, name="form"),
    path("console/forms/<uuid:sent_id>/", forms.form_card, name="form_card"),
    path("console/forms/<uuid:sent_id>/reveal/", forms.form_show, name="form_reveal"),
    path("console/forms/<uuid:sent_id>/link/", forms.form_link_copy, name="form_link"),
    path("console/forms/<uuid:sent_id>/withdraw/", forms.form_take_back, name="form_withdraw"),
    path("console/c/<uuid:conversation_id>/spam/", spam.spam_mark, name="spam"),
    path("console/c/<uuid:conversation_id>/spam/undo/", spam.spam_undo, name="spam_undo"),
    path("console/c/<uuid:conversation_id>/responses/", compose.responses_list, name="responses"),
    path("console/mail/new/responses/", compose.responses_of_new_mail, name="responses_new"),
    path("console/c/<uuid:conversation_id>/mails/", mails.mails_list, name="mails"),
    path("console/c/<uuid:conversation_id>/mails/<int:number>/", mails.mail_show, name="mail"),
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
    path("console/mail/out/<uuid:outbound_id>/undo/", mail_editor.mail_unsend, name="mail_undo"),
    path("console/mail/out/<uuid:outbound_id>/retry/", mail_editor.mail_resend, name="mail_retry"),
    path("console/drafts/", mail_editor.drafts_list, name="drafts"),
    path("console/drafts/<uuid:draft_id>/", mail_editor.draft_open, name="draft_open"),
    path("console/drafts/<uuid:draft_id>/keep/", mail_editor.draft_keep, name="draft_keep"),
    path("console/drafts/<uuid:draft_id>/turn/", mail_editor.draft_retarget, name="draft_turn"),
    path("console/drafts/<uuid:draft_id>/send/", mail_editor.draft_send, name="draft_send"),
    path("console/drafts/<uuid:draft_id>/delete/", mail_editor.draft_remove, name="draft_delete"),
    path("console/mail/<uuid:message_id>/", mails.mail_frame, name="mail_frame"),
    path("console/mail/part/<uuid:part_id>/", enclosed.enclosed_mail_show, name="enclosed"),
    path("console/mail/part/<uuid:part_id>/page/", enclosed.enclosed_frame, name="enclosed_frame"),
    path("console/mail/part/<uuid:part_id>/files/<int:number>/", enclosed.enclosed_file, name="enclosed_file"),
    path("console/files/<uuid:file_id>/", files.file_serve, name="file"),
    path("console/files/<uuid:file_id>/small/", files.file_serve, {"thumbnail": True}, name="file_small"),
    path("console/me/", figures.dashboard_show, name="me"),
    path("console/c/<uuid:conversation_id>/transfer/", transfer.transfer_dialog, name="transfer"),
    path("console/c/<uuid:conversation_id>/transfer/cancel/", transfer.transfer_stop, name="transfer_cancel"),
    path("console/c/<uuid:conversation_id>/skills/", transfer.skills_list, name="skills"),
    path("console/c/<uuid:conversation_id>/skills/add/", transfer.skill_add, name="skill_add"),
    path("console/c/<uuid:conversation_id>/skills/remove/", transfer.skill_remove, name="skill_remove"),
    path("console/c/<uuid:conversation_id>/contact/", panel.contact_edit, name="contact"),
    path("console/c/<uuid:conversation_id>/contact/merge/", panel.contact_merge, name="merge"),
    path("console/c/<uuid:conversation_id>/contact/merge/ask/", panel.contact_merge_request, name="merge_ask"),
    path("console/c/<uuid:conversation_id>/earlier/", panel.earlier_conversations, name="earlier"),
    path("console/c/<uuid:conversation_id>/notes/", notes.notes_list, name="notes"),
    path("console/c/<uuid:conversation_id>/notes/names/", notes.mention_candidates, name="note_names"),
    path("console/c/<uuid:conversation_id>/notes/<uuid:note_id>/", notes.note_change, name="note"),
    path("console/c/<uuid:conversation_id>/notes/<uuid:note_id>/delete/", notes.note_remove, name="note_delete"),
    path("console/c/<uuid:conversation_id>/redact/", redaction.redactable_messages, name="redact"),
    path("console/c/<uuid:conversation_id>/redact/<int:number>/", redaction.message_choose, name="redact_message"),
    path("console/past/<uuid:conversation_id>/", panel.past_conversation, name="past"),
    path("console/mentions/", notes.mentions_list, name="mentions"),
    path("console/mentions/<uuid:note_id>/", notes.mention_open, name="mention"),
    path("console/tray/", shell.tray_fragment, name="tray"),
    path("console/tray/order/", settings.tray_order, name="order"),
    path("console/palette/", keyboard.palette_options, name="palette"),
    path("console/settings/", settings.preferences_show, name="preferences"),
    path("console/settings/key/", settings.shortcut_change, name="key"),
    path("console/settings/keys/", settings.keys_reset, name="keys_reset"),
    path("console/queues/", shell.queues_fragment, name="queues"),
    path("console/pick/<uuid:conversation_id>/", tray.conversation_take, name="pick"),
    path("console/status/", status.status_choose, name="status"),
    path("console/offers/<uuid:offer_id>/accept/", tray.offer_take, name="accept"),
    path("console/offers/<uuid:offer_id>/reject/", tray.offer_pass, name="reject"),
]

websocket_urlpatterns = [re_path(r"^/?ws/console/$", ConsoleConsumer.as_asgi())]  # type: ignore[arg-type]
