"""The addresses of the home beside the admin's front page."""

from apps.home.views import step_dismiss, step_restore
from apps.tenants.admin_sites import tenant_site

tenant_site.add_page("steps/<slug:step>/dismiss/", step_dismiss, "home_step_dismiss")
tenant_site.add_page("steps/<slug:step>/restore/", step_restore, "home_step_restore")
