"""Mail that is fetched from mailboxes elsewhere (EML-1)."""
