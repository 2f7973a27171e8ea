package dev.parley.platform.http;

import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.AnnotationValue;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;
import org.jboss.jandex.RecordComponentInfo;
import org.jspecify.annotations.Nullable;

/// Puts into the API document, at build time, what holds for every route, so that no route repeats it: the permission
/// as the extension `x-permission` (`none` where anybody may call; `x-permission-or` tells what will do instead), how
/// to sign in, the problems, `Idempotency-Key`.
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ApiDocument implements OASFilter {
  private static final DotName SCHEMA =
      DotName.createSimple("org.eclipse.microprofile.openapi.annotations.media.Schema");
  private static final DotName NULLABLE = DotName.createSimple("org.jspecify.annotations.Nullable");
  private static final DotName PATH = DotName.createSimple("jakarta.ws.rs.Path");
  private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");
  private static final String SCHEMAS = "#/components/schemas/";
  private static final String PROBLEM = "Problem";
  private static final String KEY = "ApiKey";
  private static final String TOKEN = "AccessToken";

  private final Map<String, Route> routes = new HashMap<>();

  private record Route(String operationId, @Nullable Permission permission, List<String> or) {}

  private final Map<String, List<Shape>> shapes;

  /// A record that may stand behind a schema: what it has, and what of it is never null.
  private record Shape(Set<String> components, List<String> required) {
    /// In how many names it differs from a schema's properties.
    int distance(Set<String> properties) {
      long common = properties.stream().filter(components::contains).count();
      return (int) (properties.size() + components.size() - 2 * common);
    }
  }

  /// Reads the routes' annotations.
  public ApiDocument(IndexView index) {
    shapes = shapes(index);
    for (AnnotationInstance path : index.getAnnotations(PATH)) {
      if (path.target().kind() == AnnotationTarget.Kind.CLASS) {
        ClassInfo type = path.target().asClass();
        type.methods().forEach(method -> add(path.value().asString(), type, method));
      }
    }
  }

  private void add(String root, ClassInfo type, MethodInfo method) {
    AnnotationInstance required = method.annotation(Requires.class);
    if (required == null && !method.hasAnnotation(Requires.Nothing.class)) {
      required = type.declaredAnnotation(Requires.class);
    }
    Permission permission = required == null ? null : Permission.valueOf(required.value().asEnum());
    AnnotationInstance path = method.annotation(PATH);
    String address = address(root + "/" + (path == null ? "" : path.value().asString()));
    String area = type.simpleName().replaceFirst("Routes$", "");
    String operationId =
        area.substring(0, 1).toLowerCase(Locale.ROOT)
            + area.substring(1)
            + method.name().substring(0, 1).toUpperCase(Locale.ROOT)
            + method.name().substring(1);
    for (String verb : METHODS) {
      if (method.hasAnnotation(DotName.createSimple("jakarta.ws.rs." + verb))) {
        routes.put(verb + " " + address, new Route(operationId, permission, or(required)));
      }
    }
  }

  private static List<String> or(@Nullable AnnotationInstance required) {
    AnnotationValue or = required == null ? null : required.value("or");
    return or == null
        ? List.of()
        : Arrays.stream(or.asEnumArray()).map(name -> Permission.valueOf(name).scope()).toList();
  }

  private static String address(String path) {
    String single = ("/" + path).replaceAll("/+", "/");
    return single.length() > 1 && single.endsWith("/")
        ? single.substring(0, single.length() - 1)
        : single;
  }

  @Override
  public void filterOpenAPI(OpenAPI document) {
    Components components =
        document.getComponents() == null ? OASFactory.createComponents() : document.getComponents();
    components.addSchema(PROBLEM, problemSchema());
    components.addSecurityScheme(
        KEY,
        OASFactory.createSecurityScheme()
            .type(SecurityScheme.Type.APIKEY)
            .in(SecurityScheme.In.HEADER)
            .name("X-API-Key")
            .description("An API key of a tenant, with the scopes that it was given."));
    components.addSecurityScheme(
        TOKEN,
        OASFactory.createSecurityScheme()
            .type(SecurityScheme.Type.HTTP)
            .scheme("bearer")
            .bearerFormat("JWT")
            .description(
                "The accessToken of POST /api/v1/auth/login. An operator names the tenant to act in by the header X-Tenant: its slug or id."));
    components.getSchemas().forEach(this::require);
    components.getSchemas().values().stream()
        .filter(schema -> schema.getDiscriminator() != null)
        .forEach(schema -> tellApart(components, schema));
    document.setComponents(components);
    namePages(document, components);
    // The order of names, so that two builds of the same sources make the same document.
    components.setSchemas(new TreeMap<>(components.getSchemas()));
    if (document.getPaths() != null) {
      document
          .getPaths()
          .getPathItems()
          .forEach(
              (path, item) ->
                  item.getOperations()
                      .forEach((verb, operation) -> complete(path, verb, operation)));
    }
  }

  /// A page of users is called UserPage, not PageView3.
  private static void namePages(OpenAPI document, Components components) {
    if (components.getSchemas() == null || document.getPaths() == null) {
      return;
    }
    var names = new HashMap<String, String>();
    for (var entry : Map.copyOf(components.getSchemas()).entrySet()) {
      Schema items =
          entry.getValue().getProperties() == null
              ? null
              : entry.getValue().getProperties().get("items");
      Schema item = items == null ? null : items.getItems();
      if (entry.getKey().startsWith("Page") && item != null && item.getRef() != null) {
        String name = item.getRef().substring(SCHEMAS.length()) + "Page";
        names.put(SCHEMAS + entry.getKey(), SCHEMAS + name);
        components.removeSchema(entry.getKey());
        components.addSchema(name, entry.getValue());
      }
    }
    document.getPaths().getPathItems().values().stream()
        .flatMap(item -> item.getOperations().values().stream())
        .filter(operation -> operation.getResponses() != null)
        .flatMap(operation -> operation.getResponses().getAPIResponses().values().stream())
        .filter(response -> response.getContent() != null)
        .flatMap(response -> response.getContent().getMediaTypes().values().stream())
        .map(MediaType::getSchema)
        .filter(schema -> schema != null && names.containsKey(String.valueOf(schema.getRef())))
        .forEach(schema -> schema.setRef(names.get(schema.getRef())));
  }

  private void complete(String path, PathItem.HttpMethod verb, Operation operation) {
    Route route = routes.get(verb.name() + " " + address(path));
    if (route == null) {
      return;
    }
    if (operation.getOperationId() == null) {
      operation.setOperationId(route.operationId());
    }
    Permission permission = route.permission();
    operation.addExtension("x-permission", permission == null ? "none" : permission.scope());
    if (!route.or().isEmpty()) {
      operation.addExtension("x-permission-or", route.or());
    }
    if (permission != null) {
      operation.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme(TOKEN));
      if (!Set.of(Permission.SELF, Permission.CHAT, Permission.TENANTS_MANAGE)
          .contains(permission)) {
        operation.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme(KEY));
      }
      problem(operation, "401", "Nobody has signed in, or the credentials name different tenants.");
      problem(
          operation,
          "403",
          "The permission "
              + permission.scope()
              + route.or().stream().map(other -> " or " + other).collect(Collectors.joining())
              + " is missing, or the tenant is suspended.");
      if (path.contains("{")) {
        problem(operation, "404", "There is no such thing for this caller.");
      }
      if (verb == PathItem.HttpMethod.POST) {
        nameKey(operation);
        problem(
            operation, "409", "The Idempotency-Key is in use, or the state does not permit it.");
      }
    }
    if (verb != PathItem.HttpMethod.DELETE) {
      problem(operation, "400", "A field or parameter is not valid; see errors.");
    }
    problem(operation, "default", "Any other problem; see code.");
  }

  /// A route that reads the key itself has described it itself.
  private static void nameKey(Operation operation) {
    if (operation.getParameters() == null
        || operation.getParameters().stream()
            .noneMatch(parameter -> Idempotency.HEADER.equals(parameter.getName()))) {
      operation.addParameter(idempotencyKey());
    }
  }

  private static Parameter idempotencyKey() {
    return OASFactory.createParameter()
        .name(Idempotency.HEADER)
        .in(Parameter.In.HEADER)
        .required(false)
        .description(
            "Up to 255 characters. The same request under the same key has its effect once; its first answer comes again for 24 hours, with Idempotent-Replayed: true.")
        .schema(text("A key of your choice"))
        .example("order-4711-confirmation");
  }

  private static void problem(Operation operation, String status, String description) {
    if (operation.getResponses() == null) {
      operation.setResponses(OASFactory.createAPIResponses());
    }
    APIResponse response = operation.getResponses().getAPIResponse(status);
    if (response == null || "Bad Request".equals(response.getDescription())) {
      response = OASFactory.createAPIResponse().description(description);
      operation.getResponses().addAPIResponse(status, response);
    }
    if (response.getContent() == null) {
      response.setContent(
          OASFactory.createContent()
              .addMediaType(
                  "application/problem+json",
                  OASFactory.createMediaType()
                      .schema(OASFactory.createSchema().ref(SCHEMAS + PROBLEM))));
    }
  }

  /// What is not declared `@Nullable` is always there, in answers, and must be there, in requests.
  /// Several records may have one name, and the document then numbers them.
  private static Map<String, List<Shape>> shapes(IndexView index) {
    var shapes = new HashMap<String, List<Shape>>();
    for (ClassInfo type : index.getKnownClasses()) {
      if (type.isRecord() && type.name().toString().startsWith("dev.parley.")) {
        AnnotationInstance schema = type.declaredAnnotation(SCHEMA);
        AnnotationValue name = schema == null ? null : schema.value("name");
        shapes
            .computeIfAbsent(
                name == null ? type.simpleName() : name.asString(), _ -> new ArrayList<>())
            .add(
                new Shape(
                    type.recordComponents().stream()
                        .map(RecordComponentInfo::name)
                        .collect(Collectors.toSet()),
                    type.recordComponents().stream()
                        .filter(component -> !component.type().hasAnnotation(NULLABLE))
                        .map(RecordComponentInfo::name)
                        .toList()));
      }
    }
    return shapes;
  }

  private void require(String name, Schema schema) {
    if (schema.getProperties() != null) {
      Set<String> properties = schema.getProperties().keySet();
      shapes.getOrDefault(name, List.of()).stream()
          .min(Comparator.comparingInt(shape -> shape.distance(properties)))
          .map(Shape::required)
          .orElse(List.of())
          .stream()
          .filter(properties::contains)
          .filter(
              property -> schema.getRequired() == null || !schema.getRequired().contains(property))
          .forEach(schema::addRequired);
    }
  }

  /// Gives each alternative of a schema the property by which it is told from the others.
  private static void tellApart(Components components, Schema alternatives) {
    String property = alternatives.getDiscriminator().getPropertyName();
    alternatives
        .getDiscriminator()
        .getMapping()
        .forEach(
            (word, ref) -> {
              Schema one = components.getSchemas().get(ref.substring(SCHEMAS.length()));
              if (one != null) {
                one.addProperty(property, text("Tells which kind it is").addEnumeration(word));
                one.addRequired(property);
              }
            });
  }

  private static Schema problemSchema() {
    Schema code = text("Stable; branch on this.");
    for (Problem.Code known : Problem.Code.values()) {
      code.addEnumeration(known.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    Schema error =
        OASFactory.createSchema()
            .addType(Schema.SchemaType.OBJECT)
            .addProperty("field", text("JSON path of the field"))
            .addProperty("detail", text("What it must be"));
    return OASFactory.createSchema()
        .addType(Schema.SchemaType.OBJECT)
        .description("What went wrong (RFC 9457).")
        .addProperty("type", text("Address of the code's explanation"))
        .addProperty("title", text("The same for every occurrence of a code"))
        .addProperty(
            "status",
            OASFactory.createSchema()
                .addType(Schema.SchemaType.INTEGER)
                .description("The HTTP status"))
        .addProperty("detail", text("What to do about it"))
        .addProperty("code", code)
        .addProperty("correlationId", text("Under which the request stands in the log"))
        .addProperty(
            "errors",
            OASFactory.createSchema()
                .addType(Schema.SchemaType.ARRAY)
                .description("One for each field that is not valid")
                .items(error))
        .required(List.of("type", "title", "status", "detail", "code", "correlationId"));
  }

  private static Schema text(String description) {
    return OASFactory.createSchema().addType(Schema.SchemaType.STRING).description(description);
  }
}
