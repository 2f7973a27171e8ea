package dev.parley.platform.http;

import dev.parley.platform.access.Permission;
import dev.parley.platform.access.Requires;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
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

/// Puts into the API document, at build time, what holds for every route, so that no route repeats it: the permission
/// as the extension `x-permission` (absent where anybody may call), how to sign in, the problems, `Idempotency-Key`.
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ApiDocument implements OASFilter {
  private static final DotName PATH = DotName.createSimple("jakarta.ws.rs.Path");
  private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");
  private static final String PROBLEM = "Problem";
  private static final String KEY = "ApiKey";
  private static final String TOKEN = "AccessToken";

  private final Map<String, Permission> permissions = new HashMap<>();

  /// Reads the routes' annotations.
  public ApiDocument(IndexView index) {
    for (AnnotationInstance path : index.getAnnotations(PATH)) {
      if (path.target().kind() == AnnotationTarget.Kind.CLASS) {
        ClassInfo routes = path.target().asClass();
        routes.methods().forEach(method -> add(path.value().asString(), routes, method));
      }
    }
  }

  private void add(String root, ClassInfo routes, MethodInfo method) {
    AnnotationInstance required = method.annotation(Requires.class);
    if (required == null && !method.hasAnnotation(Requires.Nothing.class)) {
      required = routes.declaredAnnotation(Requires.class);
    }
    if (required == null) {
      return;
    }
    AnnotationInstance path = method.annotation(PATH);
    String address = address(root + "/" + (path == null ? "" : path.value().asString()));
    for (String verb : METHODS) {
      if (method.hasAnnotation(DotName.createSimple("jakarta.ws.rs." + verb))) {
        AnnotationValue value = required.value();
        permissions.put(verb + " " + address, Permission.valueOf(value.asEnum()));
      }
    }
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
            .description("The accessToken of POST /api/v1/auth/login."));
    document.setComponents(components);
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

  private void complete(String path, PathItem.HttpMethod verb, Operation operation) {
    Permission permission = permissions.get(verb.name() + " " + address(path));
    boolean ours = path.startsWith("/api/");
    if (permission != null) {
      operation.addExtension("x-permission", permission.scope());
      operation.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme(TOKEN));
      if (permission != Permission.SELF) {
        operation.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme(KEY));
      }
      problem(operation, "401", "Nobody has signed in, or the credentials name different tenants.");
      problem(
          operation,
          "403",
          "The permission " + permission.scope() + " is missing, or the tenant is suspended.");
      if (path.contains("{")) {
        problem(operation, "404", "There is no such thing for this caller.");
      }
      if (verb == PathItem.HttpMethod.POST) {
        operation.addParameter(idempotencyKey());
      }
    }
    if (ours && verb != PathItem.HttpMethod.DELETE) {
      problem(operation, "400", "A field or parameter is not valid; see errors.");
    }
    if (ours) {
      problem(operation, "default", "Any other problem; see code.");
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
    if (operation.getResponses().getAPIResponse(status) != null) {
      return;
    }
    APIResponse response =
        OASFactory.createAPIResponse()
            .description(description)
            .content(
                OASFactory.createContent()
                    .addMediaType(
                        "application/problem+json",
                        OASFactory.createMediaType()
                            .schema(
                                OASFactory.createSchema().ref("#/components/schemas/" + PROBLEM))));
    operation.getResponses().addAPIResponse(status, response);
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
