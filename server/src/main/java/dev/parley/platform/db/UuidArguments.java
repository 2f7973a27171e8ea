package dev.parley.platform.db;

import java.sql.Types;
import java.util.UUID;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;

/// Binds UUIDs as such, also when they are null: without this a missing one goes out as text, and PostgreSQL refuses to
/// compare or store it.
final class UuidArguments extends AbstractArgumentFactory<UUID> {
  UuidArguments() {
    super(Types.OTHER);
  }

  @Override
  protected Argument build(UUID value, ConfigRegistry config) {
    return (position, statement, _) -> statement.setObject(position, value);
  }
}
