package dev.parley.contacts;

import static java.util.Objects.requireNonNull;

import dev.parley.platform.access.Caller;
import dev.parley.platform.access.TenantId;
import dev.parley.platform.db.Ids;
import dev.parley.platform.db.TenantDb;
import dev.parley.platform.db.Tx;
import dev.parley.platform.events.EventLog;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The customers' people and the names by which providers know them.
@Singleton
public final class Contacts {
  private final TenantDb db;
  private final EventLog events;

  /// Works through `db`.
  public Contacts(TenantDb db, EventLog events) {
    this.db = db;
    this.events = events;
  }

  /// Somebody whom a provider has named.
  ///
  /// @param identities the stronger first; at least one
  /// @param name as the provider tells it, or null
  /// @param projectId where a contact is made when nobody knows any of the identities
  public record Sighting(List<Identity> identities, @Nullable String name, UUID projectId) {}

  /// Finds the contact of each sighting and makes those that nobody knows, with a handful of statements for any
  /// number. Unknown identities of a known contact become its own. Answers one contact id for each sighting. What
  /// happens to contacts is told in the sighting's lane of `lanes`, that of the work which is under way: lanes of others
  /// would be locked for as long as it takes.
  public List<UUID> resolve(Tx tx, List<Integer> lanes, List<Sighting> sightings) {
    List<Identity> all =
        sightings.stream().flatMap(s -> s.identities().stream()).distinct().toList();
    var nameless = new HashSet<UUID>();
    Map<Identity, UUID> owners = ContactStore.owners(tx.sql(), tx.tenant(), all, nameless);
    if (owners.size() < all.size()) {
      claimMissing(tx, lanes, sightings, owners);
    }
    fillNames(tx, lanes, sightings, owners, nameless);
    var result = new ArrayList<UUID>();
    for (int i = 0; i < sightings.size(); i++) {
      Sighting sighting = sightings.get(i);
      UUID contact = owner(owners, sighting.identities().getFirst());
      for (Identity identity : sighting.identities()) {
        UUID other = owner(owners, identity);
        if (!other.equals(contact)) {
          events.publish(tx, lanes.get(i), new ContactEvent.ConflictSeen(contact, other, identity));
        }
      }
      result.add(contact);
    }
    return result;
  }

  private void claimMissing(
      Tx tx, List<Integer> lanes, List<Sighting> sightings, Map<Identity, UUID> owners) {
    var wanted = new LinkedHashMap<Identity, UUID>();
    var fresh = new LinkedHashMap<UUID, Sighting>();
    var planned = new HashMap<>(owners);
    for (Sighting sighting : sightings) {
      UUID contact =
          sighting.identities().stream()
              .filter(planned::containsKey)
              .findFirst()
              .map(planned::get)
              .orElse(null);
      if (contact == null) {
        contact = Ids.next();
        fresh.put(contact, sighting);
      }
      for (Identity identity : sighting.identities()) {
        if (planned.putIfAbsent(identity, contact) == null) {
          wanted.put(identity, contact);
        }
      }
    }
    ContactStore.insert(
        tx.sql(),
        tx.tenant(),
        List.copyOf(fresh.keySet()),
        fresh.values().stream().map(Sighting::projectId).toList(),
        fresh.values().stream().<@Nullable String>map(Sighting::name).toList());
    List<Identity> won =
        ContactStore.claim(
            tx.sql(), tx.tenant(), List.copyOf(wanted.keySet()), List.copyOf(wanted.values()));
    won.forEach(identity -> owners.put(identity, owner(wanted, identity)));
    Set<Identity> lost = new HashSet<>(wanted.keySet());
    lost.removeAll(won);
    if (!lost.isEmpty()) {
      // Another transaction was quicker; ours has waited for its commit, so its rows are there now.
      owners.putAll(ContactStore.owners(tx.sql(), tx.tenant(), List.copyOf(lost), new HashSet<>()));
      follow(tx, fresh, owners);
      Set<UUID> used = new HashSet<>(owners.values());
      ContactStore.delete(
          tx.sql(), tx.tenant(), fresh.keySet().stream().filter(id -> !used.contains(id)).toList());
      fresh.keySet().retainAll(used);
    }
    var laneOf = new HashMap<Identity, Integer>();
    for (int i = 0; i < sightings.size(); i++) {
      for (Identity identity : sightings.get(i).identities()) {
        laneOf.putIfAbsent(identity, lanes.get(i));
      }
    }
    tell(tx, laneOf, won, owners, fresh);
  }

  /// Of a new person's names another transaction has claimed some and we the others: all go to its contact, so that
  /// nobody becomes two.
  private static void follow(Tx tx, Map<UUID, Sighting> fresh, Map<Identity, UUID> owners) {
    fresh.forEach(
        (ours, sighting) ->
            sighting.identities().stream()
                .map(identity -> owner(owners, identity))
                .filter(owner -> !owner.equals(ours))
                .findFirst()
                .ifPresent(
                    theirs -> {
                      ContactStore.move(tx.sql(), tx.tenant(), ours, theirs);
                      owners.replaceAll((_, owner) -> owner.equals(ours) ? theirs : owner);
                    }));
  }

  private void tell(
      Tx tx,
      Map<Identity, Integer> laneOf,
      List<Identity> won,
      Map<Identity, UUID> owners,
      Map<UUID, Sighting> fresh) {
    fresh.forEach(
        (id, sighting) ->
            events.publish(
                tx,
                requireNonNull(laneOf.get(sighting.identities().getFirst())),
                new ContactEvent.Created(
                    id, sighting.projectId(), sighting.name(), sighting.identities(), Map.of())));
    for (Identity identity : won) {
      UUID contact = owner(owners, identity);
      if (!fresh.containsKey(contact)) {
        events.publish(
            tx,
            requireNonNull(laneOf.get(identity)),
            new ContactEvent.IdentityAdded(contact, identity));
      }
    }
  }

  private void fillNames(
      Tx tx,
      List<Integer> lanes,
      List<Sighting> sightings,
      Map<Identity, UUID> owners,
      Set<UUID> nameless) {
    var names = new HashMap<UUID, String>();
    var laneOf = new HashMap<UUID, Integer>();
    for (int i = 0; i < sightings.size(); i++) {
      Sighting sighting = sightings.get(i);
      UUID contact = owner(owners, sighting.identities().getFirst());
      if (sighting.name() != null && nameless.contains(contact)) {
        names.put(contact, sighting.name());
        laneOf.put(contact, lanes.get(i));
      }
    }
    if (!names.isEmpty()) {
      ContactStore.fillNames(tx.sql(), tx.tenant(), names);
      for (Contact contact : find(tx, names.keySet())) {
        events.publish(tx, requireNonNull(laneOf.get(contact.id())), updated(contact));
      }
    }
  }

  private static UUID owner(Map<Identity, UUID> owners, Identity identity) {
    UUID owner = owners.get(identity);
    if (owner == null) {
      throw new IllegalStateException("no contact for " + identity.kind());
    }
    return owner;
  }

  /// Gives a contact another identity that a provider told, unless somebody has it already.
  public void alias(Tx tx, UUID contact, Identity identity) {
    if (!ContactStore.claim(tx.sql(), tx.tenant(), List.of(identity), List.of(contact)).isEmpty()) {
      events.publish(tx, contact, new ContactEvent.IdentityAdded(contact, identity));
    }
  }

  /// What people say of a contact.
  ///
  /// @param name null to leave it
  /// @param identities that it has or is to have
  /// @param fields values by the fields' keys, null to clear one; what is absent stays
  public record Said(
      @Nullable String name, List<Identity> identities, Map<String, @Nullable Object> fields) {}

  /// Makes a contact. Throws a [Problem] when an identity belongs to another one or a field's value is not valid.
  public Contact create(Caller caller, UUID projectId, Said said) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          UUID id = Ids.next();
          FieldValues values = values(tx, said);
          var names = new ArrayList<@Nullable String>();
          names.add(said.name());
          ContactStore.insert(tx.sql(), tx.tenant(), List.of(id), List.of(projectId), names);
          claimAll(tx, id, said.identities());
          say(tx, id, values);
          Contact contact = require(tx, id);
          events.publish(
              tx,
              id,
              new ContactEvent.Created(
                  id, projectId, said.name(), said.identities(), contact.fields()));
          return contact;
        });
  }

  /// Changes a contact's name and fields and adds identities. Throws a [Problem] when there is no such contact, an
  /// identity belongs to another one or a field's value is not valid.
  public Contact update(Caller caller, UUID id, Said said) {
    return db.inTenant(
        caller.inTenant(),
        tx -> {
          Contact before = require(tx, id);
          FieldValues values = values(tx, said);
          if (said.name() != null) {
            ContactStore.rename(tx.sql(), tx.tenant(), id, said.name());
          }
          claimAll(
              tx,
              id,
              said.identities().stream().filter(i -> !before.identities().contains(i)).toList());
          say(tx, id, values);
          Contact after = require(tx, id);
          events.publish(tx, id, updated(after));
          return after;
        });
  }

  private static ContactEvent.Updated updated(Contact contact) {
    return new ContactEvent.Updated(
        contact.id(), contact.projectId(), contact.name(), contact.identities(), contact.fields());
  }

  private static FieldValues values(Tx tx, Said said) {
    if (said.fields().isEmpty()) {
      return FieldValues.NONE;
    }
    var check = new Input();
    FieldValues values = FieldValues.of(check, ContactFields.all(tx), said.fields());
    check.done();
    return values;
  }

  private static void say(Tx tx, UUID id, FieldValues values) {
    if (!values.isEmpty()) {
      ContactStore.say(tx.sql(), tx.tenant(), id, values);
    }
  }

  /// One contact.
  public Optional<Contact> find(Caller caller, UUID id) {
    return db.inTenant(caller.inTenant(), tx -> find(tx, id));
  }

  /// One contact, inside a transaction.
  public Optional<Contact> find(Tx tx, UUID id) {
    return ContactStore.find(tx.sql(), tx.tenant(), id);
  }

  /// Those of the contacts that are there, inside a transaction.
  public List<Contact> find(Tx tx, Collection<UUID> ids) {
    return ContactStore.find(tx.sql(), tx.tenant(), ids);
  }

  /// Contacts, newest first: `limit` + 1 rows where there are more. `name` matches a part, `identity` a whole value.
  public List<Contact> page(
      TenantId tenant,
      @Nullable UUID project,
      @Nullable String name,
      @Nullable String identity,
      @Nullable UUID before,
      int limit) {
    return db.inTenant(
        tenant,
        tx -> ContactStore.page(tx.sql(), tenant, project, name, identity, before, limit + 1));
  }

  private static Contact require(Tx tx, UUID id) {
    return ContactStore.find(tx.sql(), tx.tenant(), id)
        .orElseThrow(() -> Problem.notFound("contact"));
  }

  private static void claimAll(Tx tx, UUID id, List<Identity> identities) {
    if (identities.isEmpty()) {
      return;
    }
    var owners = new ArrayList<UUID>();
    identities.forEach(_ -> owners.add(id));
    List<Identity> won = ContactStore.claim(tx.sql(), tx.tenant(), identities, owners);
    for (Identity identity : identities) {
      if (!won.contains(identity)) {
        throw new Problem(Problem.Code.CONFLICT, identity.value() + " belongs to another contact.");
      }
    }
  }
}
