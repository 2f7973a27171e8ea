package dev.parley.app;

import dev.parley.genesys.WidgetSignIn;
import dev.parley.genesys.Widgets;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/// Who may frame the page of the agents' widget: the Genesys desktop of the region of the integration that the address
/// names, and nobody else. Of an address that names none, nobody.
@Singleton
final class WidgetPage {
  private static final Logger LOG = Logger.getLogger(WidgetPage.class);

  private final Widgets widgets;
  private final WidgetSignIn signIn;
  private final Vertx vertx;

  WidgetPage(Widgets widgets, WidgetSignIn signIn, Vertx vertx) {
    this.widgets = widgets;
    this.signIn = signIn;
    this.vertx = vertx;
  }

  /// Answers the page's addresses by `page`, which is told who may frame it.
  void mount(Router router, BiConsumer<RoutingContext, Optional<String>> page) {
    router
        .get(Widgets.PATH + ":integration")
        .order(-900)
        .handler(
            routing ->
                vertx
                    .executeBlocking(() -> framer(routing), false)
                    .onComplete(
                        found -> {
                          if (found.failed()) {
                            // Without the database nobody can tell who may.
                            LOG.warnf("the widget's page: %s", found.cause().getMessage());
                          }
                          page.accept(
                              routing, found.succeeded() ? found.result() : Optional.empty());
                        }));
  }

  private Optional<String> framer(RoutingContext routing) {
    if (routing.normalizedPath().equals(Widgets.CALLBACK)) {
      // A sign-in that goes through the frame comes back in it.
      return Optional.ofNullable(routing.request().getParam("state"))
          .flatMap(signIn::integration)
          .flatMap(widgets::framer);
    }
    try {
      return widgets.framer(UUID.fromString(routing.pathParam("integration")));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
