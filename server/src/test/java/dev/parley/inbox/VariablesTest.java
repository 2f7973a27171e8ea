package dev.parley.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/// Variables of canned replies.
class VariablesTest {
  @Test
  void stepAsideForValues() {
    Map<String, String> values =
        Map.of("contact.name", "A $1 \\ {{agent.name}}", "agent.name", "Bo");

    assertThat(Variables.fill("Hi {{ contact.name }}, {{agent.name}}", values))
        .isEqualTo("Hi A $1 \\ {{agent.name}}, Bo");
    assertThat(Variables.fill("Hi {{contact.firstName| there }}{{contact.phone}}!", values))
        .isEqualTo("Hi there!");
    assertThat(Variables.fill("{{ {not} }} {x}", values)).isEqualTo("{{ {not} }} {x}");
  }

  @Test
  void thoseThatAreNotKnownAreFound() {
    assertThat(Variables.unknown("{{contact.name|you}} and {{channel.name}}")).isNull();
    assertThat(Variables.unknown("{{contact.name}} {{contact.password|x}}"))
        .isEqualTo("contact.password");
    assertThat(Variables.unknown("{{}}")).isEmpty();
  }
}
