"""Pages of the admin whose rows are shown and never edited there: services write them."""

from typing import Any


class ReadOnly:
    """For an admin or an inline: nobody adds, changes or deletes a row; what staff may do are actions."""

    def has_add_permission(self, *_: Any) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, *_: Any) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        """Refuse."""
        return False
