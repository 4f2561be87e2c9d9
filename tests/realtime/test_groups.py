from uuid import UUID

import pytest

from apps.realtime.publish import (
    agent_group,
    conversation_group,
    group_in_schema,
    group_name,
    tenant_group,
    visitor_group,
)

ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


def test_a_group_name_begins_with_its_tenant():
    assert group_name("acme", "agent", ID) == f"t.acme.agent.{ID}"
    assert group_in_schema("acme", agent_group(ID)) == f"t.acme.agent.{ID}"
    assert group_in_schema("acme", conversation_group(ID)) == f"t.acme.conversation.{ID}"
    assert group_in_schema("acme", visitor_group(ID)) == f"t.acme.visitor.{ID}"
    assert group_in_schema("globex", tenant_group("consoles")) == "t.globex.tenant.consoles"


def test_the_longest_schema_name_a_tenant_may_have_fits():
    assert len(group_in_schema("a" * 41, conversation_group(ID))) == 93


@pytest.mark.parametrize(
    ("schema", "group"),
    [
        ("a" * 48, f"conversation.{ID}"),
        ("acme.agent", "x.1"),
        ("", "agent.1"),
        ("acme", "agent"),
        ("acme", "agent. 1"),
        ("acme", "agent.ä"),
        ("acme", "agent.1\n"),
        ("acme", "*.*"),
    ],
)
def test_what_channels_does_not_allow_is_refused(schema, group):
    with pytest.raises(ValueError, match="not a group's name"):
        group_in_schema(schema, group)
