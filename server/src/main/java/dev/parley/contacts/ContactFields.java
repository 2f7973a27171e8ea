package dev.parley.contacts;

import dev.parley.platform.access.Caller;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.SqlFailure;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The fields that a tenant gives its contacts.
@Singleton
public final class ContactFields {
  /// Most fields of a tenant.
  static final int MOST = 100;

  private final TenantDb db;
  private final EventLog events;
  private final Audit audit;

  /// Works through `db`.
  public ContactFields(TenantDb db, EventLog events, Audit audit) {
    this.db = db;
    this.events = events;
    this.audit = audit;
  }

  /// Makes a field. Throws a [Problem] when the key is taken or there are too many.
  public ContactField create(
      Caller caller, String key, String name, ContactField.Type type, List<String> choices) {
    try {
      return db.inTenant(
          caller.inTenant(),
          tx -> {
            if (ContactFieldStore.count(tx.sql(), tx.tenant()) >= MOST) {
              throw new Problem(
                  Problem.Code.QUOTA_EXCEEDED, "There are " + MOST + " fields; delete one first.");
            }
            UUID id = Ids.next();
            ContactFieldStore.insert(tx.sql(), tx.tenant(), id, key, name, type, choices);
            events.publish(tx, id, new ContactFieldEvent.Created(id, key, name, type, choices));
            audit.record(
                tx, caller, "contact-field.created", "contact-field", id, Map.of("key", key));
            return require(tx, id);
          });
    } catch (RuntimeException e) {
      if (SqlFailure.isDuplicate(e, ContactFieldStore.ONE_KEY)) {
        throw new Problem(Problem.Code.CONFLICT, "Another field has the key " + key + ".");
      }
      throw e;
    }
  }

  /// Changes what is not null. Values that are no choice any more stay until somebody chooses anew. Throws a [Problem]
  /// when there is no field of that id, or when choices are given to one that has none.
  public ContactField change(
      Caller caller, UUID id, @Nullable String name, @Nullable List<String> choices) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          ContactField known = require(tx, id);
          if (choices != null && known.type() != ContactField.Type.CHOICE) {
            throw Problem.invalid("choices", "are for fields of type choice alone");
          }
          String newName = name == null ? known.name() : name;
          List<String> newChoices = choices == null ? known.choices() : choices;
          ContactFieldStore.update(tx.sql(), tx.tenant(), id, newName, newChoices);
          events.publish(tx, id, new ContactFieldEvent.Changed(id, newName, newChoices));
          audit.record(
              tx, caller, "contact-field.changed", "contact-field", id, Map.of("name", newName));
          return require(tx, id);
        });
  }

  /// Deletes a field, and with it what it says of contacts. Throws a [Problem] when there is none of that id.
  public void delete(Caller caller, UUID id) {
    db.runInTenant(
        caller.inTenant(),
        tx -> {
          if (!ContactFieldStore.delete(tx.sql(), tx.tenant(), id)) {
            throw Problem.notFound("field of contacts");
          }
          events.publish(tx, id, new ContactFieldEvent.Deleted(id));
          audit.record(tx, caller, "contact-field.deleted", "contact-field", id, Map.of());
        });
  }

  /// One field. Throws a [Problem] when there is none of that id.
  public ContactField find(Caller caller, UUID id) {
    return db.inTenant(caller.inTenant(), tx -> require(tx, id));
  }

  /// Fields by age: `limit` + 1 rows where there are more.
  public List<ContactField> page(Caller caller, @Nullable UUID after, int limit) {
    return db.inTenant(
        caller.inTenant(), tx -> ContactFieldStore.page(tx.sql(), tx.tenant(), after, limit + 1));
  }

  /// All fields of the transaction's tenant.
  static List<ContactField> all(Tx tx) {
    return ContactFieldStore.page(tx.sql(), tx.tenant(), null, MOST);
  }

  private static ContactField require(Tx tx, UUID id) {
    return ContactFieldStore.find(tx.sql(), tx.tenant(), id)
        .orElseThrow(() -> Problem.notFound("field of contacts"));
  }
}
