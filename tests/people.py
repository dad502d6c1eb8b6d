"""The password of the tests' people."""

PASSWORD = "Geheimnis-der-Pruefung-7"
