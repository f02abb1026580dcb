"""Whether the migrations make exactly the tables of app/models: `alembic check` on a new database.

Also whether every migration can be taken back and done again.
"""

import tempfile
from pathlib import Path

from alembic.config import Config
from alembic.util import CommandError

from alembic import command
from app.core.embedded import running

ROOT = Path(__file__).resolve().parents[1]
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="plumbline-schema-") as folder,
        running(Path(folder) / "data", QUICK) as cluster,
    ):
        config = Config(ROOT / "alembic.ini")
        config.set_main_option("script_location", str(ROOT / "alembic"))
        config.attributes["url"] = cluster.owner_url
        command.upgrade(config, "head")
        try:
            command.check(config)
        except CommandError as error:
            raise SystemExit(f"The models and the migrations differ: {error}") from None
        command.downgrade(config, "base")
        command.upgrade(config, "head")
    print("The migrations make the tables of the models, and can be taken back.")


if __name__ == "__main__":
    main()
