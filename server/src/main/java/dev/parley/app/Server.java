package dev.parley.app;

import dev.parley.channels.whatsapp.WhatsAppWebhook;
import dev.parley.genesys.GenesysWebhook;
import dev.parley.identity.FirstRun;
import dev.parley.identity.Operators;
import dev.parley.media.ServingRoutes;
import dev.parley.platform.http.BodyLimit;
import dev.parley.platform.http.CallRecorder;
import dev.parley.platform.http.Problem;
import dev.parley.platform.http.ProblemResponse;
import dev.parley.platform.json.Json;
import dev.parley.platform.roles.Role;
import dev.parley.realtime.EventSourceDoor;
import dev.parley.realtime.SocketIoDoor;
import dev.parley.realtime.WebSocketDoor;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/// The running server: mounts the hot routes, starts the parts of the process's roles, and stops them in reverse.
@Singleton
final class Server implements QuarkusApplication {
  private static final Logger LOG = Logger.getLogger(Server.class);

  private final Boot boot = Boot.current();
  private final Parts parts;
  private final Operators operators;
  private final FirstRun firstRun;

  Server(Parts parts, Operators operators, FirstRun firstRun) {
    this.parts = parts;
    this.operators = operators;
    this.firstRun = firstRun;
  }

  /// Only what the process's roles need is reachable; health and metrics always are.
  void mount(
      @Observes Router router,
      CallRecorder calls,
      WhatsAppWebhook whatsApp,
      GenesysWebhook genesys,
      WebSocketDoor sockets,
      SocketIoDoor socketIo,
      EventSourceDoor eventSources,
      ServingRoutes files,
      WidgetPage widget) {
    Set<Role> roles = boot.roles();
    if (roles.contains(Role.INGRESS)) {
      whatsApp.mount(router);
      genesys.mount(router);
    }
    if (roles.contains(Role.REALTIME)) {
      sockets.mount(router);
      socketIo.mount(router);
      eventSources.mount(router);
    }
    calls.mount(router);
    BodyLimit.mount(router);
    if (roles.contains(Role.API)) {
      files.mount(router);
    } else {
      router.route("/api/*").order(-900).handler(Server::notHere);
      router.route("/.well-known/*").order(-900).handler(Server::notHere);
      router.route("/docs/*").order(-900).handler(Server::notHere);
      router.route("/openapi").order(-900).handler(Server::notHere);
    }
    router.get("/problems").order(-900).handler(ProblemPage::show);
    Optional<WebPages> pages = roles.contains(Role.API) ? WebPages.load() : Optional.empty();
    pages.ifPresentOrElse(
        web -> web.mount(router, widget),
        () -> router.get("/").order(-900).handler(context -> context.redirect("/docs/")));
  }

  private static void notHere(RoutingContext context) {
    context
        .response()
        .setStatusCode(404)
        .putHeader("Content-Type", "application/problem+json")
        .end(
            Json.write(
                ProblemResponse.body(
                    new Problem(
                        Problem.Code.NOT_FOUND, "This process does not run the role api."))));
  }

  @Override
  public int run(String... args) {
    if (boot.roles().contains(Role.API)) {
      operators.ensure().ifPresent(Serving.listener()::operatorMade);
      firstRun
          .offer()
          .ifPresent(code -> Serving.listener().setupOpen(code, boot.config().publicUrl()));
    }
    boot.database()
        .whenGone(
            () -> {
              LOG.fatal("the embedded database has ended; start again");
              Quarkus.asyncExit(1);
            });
    parts.start(boot.roles());
    LOG.infof(
        "ready: roles %s, %s database, %s",
        boot.roles(),
        boot.database().embedded() ? "embedded" : "external",
        System.getProperty("quarkus.http.port"));
    Serving.listener().ready();
    Quarkus.waitForExit();
    parts.stop(boot.roles());
    return 0;
  }
}
