package dev.parley.platform.db;

import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.argument.ArgumentFactory;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jspecify.annotations.Nullable;

/// Binds arrays as the driver sends them best: where the elements have their own type and not `Object`, it sends text
/// and numbers in binary form, in which nothing has to be quoted on one side and unquoted on the other. For JSON, which
/// is full of quotes, that is most of the cost of a statement.
final class ArrayArguments implements ArgumentFactory {
  private static final Map<Class<?>, String> TYPES =
      Map.of(
          UUID.class, "uuid",
          String.class, "text",
          Integer.class, "int4",
          Long.class, "int8",
          Boolean.class, "bool",
          Double.class, "float8");

  @Override
  public Optional<Argument> build(Type type, @Nullable Object value, ConfigRegistry config) {
    Class<?> element = element(type);
    String name = TYPES.get(element);
    if (name == null || value == null) {
      return Optional.empty();
    }
    Object[] elements = elements(element, value);
    return Optional.of(
        (position, statement, _) ->
            statement.setArray(position, statement.getConnection().createArrayOf(name, elements)));
  }

  private static Class<?> element(Type type) {
    return switch (type) {
      case ParameterizedType list
          when list.getRawType() instanceof Class<?> raw
              && (Iterable.class.isAssignableFrom(raw) || Iterator.class.isAssignableFrom(raw))
              && list.getActualTypeArguments()[0] instanceof Class<?> of ->
          of;
      case Class<?> array when array.isArray() -> array.getComponentType();
      default -> Object.class;
    };
  }

  private static Object[] elements(Class<?> element, Object value) {
    List<@Nullable Object> list = new ArrayList<>();
    switch (value) {
      case Object[] array -> list.addAll(Arrays.asList(array));
      case Iterable<?> iterable -> iterable.forEach(list::add);
      case Iterator<?> iterator -> iterator.forEachRemaining(list::add);
      default -> throw new IllegalArgumentException(value.getClass() + " is no list");
    }
    return list.toArray((Object[]) Array.newInstance(element, list.size()));
  }
}
