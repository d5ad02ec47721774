"""How the data that go with an assignment are made; students never get this."""
