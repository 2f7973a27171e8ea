package dev.parley.platform.db;

import java.sql.Types;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.argument.Arguments;
import org.jdbi.v3.core.argument.NullArgument;
import org.jdbi.v3.core.config.ConfigRegistry;

/// JDBI with the array types that stores bind.
final class Sql {
  private Sql() {}

  static Jdbi on(DataSource pool) {
    return Jdbi.create(pool)
        // A null says nothing about its type; the server finds it out from where it stands.
        .configure(
            Arguments.class,
            arguments -> arguments.setUntypedNullArgument(new NullArgument(Types.OTHER)))
        .registerArgument(new UuidArguments())
        .registerArgument(new ArrayArguments())
        .registerArrayType(UUID.class, "uuid")
        .registerArrayType(String.class, "text")
        .registerArrayType(Integer.class, "int4")
        .registerArrayType(Long.class, "int8")
        .registerArrayType(Boolean.class, "bool")
        .registerArrayType(Double.class, "float8");
  }

  /// JDBI would send a null id as text, which nothing compares with.
  private static final class UuidArguments extends AbstractArgumentFactory<UUID> {
    UuidArguments() {
      super(Types.OTHER);
    }

    @Override
    protected Argument build(UUID value, ConfigRegistry config) {
      return (position, statement, _) -> statement.setObject(position, value);
    }
  }
}
