package dev.parley;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The rules of the code base. Each is also held against `dev.parley.planted`, whose classes break every one of them,
/// so that a rule that has stopped finding anything is noticed.
class ArchitectureTest {
  private static final String ROOT = "dev.parley";
  private static final String PLANTED = "dev.parley.planted";

  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(new ImportOption.DoNotIncludeJars())
          .importPackages(ROOT)
          // A build that makes no jars has the sandbox as a folder of classes.
          .that(not(resideInAPackage(ROOT + ".sandbox..")));
  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.OnlyIncludeTests())
          .importPackages(ROOT)
          .that(not(resideInAPackage(PLANTED + "..")));
  private static final JavaClasses VIOLATIONS = new ClassFileImporter().importPackages(PLANTED);

  /// What a module may use of the others.
  private static final Map<String, List<String>> MODULES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("platform", List.of()),
              Map.entry("tenants", List.of("platform")),
              Map.entry("identity", List.of("platform", "tenants")),
              Map.entry("media", List.of("platform", "tenants")),
              Map.entry("contacts", List.of("platform", "tenants")),
              Map.entry("conversations", List.of("platform", "contacts", "identity", "media")),
              Map.entry(
                  "channels", List.of("platform", "tenants", "media", "contacts", "conversations")),
              Map.entry(
                  "inbox",
                  List.of("platform", "identity", "contacts", "conversations", "channels")),
              Map.entry(
                  "genesys",
                  List.of(
                      "platform",
                      "tenants",
                      "media",
                      "contacts",
                      "conversations",
                      "channels",
                      "inbox")),
              Map.entry(
                  "realtime",
                  List.of("platform", "tenants", "identity", "media", "contacts", "conversations")),
              Map.entry(
                  "admin",
                  List.of(
                      "platform",
                      "tenants",
                      "identity",
                      "media",
                      "contacts",
                      "conversations",
                      "channels",
                      "genesys"))));

  private static final String FORBIDDEN_SUFFIXES =
      ".*(Util|Utils|Helper|Manager|Impl|DTO|Dto|Service|Processor|Base|Abstract|Info|Data|Bean|VO)";

  /// Threads outside the platform: who starts one says here why.
  private static final List<String> THREADS =
      List.of(
          // "last used" is noted beside the request that it belongs to
          ".*\\.identity\\.ApiKeys",
          // a removal goes on after the answer
          ".*\\.identity\\.TenantsRoutes",
          // a file is scanned beside the request that brought it
          ".*\\.media\\.Scans",
          // decoding keeps a processor for long
          ".*\\.media\\.renditions\\.RenderFiles",
          // the event loop must not block
          ".*\\.media\\.ServingRoutes",
          ".*\\.realtime\\.Work",
          ".*\\.genesys\\.GenesysWebhook");

  private record Rule(String name, ArchRule rule) {}

  private static List<Rule> rules(String root) {
    var rules = new ArrayList<Rule>();
    MODULES.forEach(
        (module, uses) -> rules.add(new Rule("module " + module, moduleRule(root, module, uses))));
    rules.add(new Rule("sandbox only in app", sandbox(root)));
    rules.add(new Rule("no circles of modules", circles(root + ".(*)..")));
    rules.add(new Rule("no circles in the platform", circles(root + ".platform.(*)..")));
    rules.add(new Rule("SQL in stores", sql(root)));
    rules.add(new Rule("HTTP at the edges", http(root)));
    rules.add(new Rule("names", names()));
    rules.add(new Rule("no mocks", mocks()));
    rules.add(new Rule("no sleep", sleep()));
    rules.add(new Rule("threads in the platform", threads(root)));
    rules.add(new Rule("one clock", clock(root)));
    rules.add(new Rule("random in the platform", random(root)));
    rules.add(new Rule("packages are null-marked", nullMarked()));
    return rules;
  }

  @TestFactory
  Stream<DynamicTest> theProgramKeepsTheRules() {
    return rules(ROOT).stream()
        .map(rule -> DynamicTest.dynamicTest(rule.name(), () -> rule.rule().check(PROGRAM)));
  }

  @TestFactory
  Stream<DynamicTest> eachRuleFindsWhatIsPlanted() {
    return rules(PLANTED).stream()
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.name(),
                    () ->
                        assertThat(rule.rule().evaluate(VIOLATIONS).hasViolation())
                            .as("finds the planted violation")
                            .isTrue()));
  }

  @Test
  void testsKeepTheirRules() {
    mocks().check(TESTS);
    sleep().check(TESTS);
    names().check(TESTS);
  }

  @Test
  void everyModuleIsInTheTable() {
    assertThat(
            PROGRAM.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(ROOT + "."))
                .map(name -> name.substring(ROOT.length() + 1).split("\\.")[0])
                .distinct()
                .filter(module -> !module.equals("app")))
        .allMatch(MODULES::containsKey);
  }

  private static ArchRule moduleRule(String root, String module, List<String> uses) {
    var allowed = new ArrayList<String>();
    allowed.add(root + "." + module + "..");
    uses.forEach(other -> allowed.add(root + "." + other + ".."));
    return noClasses()
        .that()
        .resideInAPackage(root + "." + module + "..")
        .should(
            dependOnClassesThat(
                resideInAPackage(root + "..")
                    .and(not(resideInAnyPackage(allowed.toArray(String[]::new))))
                    .as("belong to modules that " + module + " may not use")))
        .allowEmptyShould(true);
  }

  private static ArchRule sandbox(String root) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(root + ".app..", root + ".sandbox..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".sandbox..");
  }

  private static ArchRule circles(String slice) {
    return slices().matching(slice).should().beFreeOfCycles();
  }

  private static ArchRule sql(String root) {
    return noClasses()
        .that()
        .haveNameNotMatching(".*Store(\\$.*)?")
        .and()
        .resideOutsideOfPackage(root + ".platform.db..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "org.jdbi..");
  }

  private static ArchRule http(String root) {
    return noClasses()
        .that()
        .haveNameNotMatching(".*(Routes|Webhook|Client|\\.identity\\.Authentication)(\\$.*)?")
        .and()
        // A door is an edge in several classes.
        .resideOutsideOfPackages(root + ".platform.http..", root + ".app..", root + ".realtime..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.ws.rs..", "io.vertx..", "org.apache.hc..");
  }

  private static ArchRule names() {
    return noClasses()
        .that()
        .areTopLevelClasses()
        .should()
        .haveNameMatching(FORBIDDEN_SUFFIXES)
        .orShould()
        .haveSimpleNameStartingWith("Abstract")
        .orShould()
        .haveSimpleNameStartingWith("Base");
  }

  private static ArchRule mocks() {
    return noClasses()
        .should(
            dependOnClassesThat(
                nameMatching(
                    "(org\\.mockito|org\\.easymock|io\\.mockk|org\\.powermock).*|.*[.$]Mock")));
  }

  private static ArchRule sleep() {
    return noClasses().should().callMethod(Thread.class, "sleep", long.class);
  }

  private static ArchRule threads(String root) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(root + ".platform..", root + ".app..")
        .and()
        .haveNameNotMatching("(" + String.join("|", THREADS) + ")(\\$.*)?")
        .should(
            call(
                "start threads",
                call ->
                    (call.getTargetOwner().isEquivalentTo(Thread.class)
                            && List.of("<init>", "ofVirtual", "ofPlatform", "startVirtualThread")
                                .contains(call.getName()))
                        || call.getTargetOwner()
                            .isEquivalentTo(java.util.concurrent.Executors.class)
                        || call.getTargetOwner().isEquivalentTo(java.util.Timer.class)));
  }

  private static ArchRule clock(String root) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(root + ".platform..", root + ".app..")
        .should(
            call(
                "ask for the time without the injected clock",
                call ->
                    (call.getTargetOwner().getPackageName().equals("java.time")
                            && (call.getName().equals("now")
                                || call.getName().startsWith("system")))
                        || (call.getTargetOwner().isEquivalentTo(System.class)
                            && call.getName().equals("currentTimeMillis"))
                        || (call.getTargetOwner().isEquivalentTo(java.util.Date.class)
                            && call.getName().equals("<init>"))));
  }

  /// Sign-in and the demo make secrets, which is what `SecureRandom` is for; ids come from `Ids`.
  private static ArchRule random(String root) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(root + ".platform..", root + ".app..")
        .should(
            call(
                "make random values",
                call ->
                    call.getTargetOwner().isEquivalentTo(java.util.Random.class)
                        || call.getTargetOwner()
                            .isEquivalentTo(java.util.concurrent.ThreadLocalRandom.class)
                        || (call.getTargetOwner().isEquivalentTo(Math.class)
                            && call.getName().equals("random"))
                        || (call.getTargetOwner().isEquivalentTo(java.util.UUID.class)
                            && call.getName().equals("randomUUID"))
                        || (call.getTargetOwner().isEquivalentTo(java.security.SecureRandom.class)
                            && !call.getOriginOwner()
                                .getPackageName()
                                .equals(root + ".identity"))));
  }

  private static ArchRule nullMarked() {
    return classes()
        .should(
            new ArchCondition<>("be in a package whose package-info is @NullMarked") {
              @Override
              public void check(JavaClass item, ConditionEvents events) {
                boolean marked = item.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(
                    new SimpleConditionEvent(
                        item, marked, item.getName() + " is in a package without @NullMarked"));
              }
            });
  }

  private interface Calls {
    boolean test(JavaCall<?> call);
  }

  private static ArchCondition<JavaClass> call(String description, Calls calls) {
    return com.tngtech.archunit.lang.conditions.ArchConditions.callCodeUnitWhere(
            DescribedPredicate.describe(description, calls::test))
        .as(description);
  }
}
