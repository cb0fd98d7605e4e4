"""What is kept without keys is read as it came, whatever it looks like; what is sealed is not taken for it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backbone.errors import UnusableSettings
from backbone.store.sealing import MARK, PLAIN, UNSEALED, Kept, Text

BODIES = st.one_of(
    st.binary(max_size=40),
    st.builds(bytes.__add__, st.sampled_from((MARK, PLAIN, PLAIN + MARK)), st.binary(max_size=40)),
)


@given(BODIES)
@example(MARK)
@example(PLAIN + PLAIN)
async def test_whatever_comes_from_outside_is_read_as_it_came(body: bytes) -> None:
    [kept] = await UNSEALED.sealed([Text("parked/1/value", "somebody", body)])
    assert not kept.startswith(MARK)
    assert await UNSEALED.opened([Kept("parked/1/value", kept)]) == [body]


async def test_what_is_sealed_is_not_given_out_without_keys() -> None:
    with pytest.raises(UnusableSettings, match="HUDDLE_KEYS_URL"):
        await UNSEALED.opened([Kept("parked/1/value", MARK + bytes(40))])
