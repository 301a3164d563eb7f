"""Settings from the environment: what is given is kept, what is ours is added."""

from sachhon.site.environment import with_time_limit


def test_a_limit_on_statements_is_added_to_the_options_of_the_database_address_and_gives_way_to_them():
    given = {"sslmode": "require", "options": "-c search_path=sachhon -c statement_timeout=5000"}
    found = with_time_limit(given, 30)
    assert found["sslmode"] == "require"
    assert found["options"].startswith("-c statement_timeout=30000 -c lock_timeout=30000")
    # The server takes the last of two settings of one name.
    assert found["options"].endswith("-c search_path=sachhon -c statement_timeout=5000")
    assert given["options"] == "-c search_path=sachhon -c statement_timeout=5000"


def test_without_options_there_are_only_ours():
    assert with_time_limit({}, 2)["options"] == (
        "-c statement_timeout=2000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=4000"
    )
