package dev.parley.tenants;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.http.EmailAddress;
import dev.parley.platform.http.Input;
import dev.parley.platform.http.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Who may become a user of a tenant without an administrator who makes them: the setting `registration`, such as
/// `{"mode": "open", "domains": ["acme.example"], "role": "agent"}`.
///
/// @param domains of the addresses that may register, in the form of [EmailAddress]; empty for any
/// @param role the word for what they become: `agent`, `read-only` or `member`
public record Registration(Mode mode, List<String> domains, String role) {
  /// What stands where nothing is set.
  public static final Registration CLOSED = new Registration(Mode.CLOSED, List.of(), "read-only");

  private static final String FIELD = "settings.registration";
  private static final int MOST_DOMAINS = 100;
  private static final Set<String> FIELDS = Set.of("mode", "domains", "role");
  private static final Set<String> ROLES = Set.of("agent", "read-only", "member");

  /// How people come in.
  public enum Mode {
    /// Whoever proves an address, and whoever is invited.
    OPEN,
    /// Whoever is invited.
    INVITED,
    /// Only whom an administrator makes.
    CLOSED
  }

  /// What the settings say; closed when they are not valid.
  static Registration of(JsonNode settings) {
    var input = new Input();
    Registration read = read(input, settings);
    try {
      input.done();
      return read;
    } catch (Problem wrong) {
      return CLOSED;
    }
  }

  /// Throws a [Problem] when the settings say nothing valid.
  static void check(JsonNode settings) {
    var input = new Input();
    read(input, settings);
    input.done();
  }

  /// Whether an address in its normal form may register.
  public boolean admits(String email) {
    return domains.isEmpty() || domains.contains(EmailAddress.domainOf(email));
  }

  private static Registration read(Input input, JsonNode settings) {
    JsonNode given = settings.path("registration");
    if (given.isMissingNode()) {
      return CLOSED;
    }
    input.check(given.isObject(), FIELD, "must be an object");
    given
        .properties()
        .forEach(
            field ->
                input.check(
                    FIELDS.contains(field.getKey()), FIELD + "." + field.getKey(), "is not known"));
    Mode mode =
        given.has("mode")
            ? input.word(FIELD + ".mode", given.path("mode").asText(), Mode.class)
            : Mode.CLOSED;
    String role = given.path("role").asText(CLOSED.role());
    input.check(ROLES.contains(role), FIELD + ".role", "must be one of agent, read-only, member");
    return new Registration(mode == null ? Mode.CLOSED : mode, domains(input, given), role);
  }

  private static List<String> domains(Input input, JsonNode given) {
    var domains = new ArrayList<String>();
    JsonNode list = given.path("domains");
    input.check(
        list.isMissingNode() || (list.isArray() && list.size() <= MOST_DOMAINS),
        FIELD + ".domains",
        "must be a list of at most " + MOST_DOMAINS + " domains");
    for (int i = 0; i < Math.min(list.size(), MOST_DOMAINS); i++) {
      String domain = EmailAddress.normalDomain(list.path(i).asText());
      input.check(
          EmailAddress.isDomain(domain), FIELD + ".domains[" + i + "]", "must be a domain's name");
      domains.add(domain);
    }
    return List.copyOf(domains);
  }
}
