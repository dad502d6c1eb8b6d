"""Makes the helpers beside this file importable from every test folder: `oracle`, `subjects`, `packs_made`."""
