package dev.parley.acceptance.screens;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.acceptance.driver.Api;
import dev.parley.acceptance.driver.Genesys;
import dev.parley.acceptance.driver.Json;
import dev.parley.acceptance.driver.Parley;
import dev.parley.acceptance.driver.PhoneNumber;
import dev.parley.acceptance.driver.Sandbox;
import dev.parley.acceptance.driver.Wait;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;

/// A tenant that looks as one does at work: people, customers who write, answers in all states.
///
/// @param conversation the one that shows most
/// @param elsewhere one that is answered in Genesys Cloud
record Shop(Api admin, Api agent, PhoneNumber number, String conversation, String elsewhere) {
  static final String ADMIN = "marta@olaria.example";

  /// Of a tenant in which nothing is yet.
  static final String ADMIN_OF_NOTHING = "admin@bakery.example";

  static final String AGENT = "ines@olaria.example";
  static final String PASSWORD = "a-password-for-pictures";
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final List<List<String>> CUSTOMERS =
      List.of(
          List.of("351912000001", "Rui Tavares", "Bom dia! A encomenda 1042 já saiu?"),
          List.of("351912000002", "Camila Duarte", "Can I change the delivery address?"),
          List.of("351912000003", "Oleksandr Hrytsenko", "The blue bowl arrived broken"),
          List.of("351912000004", "Priya Nair", "Do you ship to India?"),
          List.of("351912000005", "João Pedro Albuquerque de Vasconcelos", "Obrigado!"),
          List.of("351912000006", "Wei Chen", "I need an invoice with our company's name"),
          List.of("351912000007", "Amélie Laurent", "Is the workshop on Saturday full?"),
          List.of("351912000008", "Tomás Herrera", "¿Tienen platos grandes?"));

  static Shop open(Parley server, Sandbox sandbox, Genesys genesys) {
    Api operator = server.api().login("operator@localhost", server.operatorPassword(), null);
    operator.createTenant("olaria", "Olaria do Vale", ADMIN, PASSWORD);
    operator.createTenant("bakery", "The Corner Bakery", ADMIN_OF_NOTHING, PASSWORD);
    Api admin = server.api().login(ADMIN, PASSWORD, null);
    admin.createUser(AGENT, "Inês Carvalho", "agent", PASSWORD);
    admin.createUser("paulo@olaria.example", "Paulo Mendes", "agent", PASSWORD);
    admin.createUser("lena@olaria.example", "Lena Vogt", "manager", PASSWORD);
    admin.createUser("audit@olaria.example", "Sofia Brandão", "read-only", PASSWORD);
    admin.createKey("Website orders", List.of("contacts:write", "conversations:write"));
    Api agent = server.api().login(AGENT, PASSWORD, null);
    PhoneNumber number = PhoneNumber.of(0);
    String channel =
        admin
            .post("/api/v1/channels", Api.whatsApp("WhatsApp shop", number))
            .ok()
            .path("id")
            .asText();
    sandbox.register(number, URI.create(server.url() + "/webhooks/whatsapp/" + channel));
    for (List<String> customer : CUSTOMERS.reversed()) {
      write(sandbox, number, customer.get(0), customer.get(1), customer.get(2));
    }
    String quiet = conversation(agent, "351912000005");
    agent.sendText(quiet, "You are welcome, João! Until next time.");
    for (String customer : List.of("351912000005", "351912000008", "351912000006")) {
      agent
          .post("/api/v1/conversations/" + conversation(agent, customer) + "/read", Json.of())
          .ok();
    }
    String conversation = talk(agent, sandbox, number);
    desk(admin, agent, channel, conversation);
    return new Shop(admin, agent, number, conversation, elsewhere(server, sandbox, genesys, admin));
  }

  /// A second number whose customers are answered in Genesys Cloud.
  private static String elsewhere(Parley server, Sandbox sandbox, Genesys genesys, Api admin) {
    PhoneNumber number = PhoneNumber.of(1);
    String channel =
        admin
            .post("/api/v1/channels", Api.whatsApp("WhatsApp workshops", number))
            .ok()
            .path("id")
            .asText();
    sandbox.register(number, URI.create(server.url() + "/webhooks/whatsapp/" + channel));
    Genesys.Connection connection = genesys.connect("olaria", admin, channel);
    String customer = "351912000009";
    write(sandbox, number, customer, "Beatriz Nogueira", "Is there a place left on the 12th?");
    String theirs = genesys.awaitConversation("olaria", customer).path("id").asText();
    genesys.say("olaria", theirs, "There is! Shall I book it for you?");
    String conversation = conversation(admin, customer);
    Wait.until(
        "the answer is there",
        SOON,
        () -> admin.messages(conversation),
        all -> all.toString().contains("Shall I book it"));
    admin.post("/api/v1/genesys/integrations/" + connection.id() + "/checks", Json.of()).ok();
    return conversation;
  }

  /// What was set up for the agents, and what they did with conversations besides answering.
  private static void desk(Api admin, Api agent, String channel, String conversation) {
    admin.post("/api/v1/channels/" + channel + "/templates/sync", Json.of()).ok();
    for (String team : List.of("Shop", "Workshops", "Complaints")) {
      admin.post("/api/v1/teams", Json.of("name", team)).ok();
    }
    for (List<String> reply :
        List.of(
            List.of(
                "hello", "Hello {{contact.firstName}}, this is {{agent.name}}. How can I help?"),
            List.of("shipping", "Parcels leave every day at four and take two to three days."),
            List.of("thanks", "Thank you, {{contact.firstName}}! Until next time."))) {
      admin
          .post("/api/v1/canned-replies", Json.of("shortcut", reply.get(0), "text", reply.get(1)))
          .ok();
    }
    String tag = "";
    for (String name : List.of("order", "damaged", "workshop")) {
      tag = admin.post("/api/v1/tags", Json.of("name", name)).ok().path("id").asText();
      if (!name.equals("workshop")) {
        agent.call("PUT", "/api/v1/conversations/" + conversation + "/tags/" + tag, null).ok();
      }
    }
    admin
        .post(
            "/api/v1/contact-fields",
            Json.of("key", "customer_since", "name", "Customer since", "type", "date"))
        .ok();
    String path = "/api/v1/conversations/" + conversation;
    agent.patch(path, Json.of("priority", "high")).ok();
    agent.call("PUT", path + "/assignment", "{\"assigneeId\":\"me\"}").ok();
    agent
        .post(
            path + "/notes",
            Json.of(
                "text",
                "The third broken bowl this week: let us look at the boxes.",
                "mentions",
                List.of()))
        .ok();
    String urgent = conversation(agent, "351912000001");
    agent.patch("/api/v1/conversations/" + urgent, Json.of("priority", "urgent")).ok();
    agent.call("PUT", "/api/v1/conversations/" + urgent + "/tags/" + tag, null).ok();
  }

  private static String talk(Api agent, Sandbox sandbox, PhoneNumber number) {
    String customer = CUSTOMERS.get(2).get(0);
    String name = CUSTOMERS.get(2).get(1);
    String conversation = conversation(agent, customer);
    agent.sendText(conversation, "Oh no, I am sorry! Could you send me a *photo* of it?");
    sandbox.write(
        number,
        customer,
        Json.of(
            "type",
            "image",
            "image",
            Json.of("caption", "It was like this in the box", "mime_type", "image/png"),
            "data",
            picture(),
            "profileName",
            name));
    sandbox.write(
        number, customer, Json.of("type", "audio", "audio", Json.of(), "profileName", name));
    agent
        .send(
            conversation,
            Json.of(
                "type",
                "buttons",
                "body",
                "We send you a new one at once. Where to?",
                "buttons",
                List.of(
                    Json.of("id", "same", "title", "The same address"),
                    Json.of("id", "other", "title", "Another address"))),
            null)
        .ok();
    sandbox.write(
        number,
        customer,
        Json.of(
            "type",
            "interactive",
            "interactive",
            Json.of(
                "type",
                "button_reply",
                "button_reply",
                Json.of("id", "same", "title", "The same address")),
            "profileName",
            name));
    Wait.until(
        "the answer is there",
        SOON,
        () -> agent.messages(conversation),
        all -> all.stream().anyMatch(message -> message.toString().contains("\"answer\"")));
    JsonNode last =
        agent.sendText(conversation, "Done! It leaves *tomorrow morning*, with tracking.");
    agent.awaitState(conversation, last.path("id").asText(), SOON, "read");
    sandbox.write(
        number,
        customer,
        Json.of(
            "type",
            "text",
            "text",
            Json.of("body", "That is kind, thank you"),
            "profileName",
            name));
    return conversation;
  }

  /// A blue bowl with a crack.
  private static String picture() {
    var image = new BufferedImage(480, 320, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setPaint(new GradientPaint(0, 0, new Color(0xf1e7d8), 0, 320, new Color(0xd9c5a6)));
    pen.fillRect(0, 0, 480, 320);
    pen.setColor(new Color(0x5c4a33));
    pen.fillOval(90, 235, 300, 40);
    pen.setPaint(new GradientPaint(100, 0, new Color(0x2f6fb3), 380, 0, new Color(0x163d6b)));
    pen.fillArc(90, -20, 300, 280, 180, 180);
    pen.setColor(new Color(0x9cc3ea));
    pen.fillOval(90, 95, 300, 50);
    pen.setColor(new Color(0x1d4f87));
    pen.fillOval(105, 103, 270, 34);
    pen.setColor(new Color(0xf1e7d8));
    pen.setStroke(new BasicStroke(4));
    pen.drawPolyline(new int[] {250, 262, 246, 268, 252}, new int[] {134, 165, 190, 220, 258}, 5);
    pen.dispose();
    var bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static String conversation(Api agent, String customer) {
    return agent.awaitConversation(customer, SOON).path("id").asText();
  }

  private static void write(
      Sandbox sandbox, PhoneNumber number, String customer, String name, String text) {
    sandbox.write(
        number,
        customer,
        Json.of("type", "text", "text", Json.of("body", text), "profileName", name));
  }
}
