package dev.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.parley.platform.access.Requires;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What holds for every route of every module.
class RoutesTest {
  private static final List<JavaClass> ROUTES =
      new ClassFileImporter()
              .withImportOption(new ImportOption.DoNotIncludeTests())
              .importPackages("dev.parley")
              .stream()
              .filter(type -> type.isAnnotatedWith(Path.class))
              .toList();

  private static List<JavaMethod> methods() {
    return ROUTES.stream()
        .flatMap(type -> type.getMethods().stream())
        .filter(method -> method.isMetaAnnotatedWith(HttpMethod.class))
        .toList();
  }

  @Test
  void everyRouteSaysWhoMayCallIt() {
    assertThat(methods()).hasSizeGreaterThan(30);
    assertThat(methods())
        .filteredOn(
            method ->
                !method.isAnnotatedWith(Requires.class)
                    && !method.isAnnotatedWith(Requires.Nothing.class)
                    && !method.getOwner().isAnnotatedWith(Requires.class)
                    && !method.getOwner().isAnnotatedWith(Requires.Nothing.class))
        .extracting(JavaMethod::getFullName)
        .isEmpty();
  }

  @Test
  void onlyTheKnownRoutesAreOpen() {
    assertThat(methods())
        .filteredOn(method -> !method.isAnnotatedWith(Requires.class))
        .extracting(method -> method.getOwner().getSimpleName() + "." + method.getName())
        .containsExactlyInAnyOrder(
            "AuthRoutes.login",
            "AuthRoutes.refresh",
            "BrowserRoutes.begin",
            "BrowserRoutes.refresh",
            "BrowserRoutes.end",
            "AccountRoutes.register",
            "AccountRoutes.verifyEmail",
            "AccountRoutes.resendVerification",
            "AccountRoutes.forgotPassword",
            "AccountRoutes.resetPassword",
            "AccountRoutes.acceptInvitation",
            "JwksRoutes.keys",
            "WidgetRoutes.begin",
            "WidgetRoutes.open",
            "SetupRoutes.state",
            "SetupRoutes.make");
  }

  @Test
  void everyRouteRunsOnAThreadThatMayWait() {
    assertThat(ROUTES)
        .filteredOn(type -> !type.isAnnotatedWith(RunOnVirtualThread.class))
        .extracting(JavaClass::getName)
        .isEmpty();
  }
}
