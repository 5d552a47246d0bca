"""${message}"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
% if not down_revision:
from db.dialect import create_search_index

% endif
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
% if not down_revision:
    create_search_index(op.get_bind())
% endif
