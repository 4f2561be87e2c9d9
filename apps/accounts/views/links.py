"""Links in mails: a forgotten password, an invitation, a new email of one's own (TEN-6)."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic.base import View
from django.views.generic.edit import FormView

from apps.accounts.actions import email_confirm, email_request, password_set_by_link, reset_request
from apps.accounts.choices import LinkKind, Refusal
from apps.accounts.link_forms import ChoosePasswordForm, EmailForm, ForgottenForm
from apps.accounts.selectors import has_system_mail, link_by_token
from apps.accounts.throttle import EMAIL_BY_ACCOUNT, reset_may_be_sent
from apps.core.errors import DomainError
from apps.core.limits import limit_take
from apps.tenants.admin_base import refusal_sentences

unseen = method_decorator(never_cache, name="dispatch")


@unseen
class ForgottenView(FormView):  # type: ignore[type-arg]  # Django's own takes none when the program runs
    """Asks for a link: the answer is the same whether there is such an account or not."""

    template_name = "accounts/forgotten.html"
    form_class = ForgottenForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Nowhere where no mail leaves."""
        if not has_system_mail():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: ForgottenForm) -> HttpResponse:
        """Send the link, if there is somebody to send it to."""
        email = form.cleaned_data["email"]
        if reset_may_be_sent(self.request, email):
            reset_request(email=email)
        return render(self.request, self.template_name, {"is_sent": True})


@unseen
class LinkView(View):
    """A link by which somebody chooses a password: the first one, or a new one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Say so where it doesn't work any more."""
        self.link = link_by_token(kwargs["token"], (LinkKind.INVITATION, LinkKind.RESET))
        if self.link is None:
            return link_over(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The form: looking at it uses nothing up, as mail programs look, too."""
        del token
        return self._page(request, ChoosePasswordForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Keep the password; then they sign in, with whatever else that takes."""
        form = ChoosePasswordForm(request.POST)
        if not form.is_valid():
            return self._page(request, form)
        try:
            password_set_by_link(token=token, password=form.cleaned_data["new_password1"])
        except ValidationError as weak:
            form.add_error("new_password1", weak)
            return self._page(request, form)
        except DomainError as refused:
            if refused.code == Refusal.PASSWORD_CLOSED:
                messages.error(request, str(refused.message))
                return redirect("signin")
            return link_over(request)
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("signin")

    def _page(self, request: HttpRequest, form: ChoosePasswordForm) -> HttpResponse:
        return render(request, "accounts/link.html", {"form": form, "link": self.link})


@unseen
class EmailLinkView(View):
    """A link that proves a new address: a button, as mail programs open links by themselves."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The button."""
        link = link_by_token(token, [LinkKind.EMAIL])
        return link_over(request) if link is None else render(request, "accounts/email_link.html", {"link": link})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """The address is theirs."""
        try:
            user = email_confirm(token=token)
        except (DomainError, ValidationError):
            return link_over(request)
        messages.success(request, _("Your email is %(email)s from now on.") % {"email": user.email})
        return redirect("signin")


@unseen
@method_decorator(reauthentication_required(app="allauth.mfa"), name="dispatch")
class EmailView(FormView):  # type: ignore[type-arg]
    """One's own email: changed once the new one is proven."""

    template_name = "accounts/email.html"
    form_class = EmailForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Nowhere where no mail leaves."""
        if not has_system_mail():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: EmailForm) -> HttpResponse:
        """Send the link."""
        email = form.cleaned_data["email"]
        try:
            limit_take(EMAIL_BY_ACCOUNT, str(self.request.user.pk))
            email_request(user=self.request.user, email=email)  # type: ignore[arg-type]  # whoever is signed in
        except (DomainError, ValidationError) as wrong:
            form.add_error("email", refusal_sentences(wrong)[0])
            return self.form_invalid(form)
        return render(self.request, self.template_name, {"is_sent": True, "email": email})


def link_over(request: HttpRequest) -> HttpResponse:
    """What stands where a link led that doesn't work any more."""
    return render(request, "accounts/link_over.html", status=410)
